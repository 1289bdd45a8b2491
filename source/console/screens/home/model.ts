import type {ConnectorSummary, Gathering, NeedsYou} from '../../../api/contract.js';
import {type NeedLine, needLines} from '../../../api/need-lines.js';
import type {Execution} from '../../../model/execution.js';
import {atTop, follow, isListMove, type ListMove, type ListState, move} from '../../components/list.js';
import type {KeyCommand} from '../../keys/table.js';
import type {Live} from '../../live/live.js';
import type {Place} from '../place.js';
import type {ScreenContext, Step} from '../screen.js';

/** A line of Home. What needs someone stands first, then what runs, what comes next, and how each connector fares (SPEC 14). */
export type Line =
	| ({readonly line: 'need'} & NeedLine)
	/** `many`: it stands for so many executions of one connector that wait. */
	| {readonly line: 'running'; readonly execution: Execution; readonly many: number}
	| {readonly line: 'next'; readonly connector: ConnectorSummary; readonly at: string}
	/** Webhook requests that wait for the end of their window. */
	| {readonly line: 'gathering'; readonly connector: ConnectorSummary; readonly gathering: Gathering}
	| {readonly line: 'recent'; readonly execution: Execution}
	| {readonly line: 'health'; readonly connector: ConnectorSummary};

export type State = {readonly list: ListState; readonly lines: readonly Line[]};

export type Command =
	| {readonly type: 'moved'; readonly how: ListMove}
	| {readonly type: 'opened'}
	| {readonly type: 'heard'}
	| {readonly type: 'went'; readonly to: Place};

/** Ended runs on Home: enough to see what just happened; the Executions screen has them all. */
const recentShown = 5;

/** The lines of a picture in their order. */
export function linesOf({status, active, recent}: Live): readonly Line[] {
	if (status === null) return [];
	const scheduled = status.connectors
		.flatMap((connector) => (connector.next_run === null ? [] : [{line: 'next' as const, connector, at: connector.next_run}]))
		.sort((a, b) => (a.at < b.at ? -1 : 1));
	return [
		...needLines(status.needs_you).map((line) => ({line: 'need' as const, ...line})),
		...runningOf(active, status.connectors),
		...scheduled,
		...status.connectors.flatMap((connector) =>
			connector.gathering === null ? [] : [{line: 'gathering' as const, connector, gathering: connector.gathering}],
		),
		...recent.slice(0, recentShown).map((execution) => ({line: 'recent' as const, execution})),
		...status.connectors.map((connector) => ({line: 'health' as const, connector})),
	];
}

/** How many executions the lines of what runs stand for: those that run, and those that wait. */
export function runningCounts(lines: readonly Line[]): {readonly running: number; readonly waiting: number} {
	const shown = lines.flatMap((line) => (line.line === 'running' ? [line] : []));
	const running = shown.filter(({execution}) => execution.status === 'running').length;
	return {running, waiting: shown.reduce((sum, {many}) => sum + many, 0) - running};
}

/** What runs, a line each, then what waits, a line for each connector: a folder full of files is one line. */
function runningOf(active: readonly Execution[], connectors: readonly ConnectorSummary[]): readonly Line[] {
	const shown = active.filter((one) => one.waiting_for !== 'activation');
	const waiting = shown.filter(({status}) => status === 'queued');
	const line = (execution: Execution, many: number): Line => ({line: 'running', execution, many});
	return [
		...shown.filter(({status}) => status !== 'queued').map((execution) => line(execution, 1)),
		...[...new Set(waiting.map(({connector}) => connector))].flatMap((name) => {
			const own = waiting.filter(({connector}) => connector === name);
			const next = own.at(-1);
			// Only the newest executions are known one by one.
			const queued = connectors.find(({api_name}) => api_name === name)?.queued ?? 0;
			return next === undefined ? [] : [line(next, Math.max(own.length, queued))];
		}),
	];
}

export function start(around: ScreenContext): Step<State, Command> {
	return [{list: atTop, lines: linesOf(around.live)}];
}

export function update(state: State, command: Command, around: ScreenContext): Step<State, Command> {
	switch (command.type) {
		case 'moved':
			return [{...state, list: move(state.list, command.how, state.lines.length, around.height)}];
		case 'heard': {
			const lines = linesOf(around.live);
			// why: while nobody has moved, what needs someone most stays under the cursor, however late it came.
			const list = state.list.cursor === 0 ? state.list : follow(state.list, state.lines, lines, keyOf, around.height);
			return [{list, lines}];
		}
		case 'went':
			return [state, {go: command.to}];
		case 'opened': {
			const line = state.lines[state.list.cursor];
			return line ? [state, {go: placeOf(line)}] : [state];
		}
	}
}

export function onKey(key: KeyCommand): Command | null {
	if (isListMove(key)) return {type: 'moved', how: key};
	switch (key) {
		case 'open':
			return {type: 'opened'};
		case 'toConnectors':
			return {type: 'went', to: {screen: 'connectors'}};
		case 'toExecutions':
			return {type: 'went', to: {screen: 'executions'}};
		case 'toRecords':
			return {type: 'went', to: {screen: 'records'}};
		case 'search':
			return {type: 'went', to: {screen: 'find', text: ''}};
		default:
			return null;
	}
}

/** What stays the same while a line changes: the cursor follows it. */
export function keyOf(line: Line): string {
	switch (line.line) {
		case 'need':
			return `need ${line.need.kind} ${line.need.connector} ${line.need.execution} ${line.need.execution === null && line.need.kind !== 'problem' ? line.need.message : ''}`;
		case 'running':
			return line.execution.status === 'queued' ? `queue ${line.execution.connector}` : `running ${line.execution.id}`;
		case 'recent':
			return `recent ${line.execution.id}`;
		default:
			return `${line.line} ${line.connector.api_name}`;
	}
}

/** Where Enter leads: to what can be done about the line. */
export function placeOf(line: Line): Place {
	switch (line.line) {
		case 'need':
			return needPlace(line.need);
		case 'running':
			if (line.many > 1) return {screen: 'executions', connector: line.execution.connector, status: 'queued'};
			return {screen: 'execution', execution: line.execution.id};
		case 'recent':
			return {screen: 'execution', execution: line.execution.id};
		default:
			return {screen: 'connector', connector: line.connector.api_name};
	}
}

function needPlace({kind, connector, execution}: NeedsYou): Place {
	if (kind === 'problem') return connector === null ? {screen: 'problems'} : {screen: 'problems', connector};
	if (kind === 'review' && connector !== null) return {screen: 'review', connector};
	if (execution !== null) return {screen: 'execution', execution};
	return connector === null ? {screen: 'problems'} : {screen: 'connector', connector};
}
