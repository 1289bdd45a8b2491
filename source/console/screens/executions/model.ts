import type {List} from '../../../api/contract.js';
import type {SluiceError} from '../../../model/errors.js';
import {type Execution, type ExecutionMode, type ExecutionStatus, executionStatuses} from '../../../model/execution.js';
import type {ListMove} from '../../components/list.js';
import type {Changes} from '../../live/live.js';
import {ask, type Choice} from '../effect.js';
import {type Act, effectsOf, isAct} from '../execution-acts/act.js';
import type {PlaceOf} from '../place.js';
import type {ScreenContext, Step} from '../screen.js';
import {
	again,
	arrived,
	type ListPages,
	missingPages,
	moved,
	noPages,
	pageRows,
	rowAt,
	startedAfresh,
	waitingFor,
	withRowsBefore,
} from '../shared/list-pages.js';

export type State = {
	readonly connector: string | null;
	readonly status: ExecutionStatus | null;
	readonly mode: ExecutionMode | null;
	readonly object: string | null;
	readonly operation: Execution['operation'] | null;
	readonly find: string;
	/** Newest first. */
	readonly executions: ListPages<Execution>;
	/** The greatest id heard of: what has a greater one is new. */
	readonly newest: string;
};

export type Command =
	| Act
	| {readonly type: 'came'; readonly page: number; readonly question: number; readonly list: List<Execution>}
	| {readonly type: 'refused'; readonly question: number; readonly error: SluiceError}
	| {readonly type: 'heard'; readonly changes: Changes}
	| {readonly type: 'move'; readonly how: ListMove}
	| {readonly type: 'open'}
	| {readonly type: 'find'; readonly text: string}
	| {readonly type: 'chooseStatus'}
	| {readonly type: 'status'; readonly status: ExecutionStatus | null}
	| {readonly type: 'mode' | 'operation' | 'chooseObject'}
	| {readonly type: 'object'; readonly object: string | null}
	| {readonly type: 'refresh'};

export function start({connector, status}: PlaceOf<'executions'>, around: ScreenContext): Step<State, Command> {
	const state: State = {
		connector: connector ?? null,
		status: executionStatuses.find((known) => known === status) ?? null,
		mode: null,
		object: null,
		operation: null,
		find: '',
		executions: noPages,
		newest: '',
	};
	return fetched(state, around);
}

export function update(state: State, command: Command, around: ScreenContext): Step<State, Command> {
	if (isAct(command)) {
		if (command.type !== 'changed') return [state, ...effectsOf(command, around)];
		const [known, ...asks] = withNews(state, new Map([[command.execution.id, command.execution]]), around);
		return [known, ...asks, ...effectsOf(command, around)];
	}
	switch (command.type) {
		case 'came': {
			const {page, question, list} = command;
			const executions = arrived<Execution, ListPages<Execution>>(state.executions, {page, question, rows: list.items, total: list.total});
			const newest = [...list.items.map(({id}) => id), state.newest].sort().at(-1) ?? '';
			return fetched({...state, executions, newest}, around);
		}
		case 'refused':
			return [command.question === state.executions.question ? {...state, executions: {...state.executions, error: command.error}} : state];
		case 'heard':
			return command.changes.again ? readAgain(state, around) : withNews(state, command.changes.executions, around);
		case 'move':
			return fetched({...state, executions: moved(state.executions, command.how, visibleRows(around))}, around);
		case 'open': {
			const here = under(state);
			return here === null ? [state] : [state, {go: {screen: 'execution', execution: here.id}}];
		}
		case 'find':
			return afresh({...state, find: command.text}, around);
		case 'chooseStatus':
			return [state, {menu: {title: 'Show executions that are', choices: statusChoices()}}];
		case 'status':
			return afresh({...state, status: command.status}, around);
		case 'mode':
			return afresh({...state, mode: state.mode === null ? 'live' : state.mode === 'live' ? 'dry' : null}, around);
		case 'operation': {
			const next = {import: 'export', export: null} as const;
			return afresh({...state, operation: state.operation === null ? 'import' : next[state.operation]}, around);
		}
		case 'chooseObject':
			return [state, {menu: {title: 'Show executions that write', choices: objectChoices(state, around)}}];
		case 'object':
			return afresh({...state, object: command.object}, around);
		case 'refresh':
			return readAgain(state, around);
	}
}

export function under({executions}: Pick<State, 'executions'>): Execution | null {
	return rowAt(executions, executions.list.cursor) ?? null;
}

/** Lines of the body that are rows: one is the table's header, the last says how many. */
export function visibleRows({height}: Pick<ScreenContext, 'height'>): number {
	return Math.max(1, height - 2);
}

/** Asks for the pages in sight that are neither here nor on their way. */
function fetched(state: State, around: ScreenContext): Step<State, Command> {
	const {executions, connector, status, mode, object, operation, find} = state;
	if (executions.error !== null) return [state];
	const missing = missingPages(executions, visibleRows(around));
	const {question} = executions;
	const asks = missing.map((page) =>
		ask(
			'executions',
			[
				{
					connector: connector ?? undefined,
					status: status ?? undefined,
					mode: mode ?? undefined,
					object: object ?? undefined,
					operation: operation ?? undefined,
					find: find === '' ? undefined : find,
					offset: page * pageRows,
					limit: pageRows,
				},
			],
			{
				slot: `executions ${page}`,
				answered: (list): Command => ({type: 'came', page, question, list}),
				failed: (error): Command => ({type: 'refused', question, error}),
			},
		),
	);
	return [{...state, executions: waitingFor(executions, missing)}, ...asks];
}

function afresh(state: State, around: ScreenContext): Step<State, Command> {
	return fetched({...state, executions: startedAfresh(state.executions)}, around);
}

function readAgain(state: State, around: ScreenContext): Step<State, Command> {
	return fetched({...state, executions: again(state.executions)}, around);
}

/** Each execution in its newest state; new ones stand first. The cursor stays on what it was on. */
function withNews(state: State, news: ReadonlyMap<string, Execution>, around: ScreenContext): Step<State, Command> {
	const {executions, find} = state;
	const held = [...executions.pages.values()].flat();
	const known = new Set(held.map(({id}) => id));
	const fresh = [...news.values()]
		.filter((one) => !known.has(one.id) && one.id > state.newest && belongs(state, one))
		.sort((a, b) => b.id.localeCompare(a.id));
	const pages = new Map([...executions.pages].map(([page, rows]) => [page, rows.map((one) => news.get(one.id) ?? one)]));
	const newest = [...news.keys(), state.newest].sort().at(-1) ?? '';
	const next = {...state, newest, executions: {...executions, pages}};
	// Which executions hold a text is for the daemon to say.
	if (fresh.length === 0 || executions.total === null) return [next];
	if (find !== '') return readAgain(next, around);
	return fetched({...next, executions: withRowsBefore(next.executions, fresh)}, around);
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

/** Objects to filter by: all that the workspace has, and that the executions in sight write. */
function objectChoices({executions, object}: State, {live}: ScreenContext): readonly Choice<Command>[] {
	const seen = [...executions.pages.values()].flat().flatMap(({objects}) => objects);
	const known = new Set([...(object === null ? [] : [object]), ...(live.objects ?? []), ...seen]);
	return [
		{label: 'any object', command: {type: 'object', object: null}},
		...[...known].sort().map((name) => ({label: name, command: {type: 'object', object: name} as const})),
	];
}
