import type {SluiceError} from '../../../model/errors.js';
import {ask, type Effect} from '../effect.js';
import type {PlaceOf, RowsInSight} from '../place.js';
import type {Step} from '../screen.js';
import {askedAgain, asking, came, type RemoteData, refusedWith} from '../shared/remote-data.js';
import {type Explained, type StageView, stagesOf} from './stages.js';

export type State = {
	readonly execution: string;
	readonly row: number;
	readonly scope: string | null;
	readonly explained: RemoteData<Explained>;
	/** The stage on the screen, by name, so that it stays when another row comes. */
	readonly stage: string;
	/** Lines scrolled away above. */
	readonly top: number;
	/** The list it was opened from; null: all rows of the scope. */
	readonly within: RowsInSight | null;
};

export type Command =
	| {readonly type: 'came'; readonly row: number; readonly explained: Explained}
	| {readonly type: 'refused'; readonly row: number; readonly error: SluiceError}
	| {readonly type: 'turn'; readonly by: number}
	| {readonly type: 'row'; readonly by: number}
	| {readonly type: 'rowFound'; readonly at: number; readonly total: number; readonly row: number | null}
	| {readonly type: 'scroll'; readonly by: number}
	| {readonly type: 'refresh'};

export function start({execution, row, scope, stage, within}: PlaceOf<'row'>): Step<State, Command> {
	const state: State = {execution, row, scope: scope ?? null, explained: asking, stage: stage ?? 'intake', top: 0, within: within ?? null};
	return [state, askRow(state)];
}

export function update(state: State, command: Command): Step<State, Command> {
	switch (command.type) {
		case 'came':
			if (command.row !== state.row) return [state];
			return [{...state, scope: command.explained.scope, explained: came(command.explained)}];
		case 'refused':
			return command.row === state.row
				? [{...state, explained: refusedWith<Explained>({...state.explained, value: null}, command.error)}]
				: [state];
		case 'turn': {
			const stages = stagesShown(state);
			const at = Math.max(
				0,
				stages.findIndex(({name}) => name === stageOf(state)?.name),
			);
			const next = stages[Math.max(0, Math.min(at + command.by, stages.length - 1))];
			return [{...state, stage: next?.name ?? state.stage, top: 0}];
		}
		case 'row':
			return turnedTo(state, command.by);
		case 'rowFound': {
			const {at, total, row} = command;
			if (state.within === null) return [state];
			if (row === null)
				return [
					{...state, within: {...state.within, total}},
					{say: 'The filter leaves no row there', tone: 'muted'},
				];
			return shown({...state, row, within: {...state.within, at, total}});
		}
		case 'scroll':
			return [{...state, top: Math.max(0, Math.min(state.top + command.by, linesOfStage(state) - 1))}];
		case 'refresh':
			return [{...state, explained: askedAgain(state.explained)}, askRow(state)];
	}
}

/** The row before or after: of the list it was opened from, with its filter and order, else of the scope. */
function turnedTo(state: State, by: number): Step<State, Command> {
	const {within, row, execution} = state;
	if (within === null) return row + by < 1 ? [state, {say: 'This is the first row', tone: 'muted'}] : shown({...state, row: row + by});
	const at = within.at + by;
	if (at < 0) return [state, {say: 'This is the first row', tone: 'muted'}];
	if (at >= within.total) return [state, {say: 'This is the last row', tone: 'muted'}];
	const {table, filter, sort} = within;
	const order = sort && {sort: sort.column, descending: sort.descending};
	return [
		{...state, within: {...within, at}},
		ask('rows', [execution, table, {...filter, ...order, offset: at, limit: 1}], {
			answered: ({items: [found], total}): Command => ({type: 'rowFound', at, total, row: found === undefined ? null : Number(found.row)}),
			failed: (error): Command => ({type: 'refused', row, error}),
		}),
	];
}

function shown(state: State): Step<State, Command> {
	const next = {...state, explained: askedAgain(state.explained)};
	return [next, askRow(next)];
}

/** The stages this row went through, left to right. */
export function stagesShown({explained: {value}}: Pick<State, 'explained'>): readonly StageView[] {
	return value === null ? [] : stagesOf(value);
}

/** The stage on the screen: the one chosen, else the nearest the row reached. */
export function stageOf(state: State): StageView | null {
	const stages = stagesShown(state);
	return stages.find(({name}) => name === state.stage) ?? stages.at(-1) ?? null;
}

function linesOfStage(state: State): number {
	return Math.max(1, stageOf(state)?.lines.length ?? 1);
}

function askRow({execution, row, scope}: State): Effect<Command> {
	return ask('explain', [execution, row, scope ?? undefined], {
		answered: (explained): Command => ({type: 'came', row, explained: explained as Explained}),
		failed: (error): Command => ({type: 'refused', row, error}),
	});
}
