import type {FoundRow} from '../../../api/contract.js';
import type {Execution} from '../../../model/execution.js';
import {ask, type Effect} from '../effect.js';
import type {PlaceOf} from '../place.js';
import type {Step, Surroundings} from '../screen.js';
import {noRows, type Rows, type RowsCommand, type RowsOf, shownRows, updateRows} from '../shared/rows.js';

export type State = {readonly text: string; readonly rows: Rows<FoundRow>};

export type Command =
	| RowsCommand<FoundRow>
	| {readonly type: 'open' | 'refresh' | 'search'}
	| {readonly type: 'searched'; readonly text: string}
	| {readonly type: 'executionCame'; readonly execution: Execution; readonly row: FoundRow};

/** Rows fetched: the newest; `sluice find` has more. */
const most = 500;

export const foundRows: RowsOf<FoundRow> = {
	keyOf: ({execution, table, row, matched}) => `${execution} ${table} ${row} ${matched}`,
	textOf: ({execution, connector, at, table, outcome, reason, matched}) =>
		`${execution} ${connector} ${at} ${table} ${outcome ?? ''} ${reason ?? ''} ${matched}`,
};

/** The rows of past executions that hold a value: what support starts from (SPEC 13, `find`). Without a text it asks for one. */
export function start({text}: PlaceOf<'find'>): Step<State, Command> {
	const state: State = {text, rows: noRows};
	return text === '' ? [state, askText('')] : [state, askRows(text)];
}

export function update(state: State, command: Command, around: Surroundings): Step<State, Command> {
	switch (command.type) {
		case 'search':
			return [state, askText(state.text)];
		case 'searched': {
			const text = command.text.trim();
			return text === '' ? [state] : [{text, rows: noRows}, askRows(text)];
		}
		case 'refresh':
			return state.text === '' ? [state] : [state, askRows(state.text)];
		case 'open':
			return opened(state);
		case 'executionCame':
			return [state, goTo(command.row, scopeOf(command.row, command.execution))];
		default:
			return [{...state, rows: updateRows(state.rows, command, foundRows, around)}];
	}
}

export function under({rows}: State): FoundRow | undefined {
	return shownRows(rows, foundRows)[rows.list.cursor];
}

function askText(text: string): Effect<Command> {
	return {prompt: {label: 'Find the rows that hold:', text, entered: (entered): Command => ({type: 'searched', text: entered})}};
}

function askRows(text: string): Effect<Command> {
	return ask('find', [{text, limit: most}], {
		answered: ({items}): Command => ({type: 'came', items}),
		failed: (error): Command => ({type: 'refused', error}),
	});
}

/** Enter explains the row. Rows of a load step are counted within their scope, and only the execution knows which that is. */
function opened(state: State): Step<State, Command> {
	const row = under(state);
	if (row === undefined) return [state];
	if (!row.table.startsWith('load:')) return [state, goTo(row, row.table.slice(row.table.indexOf(':') + 1))];
	return [state, ask('execution', [row.execution], {answered: (execution): Command => ({type: 'executionCame', execution, row})})];
}

function scopeOf({table}: FoundRow, {stages}: Execution): string | null {
	return stages.find(({stage}) => stage === table)?.scope ?? null;
}

function goTo({execution, row, table}: FoundRow, scope: string | null): Effect<Command> {
	return {go: {screen: 'row', execution, row, ...(scope !== null && {scope}), ...(table.startsWith('load:') && {stage: table})}};
}
