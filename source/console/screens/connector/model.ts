import type {ConnectorDetail, ConnectorSummary, HistoryEntry, QueueItem} from '../../../api/contract.js';
import type {SluiceError} from '../../../model/errors.js';
import type {Execution} from '../../../model/execution.js';
import {atTop, type ListMove, type ListState, move, moveTo} from '../../components/list.js';
import type {Changes} from '../../live/live.js';
import {count} from '../../text/age.js';
import {ask, type Effect} from '../effect.js';
import {type ConnectorAct, type ConnectorTab, connectorTabs, type PlaceOf} from '../place.js';
import {inWorkspace} from '../problems/model.js';
import type {ScreenContext, Step} from '../screen.js';
import {asking, came, type RemoteData, refusedWith} from '../shared/remote-data.js';
import {connectorStanding} from '../shared/standing.js';
import {deactivateDialog, toggleWord} from './deactivate.js';
import {type InferCommand, inferring} from './infer.js';
import {pageOf} from './pages.js';
import {type TestWebhookCommand, testingWebhook} from './test-webhook.js';

export type State = {
	readonly connector: string;
	readonly tab: ConnectorTab;
	readonly detail: RemoteData<ConnectorDetail>;
	readonly executions: RemoteData<readonly Execution[]>;
	readonly queue: RemoteData<readonly QueueItem[]>;
	readonly history: RemoteData<readonly HistoryEntry[]>;
	/** Cursor of the list tabs, first line of the text tabs. */
	readonly lists: Readonly<Partial<Record<ConnectorTab, ListState>>>;
	/** How many executions and entries of the history there are; the tabs hold the newest. */
	readonly totals: {readonly executions?: number | undefined; readonly history?: number | undefined};
	/** What is asked about once the connector is known; null from then on. */
	readonly act: ConnectorAct | null;
};

export type Command =
	| InferCommand
	| TestWebhookCommand
	| {readonly type: 'detailCame'; readonly detail: ConnectorDetail}
	| {readonly type: 'executionsCame'; readonly items: readonly Execution[]; readonly total?: number}
	| {readonly type: 'queueCame'; readonly items: readonly QueueItem[]}
	| {readonly type: 'historyCame'; readonly items: readonly HistoryEntry[]; readonly total?: number}
	| {readonly type: 'refused'; readonly what: 'detail' | 'executions' | 'queue' | 'history'; readonly error: SluiceError}
	| {readonly type: 'heard'; readonly changes: Changes}
	| {readonly type: 'tab'; readonly by: number}
	| {readonly type: 'move'; readonly how: ListMove}
	| {readonly type: 'run'; readonly mode: 'live' | 'dry'}
	| {readonly type: 'deactivate'}
	| {readonly type: 'deactivated'; readonly connector: ConnectorSummary}
	| {readonly type: 'open' | 'review' | 'toggle' | 'edit' | 'refresh'};

export function start({connector, tab, act}: PlaceOf<'connector'>): Step<State, Command> {
	const state: State = {
		connector,
		tab: tab ?? 'overview',
		detail: asking,
		executions: asking,
		queue: asking,
		history: asking,
		lists: {},
		totals: {},
		act: act ?? null,
	};
	return [state, ...asksOf(state)];
}

export function update(state: State, command: Command, around: ScreenContext): Step<State, Command> {
	const {connector} = state;
	switch (command.type) {
		case 'detailCame':
			return acting({...state, detail: came(command.detail)}, around);
		case 'executionsCame':
			return [{...state, executions: came(command.items), totals: {...state.totals, executions: command.total}}];
		case 'queueCame':
			return [{...state, queue: came(command.items)}];
		case 'historyCame':
			return [{...state, history: came(command.items), totals: {...state.totals, history: command.total}}];
		case 'refused':
			return [refusing(state, command.what, command.error)];
		case 'heard':
		case 'refresh':
			return [state, ...asksOf(state)];
		case 'tab': {
			const at = connectorTabs.indexOf(state.tab) + command.by;
			const next = {...state, tab: connectorTabs[(at + connectorTabs.length) % connectorTabs.length] ?? 'overview'};
			return [next, ...asksOf(next)];
		}
		case 'move':
			return [moved(state, command.how, around)];
		case 'open':
			return opened(state);
		case 'run':
			return [state, {go: {screen: 'run', connector, mode: command.mode}}];
		case 'review':
			return [state, {go: {screen: 'review', connector}}];
		case 'toggle': {
			const detail = state.detail.value;
			if (detail === null) return [state];
			const active = detail.status === 'operational' || detail.status === 'needs_attention';
			return active
				? [state, {confirm: deactivateDialog(detail, {type: 'deactivate'}, around)}]
				: [state, {go: {screen: 'review', connector}}];
		}
		case 'deactivate':
			return [
				state,
				{progress: `Asking the daemon to deactivate ${connector} …`},
				ask('deactivate', [connector], {answered: (summary): Command => ({type: 'deactivated', connector: summary})}),
			];
		case 'deactivated':
			return [state, connectorStanding(command.connector), ...asksOf(state)];
		case 'edit':
			return edited(state, around);
		case 'askTest':
		case 'sendTest':
		case 'tested':
			return [state, ...testingWebhook(connector, command, around)];
		case 'proposalsWritten':
			return [state, ...inferring(connector, state.detail.value, command), ...asksOf(state)];
		default:
			return [state, ...inferring(connector, state.detail.value, command)];
	}
}

