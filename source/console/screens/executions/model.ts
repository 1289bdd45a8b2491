import type {List} from '../../../api/contract.js';
import type {SluiceError} from '../../../model/errors.js';
import {type Execution, type ExecutionMode, type ExecutionStatus, executionStatuses} from '../../../model/execution.js';
import {atTop, follow, type ListMove, type ListState, move, moveTo} from '../../components/list.js';
import type {Changes} from '../../live/live.js';
import {ask, type Choice, type Effect} from '../effect.js';
import {type Act, effectsOf, isAct} from '../execution-acts/act.js';
import type {PlaceOf} from '../place.js';
import type {Step, Surroundings} from '../screen.js';
import {type Asked, askedAgain, asking, came, refusedWith} from '../shared/asked.js';

export type State = {
	readonly connector: string | null;
	readonly status: ExecutionStatus | null;
	readonly mode: ExecutionMode | null;
	readonly object: string | null;
	readonly operation: Execution['operation'] | null;
	readonly find: string;
	/** What has been fetched, newest first; older ones follow as the cursor comes near the end. */
	readonly executions: Asked<readonly Execution[]>;
	/** How many there are on the daemon. */
	readonly total: number;
	readonly list: ListState;
};

export type Command =
	| Act
	| {readonly type: 'came'; readonly list: List<Execution>; readonly offset: number}
	| {readonly type: 'refused'; readonly error: SluiceError}
	| {readonly type: 'heard'; readonly changes: Changes}
	| {readonly type: 'move'; readonly how: ListMove}
	| {readonly type: 'open'}
	| {readonly type: 'find'; readonly text: string}
	| {readonly type: 'chooseStatus'}
	| {readonly type: 'status'; readonly status: ExecutionStatus | null}
	| {readonly type: 'mode' | 'operation' | 'chooseObject'}
	| {readonly type: 'object'; readonly object: string | null}
	| {readonly type: 'refresh'};

const page = 200;

export function start({connector, status}: PlaceOf<'executions'>): Step<State, Command> {
	const state: State = {
		connector: connector ?? null,
		status: executionStatuses.find((known) => known === status) ?? null,
		mode: null,
		object: null,
		operation: null,
		find: '',
		executions: asking,
		total: 0,
		list: atTop,
	};
	return [state, askPage(state, 0)];
}

export function update(state: State, command: Command, around: Surroundings): Step<State, Command> {
	if (isAct(command)) {
		const known = command.type === 'changed' ? withNews(state, new Map([[command.execution.id, command.execution]]), around) : state;
		return [known, ...effectsOf(command, around)];
	}
	switch (command.type) {
		case 'came':
			return [arrived(state, command.list, command.offset, around)];
		case 'refused':
			return [{...state, executions: refusedWith(state.executions, command.error)}];
		case 'heard':
			return command.changes.again ? again(state) : [withNews(state, command.changes.executions, around)];
		case 'move':
			return moved(state, command.how, around);
		case 'open': {
			const here = under(state);
			return here === null ? [state] : [state, {go: {screen: 'execution', execution: here.id}}];
		}
		case 'find':
			return [{...state, find: command.text, list: atTop}];
		case 'chooseStatus':
			return [state, {menu: {title: 'Show executions that are', choices: statusChoices()}}];
		case 'status':
			return again({...state, status: command.status, list: atTop});
		case 'mode':
			return again({...state, mode: state.mode === null ? 'live' : state.mode === 'live' ? 'dry' : null, list: atTop});
		case 'operation': {
			const next = {import: 'export', export: null} as const;
			return again({...state, operation: state.operation === null ? 'import' : next[state.operation], list: atTop});
		}
		case 'chooseObject':
			return [state, {menu: {title: 'Show executions that write', choices: objectChoices(state)}}];
		case 'object':
			return again({...state, object: command.object, list: atTop});
		case 'refresh':
			return again(state);
	}
}

