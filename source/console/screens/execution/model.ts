import type {ConnectorDetail, FailureCheck, List, LogLine} from '../../../api/contract.js';
import type {SluiceError} from '../../../model/errors.js';
import type {Execution} from '../../../model/execution.js';
import {clockText} from '../../../model/moment.js';
import {atTop, type ListMove, type ListState, move} from '../../components/list.js';
import type {Changes} from '../../live/live.js';
import {timezoneOf} from '../../live/live.js';
import {ask, type Effect} from '../effect.js';
import {type Act, effectsOf, isAct} from '../execution-acts/act.js';
import {choiceOf} from '../execution-acts/menu.js';
import type {ExecutionAct, PlaceOf} from '../place.js';
import {inWorkspace} from '../problems/model.js';
import type {ScreenContext, Step} from '../screen.js';
import {askedAgain, asking, came, type RemoteData, refusedWith} from '../shared/remote-data.js';
import {failureText, hasLeftRows, leftRowsText, placeOf} from './failure.js';
import {layOutBody} from './layout.js';
import {effectsOfStage} from './stage-table.js';

export type State = {
	/** As it was asked for: an id, a prefix or `last`; the whole id once the daemon answered. */
	readonly id: string;
	readonly execution: RemoteData<Execution>;
	readonly log: RemoteData<readonly LogLine[]>;
	readonly panel: 'stages' | 'log';
	readonly stages: ListState;
	/** The first line of the log on the screen, while it is not followed. */
	readonly logTop: number;
	readonly following: boolean;
	readonly find: string;
	/** What the daemon looked at after a failure, in its order; empty until it answered, and for a run that did not fail. */
	readonly checks: readonly FailureCheck[];
	/** What is asked about once the execution is known; null from then on. */
	readonly act: ExecutionAct | null;
};

export type Command =
	| Act
	| {readonly type: 'came'; readonly execution: Execution}
	| {readonly type: 'refused'; readonly error: SluiceError}
	| {readonly type: 'logCame'; readonly list: List<LogLine>}
	| {readonly type: 'logRefused'; readonly error: SluiceError}
	| {readonly type: 'heard'; readonly changes: Changes}
	| {readonly type: 'move'; readonly how: ListMove}
	| {readonly type: 'panel'}
	| {readonly type: 'follow'}
	| {readonly type: 'find'; readonly text: string}
	| {readonly type: 'open'}
	| {readonly type: 'checksCame'; readonly checks: readonly FailureCheck[]; readonly explain?: true}
	| {readonly type: 'explain'}
	| {readonly type: 'edit'}
	| {readonly type: 'filesKnown'; readonly connector: ConnectorDetail}
	| {readonly type: 'tables'}
	| {readonly type: 'refresh'};

/** Lines of a log the console holds: the newest ones. The whole is one `sluice logs` away. */
const mostLines = 2000;

export function start({execution: id, act, panel}: PlaceOf<'execution'>): Step<State, Command> {
	const state: State = {
		id,
		execution: asking,
		log: asking,
		panel: panel ?? 'stages',
		stages: atTop,
		logTop: 0,
		following: true,
		find: '',
		checks: [],
		act: act ?? null,
	};
	return [state, askExecution(id), askLog(id, 0)];
}

export function update(state: State, command: Command, around: ScreenContext): Step<State, Command> {
	if (isAct(command)) {
		const known =
			command.type === 'changed' && command.execution.id === idOf(state) ? {...state, execution: came(command.execution)} : state;
		return [known, ...effectsOf(command, around)];
	}
	switch (command.type) {
		case 'came':
			return acting(withChecks(state, {...state, id: command.execution.id, execution: came(command.execution)}), around);
		case 'checksCame': {
			const next = {...state, checks: command.checks};
			return command.explain ? [next, ...explained(next)] : [next];
		}
		case 'explain':
			return [state, ...explaining(state)];
		case 'edit':
			return [state, ...editing(state, around)];
		case 'filesKnown': {
			const {configuration, file} = command.connector;
			const inSql = state.execution.value?.stages.some(({stage, state: how}) => stage === 'sql' && how === 'failed') ?? false;
			const sql = configuration?.sql?.file;
			return [state, {edit: {file: inSql && sql !== undefined ? inWorkspace(sql, around) : file}}];
		}
		case 'refused':
			return [{...state, execution: refusedWith(state.execution, command.error)}];
		case 'logCame':
			return logCame(state, command.list);
		case 'logRefused':
			return [{...state, log: refusedWith(state.log, command.error)}];
		case 'heard':
			return heard(state, command.changes);
		case 'move':
			return [moved(state, command.how, around)];
		case 'panel':
			return [{...state, panel: state.panel === 'stages' ? 'log' : 'stages'}];
		case 'follow':
			return [{...state, following: !state.following, logTop: lastTop(state, around)}];
		case 'find':
			return [{...state, find: command.text, logTop: 0}];
		case 'open':
			return opened(state, around);
		case 'tables':
			return [state, {go: {screen: 'tables', execution: idOf(state)}}];
		case 'refresh':
			return [{...state, execution: askedAgain(state.execution), log: askedAgain(state.log)}, askExecution(state.id), askLog(state.id, 0)];
	}
}

export function idOf({execution, id}: State): string {
	return execution.value?.id ?? id;
}

/** The lines of the log that hold the text looked for, in any case. */
export function linesShown({log, find}: Pick<State, 'log' | 'find'>): readonly LogLine[] {
	const lines = log.value ?? [];
	if (find === '') return lines;
	const wanted = find.toLowerCase();
	return lines.filter(({message, stage, level}) => `${level} ${stage ?? ''} ${message}`.toLowerCase().includes(wanted));
}

