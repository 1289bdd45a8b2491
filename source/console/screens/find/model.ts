import type {Found, FoundRow} from '../../../api/contract.js';
import type {Execution} from '../../../model/execution.js';
import {count} from '../../text/age.js';
import {ask, type Effect} from '../effect.js';
import type {PlaceOf} from '../place.js';
import type {ScreenContext, Step} from '../screen.js';
import {noRows, type Rows, type RowsCommand, type RowsOf, shownRows, updateRows} from '../shared/rows.js';
import {countOf} from '../shared/words.js';

/** `found`: the last answer, whose counts are of all rows; `rows` has those that have come so far. */
export type State = {readonly text: string; readonly rows: Rows<FoundRow>; readonly found: Omit<Found, 'items'> | null};

export type Command =
	| Exclude<RowsCommand<FoundRow>, {readonly type: 'came'}>
	| {readonly type: 'pageCame'; readonly text: string; readonly before: readonly FoundRow[]; readonly found: Found}
	| {readonly type: 'open' | 'refresh' | 'search'}
	| {readonly type: 'searched'; readonly text: string}
	| {readonly type: 'executionCame'; readonly execution: Execution; readonly row: FoundRow};

/** The title above the rows, and the two lines below. */
const linesAround = 3;

/** Rows asked for at once, and the most that the list holds: the newest. The counts are of all. */
const [pageRows, mostRows] = [1_000, 10_000];

export const foundRows: RowsOf<FoundRow> = {
	keyOf: ({execution, table, row, matched}) => `${execution} ${table} ${row} ${matched}`,
	textOf: ({execution, connector, mode, at, table, outcome, reason, matched}) =>
		`${mode} ${execution} ${connector} ${at} ${table} ${outcome ?? ''} ${reason ?? ''} ${matched}`,
};

/** The rows of past executions that hold a value: what support starts from (SPEC 13, `find`). Without a text it asks for one. */
export function start({text}: PlaceOf<'find'>): Step<State, Command> {
	const state: State = {text, rows: noRows, found: null};
	return text === '' ? [state, askText('')] : [state, askRows(text)];
}

export function update(state: State, command: Command, around: ScreenContext): Step<State, Command> {
	switch (command.type) {
		case 'search':
			return [state, askText(state.text)];
		case 'searched': {
			const text = command.text.trim();
			return text === '' ? [state] : [{text, rows: noRows, found: null}, askRows(text)];
		}
		case 'refresh':
			return state.text === '' ? [state] : [state, askRows(state.text)];
		case 'pageCame':
			return pageCame(state, command, around);
		case 'open':
			return opened(state);
		case 'executionCame':
			return [state, goTo(command.row, scopeOf(command.row, command.execution))];
		default:
			return [{...state, rows: updateRows(state.rows, command, foundRows, around, linesAround)}];
	}
}

export function under({rows}: State): FoundRow | undefined {
	return shownRows(rows, foundRows)[rows.list.cursor];
}

function askText(text: string): Effect<Command> {
	return {prompt: {label: 'Find the rows that hold:', text, entered: (entered): Command => ({type: 'searched', text: entered})}};
}

function askRows(text: string, before: readonly FoundRow[] = []): Effect<Command> {
	return ask('find', [{text, offset: before.length, limit: pageRows}], {
		answered: (found): Command => ({type: 'pageCame', text, before, found}),
		failed: (error): Command => ({type: 'refused', error}),
	});
}

/** The rows so far; the next page is asked for until the list is full. An answer to an older question changes nothing. */
function pageCame(state: State, {text, before, found}: Extract<Command, {type: 'pageCame'}>, around: ScreenContext): Step<State, Command> {
	if (text !== state.text) return [state];
	const items = [...before, ...found.items];
	const next = {...state, found, rows: updateRows(state.rows, {type: 'came', items}, foundRows, around, linesAround)};
	return found.next === null || items.length >= mostRows ? [next] : [next, askRows(text, items)];
}

/** How many rows there are, in how many executions, and what of it the list does not show. */
export function countsText({rows, found}: State): string {
	if (found === null) return '';
	const loaded = rows.asked.value?.length ?? 0;
	const unread = found.unread.length;
	return [
		`${countOf(found.total, 'row')} in ${countOf(found.runs.length, 'execution')}`,
		...(loaded < found.total ? [`the newest ${count(loaded)} are listed; sluice find --offset ${loaded} shows more`] : []),
		...(unread > 0 ? [`${countOf(unread, 'execution')} not searched: ${found.unread[0]?.reason ?? ''}`] : []),
	].join('; ');
}

/** How many rows the execution of a found row has in all. */
export function rowsOfRun({found}: State, row: FoundRow): number {
	return found?.runs.find(({execution}) => execution === row.execution)?.rows ?? 1;
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