/** The executions on the screen: those fetched that hold the text looked for. */
export function rowsShown({executions, find}: Pick<State, 'executions' | 'find'>): readonly Execution[] {
	const all = executions.value ?? [];
	if (find === '') return all;
	const wanted = find.toLowerCase();
	return all.filter(({id, connector, status, mode, input_file: file, started_by: by, error}) =>
		[id, connector, status, mode, file ?? '', by, error?.message ?? ''].some((text) => text.toLowerCase().includes(wanted)),
	);
}

export function under(state: Pick<State, 'executions' | 'find' | 'list'>): Execution | null {
	return rowsShown(state)[state.list.cursor] ?? null;
}

/** Lines of the body that are rows: one is the table's header, the last says how many. */
export function visibleRows({height}: Pick<Surroundings, 'height'>): number {
	return Math.max(1, height - 2);
}

function askPage({connector, status, mode, object, operation}: State, offset: number): Effect<Command> {
	const filter = {
		connector: connector ?? undefined,
		status: status ?? undefined,
		mode: mode ?? undefined,
		object: object ?? undefined,
		operation: operation ?? undefined,
		offset,
		limit: page,
	};
	return ask('executions', [filter], {
		answered: (list): Command => ({type: 'came', list, offset}),
		failed: (error): Command => ({type: 'refused', error}),
	});
}

function again(state: State): Step<State, Command> {
	return [{...state, executions: askedAgain(state.executions)}, askPage(state, 0)];
}

function arrived(state: State, {items, total}: List<Execution>, offset: number, around: Surroundings): State {
	const before = offset === 0 ? [] : (state.executions.value ?? []).slice(0, offset);
	const known = new Set(before.map(({id}) => id));
	const all = [...before, ...items.filter(({id}) => !known.has(id))];
	const next = {...state, executions: came(all), total};
	return {...next, list: follow(state.list, rowsShown(state), rowsShown(next), ({id}) => id, visibleRows(around))};
}

function moved(state: State, how: ListMove, around: Surroundings): Step<State, Command> {
	const rows = visibleRows(around);
	const shown = rowsShown(state).length;
	const next = {...state, list: move(state.list, how, shown, rows)};
	const fetched = state.executions.value?.length ?? 0;
	const wantsMore = next.list.cursor + rows >= shown && fetched < state.total && !state.executions.asking;
	return wantsMore ? [{...next, executions: askedAgain(state.executions)}, askPage(next, fetched)] : [next];
}

/** Each execution in its newest state; new ones stand first. The cursor stays on what it was on. */
function withNews(state: State, news: ReadonlyMap<string, Execution>, around: Surroundings): State {
	const held = state.executions.value;
	if (held === null || news.size === 0) return state;
	const ids = new Set(held.map(({id}) => id));
	const fresh = [...news.values()].filter((one) => !ids.has(one.id) && belongs(state, one)).sort((a, b) => b.id.localeCompare(a.id));
	const all = [...fresh, ...held.map((one) => news.get(one.id) ?? one)];
	const next = {...state, executions: {...state.executions, value: all}, total: state.total + fresh.length};
	const list = state.list.cursor === 0 && state.list.top === 0 && fresh.length > 0 ? moveTo(state.list, 0, all.length, 1) : null;
	return {...next, list: list ?? follow(state.list, rowsShown(state), rowsShown(next), ({id}) => id, visibleRows(around))};
}

function belongs({connector, status, mode, object, operation}: State, one: Execution): boolean {
	return (
		(connector === null || one.connector === connector) &&
		(status === null || one.status === status) &&
		(mode === null || one.mode === mode) &&
		(object === null || one.objects.includes(object)) &&
		(operation === null || one.operation === operation)
	);
}

function statusChoices(): readonly Choice<Command>[] {
	return [
		{label: 'all', command: {type: 'status', status: null}},
		...executionStatuses.map((status) => ({label: status, command: {type: 'status', status} as const})),
	];
}

/** Objects to filter by: all that the executions fetched so far write. */
function objectChoices({executions, object}: State): readonly Choice<Command>[] {
	const known = new Set([...(object === null ? [] : [object]), ...(executions.value ?? []).flatMap(({objects}) => objects)]);
	return [
		{label: 'any object', command: {type: 'object', object: null}},
		...[...known].sort().map((name) => ({label: name, command: {type: 'object', object: name} as const})),
	];
}