/** A run that is first seen to have failed is looked into by the daemon: where the first error is, whether the file changed, ... */
function withChecks(before: State, after: State): Step<State, Command> {
	const failed = after.execution.value?.status === 'failed';
	if (!failed || (before.execution.value?.status === 'failed' && before.checks.length > 0)) return [after];
	return [after, askChecks(after, {})];
}

/** What the execution was opened for, now that it is known; where it cannot be done the reason is said. */
function acting([state, ...effects]: Step<State, Command>, around: ScreenContext): Step<State, Command> {
	const {act, execution} = state;
	if (act === null || execution.value === null) return [state, ...effects];
	const choice = choiceOf(execution.value, act);
	const next = {...state, act: null};
	if (choice === undefined) return [next, ...effects];
	if (choice.refused !== undefined) return [next, ...effects, {say: `Not now: ${choice.refused}`, tone: 'warning'}];
	return [next, ...effects, ...effectsOf(choice.command, around)];
}

function askChecks(state: State, then: {readonly explain?: true}): Effect<Command> {
	return ask('failureChecklist', [idOf(state)], {
		answered: ({items}): Command => ({type: 'checksCame', checks: items, ...then}),
		// why none: what went wrong is said without them; they are help on top.
		failed: (): Command => ({type: 'checksCame', checks: [], ...then}),
	});
}

/** What went wrong at length; what the daemon looks at is waited for. */
function explaining(state: State): readonly Effect<Command>[] {
	const execution = state.execution.value;
	const asks = execution !== null && (execution.status === 'failed' || hasLeftRows(execution));
	if (!asks || state.checks.length > 0) return explained(state);
	return [{progress: 'Asking the daemon what to look at …'}, askChecks(state, {explain: true})];
}

function explained({execution: {value}, checks}: State): readonly Effect<Command>[] {
	if (value === null) return [];
	if (value.error !== null) return [{show: {title: 'What went wrong', text: failureText(value, checks)}}];
	return [{show: {title: 'Rows that were not taken over', text: leftRowsText(value, checks)}}];
}

/** The file at the line the error names; where it names none, the connector's own, or its script where the SQL failed. */
function editing({execution: {value}}: State, around: ScreenContext): readonly Effect<Command>[] {
	if (value === null) return [];
	const place = placeOf(value);
	if (place !== null) return [{edit: {file: inWorkspace(place.file, around), line: place.line}}];
	return [ask('connector', [value.connector], {answered: (connector): Command => ({type: 'filesKnown', connector})})];
}

/** Enter on a stage: its table, or why it has none. In the log: the lines in sight at full length. */
function opened(state: State, around: ScreenContext): Step<State, Command> {
	if (state.panel === 'log') {
		const top = state.following ? lastTop(state, around) : state.logTop;
		const lines = linesShown(state).slice(top, top + Math.max(1, layOutBody(state, around).log - 1));
		const timezone = timezoneOf(around.live);
		const text = lines.map(
			({at, level, stage, message}) => `${clockText(at, timezone).slice(11)}  ${level}${stage === null ? '' : ` ${stage}`}: ${message}`,
		);
		return lines.length === 0 ? [state] : [state, {show: {title: `Log lines in sight (${timezone})`, text: text.join('\n')}}];
	}
	const execution = state.execution.value;
	const stage = execution?.stages[state.stages.cursor];
	return execution && stage ? [state, ...effectsOfStage(execution, stage)] : [state];
}

function askExecution(id: string): Effect<Command> {
	return ask('execution', [id], {
		answered: (execution): Command => ({type: 'came', execution}),
		failed: (error): Command => ({type: 'refused', error}),
	});
}

function askLog(id: string, offset: number): Effect<Command> {
	return ask('log', [id, {offset, limit: mostLines}], {
		answered: (list): Command => ({type: 'logCame', list}),
		failed: (error): Command => ({type: 'logRefused', error}),
	});
}

/** A long log is asked for once more, from where its newest lines begin. */
function logCame(state: State, {items, total, next}: List<LogLine>): Step<State, Command> {
	if (next !== null && next < total) return [state, askLog(state.id, Math.max(next, total - mostLines))];
	const last = items.at(-1)?.at ?? '';
	const heardSince = (state.log.value ?? []).filter(({at}) => at > last);
	return [{...state, log: came([...items, ...heardSince].slice(-mostLines))}];
}

function heard(state: State, {executions, logs, again}: Changes): Step<State, Command> {
	const id = idOf(state);
	const execution = executions.get(id);
	const lines = logs.get(id);
	const next: State = {
		...state,
		...(execution && {execution: came(execution)}),
		...(lines && {log: {...state.log, value: [...(state.log.value ?? []), ...lines].slice(-mostLines)}}),
	};
	return again ? [next, askExecution(state.id), askLog(state.id, 0)] : withChecks(state, next);
}

function moved(state: State, how: ListMove, around: ScreenContext): State {
	const rows = layOutBody(state, around);
	if (state.panel === 'stages') {
		const total = state.execution.value?.stages.length ?? 0;
		return {...state, stages: move(state.stages, how, total, Math.max(1, rows.stages - 1))};
	}
	const last = lastTop(state, around);
	const from = state.following ? last : Math.min(state.logTop, last);
	const page = Math.max(1, rows.log - 1);
	const top = {up: from - 1, down: from + 1, pageUp: from - page, pageDown: from + page, top: 0, bottom: last}[how];
	return {...state, following: false, logTop: Math.max(0, Math.min(top, last))};
}

/** The first line on the screen when the end of the log is at its bottom. */
export function lastTop(state: State, around: Pick<ScreenContext, 'width' | 'height'>): number {
	return Math.max(0, linesShown(state).length - Math.max(1, layOutBody(state, around).log - 1));
}