/** What the connector was opened for, now that it is known. */
function acting(state: State, around: ScreenContext): Step<State, Command> {
	const detail = state.detail.value;
	if (state.act === null || detail === null) return [state];
	const next = {...state, act: null};
	if (state.act === 'infer') return update(next, {type: 'infer'}, around);
	if (state.act === 'testWebhook') {
		return detail.type === 'webhook' ? update(next, {type: 'askTest'}, around) : [next, {say: noWebhook(state.connector), tone: 'warning'}];
	}
	if (toggleWord(detail) === 'activate') return [next, {say: `${state.connector} is not active`, tone: 'warning'}];
	return [next, {confirm: deactivateDialog(detail, {type: 'deactivate'}, around)}];
}

export function noWebhook(connector: string): string {
	return `${connector} is no webhook connector`;
}

/** How many lines the tab on the screen has, and whether they are rows with a cursor. */
export function extentOf(
	state: State,
	around: Pick<ScreenContext, 'now' | 'width' | 'live'>,
): {readonly total: number; readonly rows: boolean} {
	switch (state.tab) {
		case 'executions':
			return {total: state.executions.value?.length ?? 0, rows: true};
		case 'queue':
			return {total: state.queue.value?.length ?? 0, rows: true};
		case 'history':
			return {total: state.history.value?.length ?? 0, rows: true};
		default:
			return {total: state.detail.value === null ? 0 : pageOf(state.tab, state.detail.value, around).length, rows: false};
	}
}

/** That the list of a tab holds the newest alone; empty where it holds all. */
export function leftOutText({tab, executions, history, totals}: State): string {
	if (tab !== 'executions' && tab !== 'history') return '';
	const held = (tab === 'executions' ? executions : history).value?.length ?? 0;
	const total = totals[tab] ?? held;
	return total > held ? `the newest ${count(held)} of ${count(total)}; :${tab} shows all` : '';
}

export function listOf({lists, tab}: State): ListState {
	return lists[tab] ?? atTop;
}

/** Lines of the body under the tabs. */
export function visibleLines({height}: Pick<ScreenContext, 'height'>): number {
	return Math.max(1, height - 2);
}

function asksOf({connector, tab}: State): readonly Effect<Command>[] {
	const failed =
		(what: Extract<Command, {type: 'refused'}>['what']) =>
		(error: SluiceError): Command => ({type: 'refused', what, error});
	const detail = ask('connector', [connector], {
		answered: (answer): Command => ({type: 'detailCame', detail: answer}),
		failed: failed('detail'),
	});
	switch (tab) {
		case 'executions':
			return [
				detail,
				ask('executions', [{connector, limit: 100}], {
					answered: ({items, total}): Command => ({type: 'executionsCame', items, total}),
					failed: failed('executions'),
				}),
			];
		case 'queue':
			return [detail, ask('queue', [connector], {answered: ({items}): Command => ({type: 'queueCame', items}), failed: failed('queue')})];
		case 'history':
			return [
				detail,
				ask('history', [{connector, limit: 200}], {
					answered: ({items, total}): Command => ({type: 'historyCame', items, total}),
					failed: failed('history'),
				}),
			];
		default:
			return [detail];
	}
}

function refusing(state: State, what: Extract<Command, {type: 'refused'}>['what'], error: SluiceError): State {
	switch (what) {
		case 'detail':
			return {...state, detail: refusedWith(state.detail, error)};
		case 'executions':
			return {...state, executions: refusedWith(state.executions, error)};
		case 'queue':
			return {...state, queue: refusedWith(state.queue, error)};
		case 'history':
			return {...state, history: refusedWith(state.history, error)};
	}
}

function moved(state: State, how: ListMove, around: ScreenContext): State {
	const {total, rows} = extentOf(state, around);
	const list = listOf(state);
	const visible = visibleLines(around);
	if (rows) return {...state, lists: {...state.lists, [state.tab]: move(list, how, total, visible - 1)}};
	const last = Math.max(1, total - visible + 1);
	const scrolled = move({cursor: list.top, top: list.top}, how, last, 1);
	return {...state, lists: {...state.lists, [state.tab]: moveTo({cursor: 0, top: scrolled.cursor}, scrolled.cursor, last, 1)}};
}

/** Whether Enter leads anywhere from the tab on the screen. */
export function leadsOn(state: State): boolean {
	if (state.tab === 'overview') return (state.detail.value?.problems.length ?? 0) > 0;
	return state.tab === 'executions' || state.tab === 'queue' || state.tab === 'history';
}

function opened(state: State): Step<State, Command> {
	const {cursor} = listOf(state);
	switch (state.tab) {
		case 'executions': {
			const here = state.executions.value?.[cursor];
			return here === undefined ? [state] : [state, {go: {screen: 'execution', execution: here.id}}];
		}
		case 'queue': {
			const here = state.queue.value?.[cursor];
			return here === undefined ? [state] : [state, {go: {screen: 'execution', execution: here.id}}];
		}
		case 'history': {
			const execution = state.history.value?.[cursor]?.detail.execution;
			return typeof execution === 'string' ? [state, {go: {screen: 'execution', execution}}] : [state];
		}
		case 'overview':
			return (state.detail.value?.problems.length ?? 0) > 0 ? [state, {go: {screen: 'problems', connector: state.connector}}] : [state];
		default:
			return [state];
	}
}

/** The SQL tab opens the script; elsewhere the first problem's place is what one wants to see. */
function edited(state: State, around: ScreenContext): Step<State, Command> {
	const detail = state.detail.value;
	if (detail === null) return [state];
	const sql = detail.configuration?.sql;
	const about = state.tab === 'sql' && sql ? detail.problems.find(({file}) => file === sql.file) : detail.problems[0];
	if (about !== undefined) return [state, {edit: {file: inWorkspace(about.file, around), line: about.line}}];
	return [state, {edit: {file: state.tab === 'sql' && sql ? inWorkspace(sql.file, around) : detail.file}}];
}
