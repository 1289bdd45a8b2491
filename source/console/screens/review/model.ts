import type {ConnectorDetail, ConnectorSummary, Queue, QueueItem} from '../../../api/contract.js';
import {dayOf} from '../../../api/queue-days.js';
import type {SluiceError} from '../../../model/errors.js';
import {atTop, follow, type ListMove, type ListState, move, moveTo} from '../../components/list.js';
import type {Changes} from '../../live/live.js';
import {timezoneOf} from '../../live/live.js';
import {ask, type Confirmation, type Effect} from '../effect.js';
import type {PlaceOf} from '../place.js';
import type {ScreenContext, Step} from '../screen.js';
import {typedName} from '../shared/production.js';
import {askedAgain, asking, came, type RemoteData, refusedWith} from '../shared/remote-data.js';
import {connectorStanding} from '../shared/standing.js';
import {countOf, shortId} from '../shared/words.js';

export type Decision = 'keep' | 'cancel';

export type State = {
	readonly connector: string;
	readonly queue: RemoteData<Queue>;
	/** What keeps it from being activated, and whether it is active already. */
	readonly detail: RemoteData<ConnectorDetail>;
	readonly decisions: Readonly<Record<string, Decision>>;
	/** Arrived after the queue was first shown, and not decided on since. */
	readonly arrived: readonly string[];
	readonly list: ListState;
	/** While the daemon has the decision and has not answered. */
	readonly sent: boolean;
	readonly refusal: SluiceError | null;
};

export type Command =
	| {readonly type: 'queueChanged'; readonly queue: Queue}
	| {readonly type: 'queueRefused'; readonly error: SluiceError}
	| {readonly type: 'detailCame'; readonly detail: ConnectorDetail}
	| {readonly type: 'detailRefused'; readonly error: SluiceError}
	| {readonly type: 'heard'; readonly changes: Changes}
	| {readonly type: 'move'; readonly how: ListMove}
	| {readonly type: 'decide'; readonly decision: Decision}
	| {readonly type: 'decideDay'; readonly decision: Decision}
	| {readonly type: 'decideAll'; readonly decision: Decision}
	| {readonly type: 'activate'}
	| {readonly type: 'send'; readonly revision: number; readonly cancel: readonly string[]}
	| {readonly type: 'activated'; readonly connector: ConnectorSummary}
	| {readonly type: 'refused'; readonly error: SluiceError}
	| {readonly type: 'open'}
	| {readonly type: 'refresh'};

export function start({connector}: PlaceOf<'review'>): Step<State, Command> {
	const state: State = {connector, queue: asking, detail: asking, decisions: {}, arrived: [], list: atTop, sent: false, refusal: null};
	return [state, askQueue(connector), askDetail(connector)];
}

export function update(state: State, command: Command, around: ScreenContext): Step<State, Command> {
	switch (command.type) {
		case 'queueChanged':
			return [withQueue(state, command.queue, around)];
		case 'queueRefused':
			return [{...state, queue: refusedWith(state.queue, command.error)}];
		case 'detailCame':
			return [{...state, detail: came(command.detail)}];
		case 'detailRefused':
			return [{...state, detail: refusedWith(state.detail, command.error)}];
		case 'heard':
			return heard(state, command.changes);
		case 'move':
			return [{...state, list: move(state.list, command.how, itemsOf(state).length, visibleRows(around))}];
		case 'decide':
			return [decided(state, command.decision, around)];
		case 'decideDay':
			return [decidedForDay(state, command.decision, around)];
		case 'decideAll': {
			const decisions = Object.fromEntries(itemsOf(state).map(({id}) => [id, command.decision]));
			return [{...state, decisions, arrived: [], refusal: null}];
		}
		case 'activate': {
			const possible = canActivate(state);
			return 'no' in possible
				? [state, {say: `Not yet: ${possible.no}`, tone: 'warning'}]
				: [state, {confirm: confirmation(state, around)}];
		}
		case 'send':
			return sent(state, command);
		case 'activated':
			return [{...state, sent: false}, {replace: {screen: 'connector', connector: state.connector}}, connectorStanding(command.connector)];
		case 'refused':
			return [{...state, sent: false, refusal: command.error}, askQueue(state.connector), askDetail(state.connector)];
		case 'open': {
			const here = itemsOf(state)[state.list.cursor];
			return here === undefined ? [state] : [state, {go: {screen: 'execution', execution: here.id}}];
		}
		case 'refresh':
			return [
				{...state, queue: askedAgain(state.queue), detail: askedAgain(state.detail)},
				askQueue(state.connector),
				askDetail(state.connector),
			];
	}
}

export function itemsOf({queue: {value}}: Pick<State, 'queue'>): readonly QueueItem[] {
	return value?.items ?? [];
}

export function visibleRows({height}: Pick<ScreenContext, 'height'>): number {
	return Math.max(3, height - 9);
}

/** Whether `a` may ask: everything shown, everything decided, nothing lacking. The reason otherwise, for people. */
export function canActivate(
	state: Pick<State, 'queue' | 'detail' | 'decisions' | 'arrived' | 'sent'>,
): {readonly yes: true} | {readonly no: string} {
	if (state.queue.value === null) return {no: 'the queue is not known yet'};
	if (state.sent) return {no: 'the daemon is already at it'};
	if (state.arrived.length > 0) {
		return {no: `${countOf(state.arrived.length, 'execution')} arrived since you looked: ${state.arrived.map(shortId).join(', ')}`};
	}
	const open = itemsOf(state).filter(({id}) => state.decisions[id] === undefined).length;
	if (open > 0) return {no: `${countOf(open, 'execution')} of ${itemsOf(state).length} without a decision: k keeps, c cancels`};
	const detail = state.detail.value;
	if (detail === null) return {no: 'what it lacks is not known yet'};
	if (detail.status === 'operational' || detail.status === 'needs_attention') return {no: 'it is active already'};
	if (detail.lacks.length > 0) return {no: detail.lacks[0] ?? 'it is not complete'};
	return {yes: true};
}

function askQueue(connector: string): Effect<Command> {
	return ask('queue', [connector], {
		answered: (queue): Command => ({type: 'queueChanged', queue}),
		failed: (error): Command => ({type: 'queueRefused', error}),
	});
}

function askDetail(connector: string): Effect<Command> {
	return ask('connector', [connector], {
		answered: (detail): Command => ({type: 'detailCame', detail}),
		failed: (error): Command => ({type: 'detailRefused', error}),
	});
}

/** The queue as it stands now. What came since it was first shown is marked and has to be looked at. */
function withQueue(state: State, queue: Queue, around: ScreenContext): State {
	const before = state.queue.value;
	const known = new Set((before ?? queue).items.map(({id}) => id));
	const still = new Set(queue.items.map(({id}) => id));
	const fresh = queue.items.map(({id}) => id).filter((id) => !known.has(id));
	return {
		...state,
		queue: came(queue),
		arrived: [...state.arrived.filter((id) => still.has(id)), ...fresh],
		decisions: Object.fromEntries(Object.entries(state.decisions).filter(([id]) => still.has(id))),
		list: follow(state.list, before?.items ?? [], queue.items, ({id}) => id, visibleRows(around)),
	};
}

function heard(state: State, {queues, connectors, again}: Changes): Step<State, Command> {
	const revision = queues.get(state.connector);
	const asks: Effect<Command>[] = [];
	if (again || (revision !== undefined && revision !== state.queue.value?.revision)) asks.push(askQueue(state.connector));
	if (again || connectors.has(state.connector)) asks.push(askDetail(state.connector));
	return [state, ...asks];
}

/** A decision on the one under the cursor, which then moves on to the next. To decide on one is to have looked at it. */
function decided(state: State, decision: Decision, around: ScreenContext): State {
	const here = itemsOf(state)[state.list.cursor];
	if (here === undefined) return state;
	return {
		...state,
		decisions: {...state.decisions, [here.id]: decision},
		arrived: state.arrived.filter((id) => id !== here.id),
		list: move(state.list, 'down', itemsOf(state).length, visibleRows(around)),
		refusal: null,
	};
}

/** A decision on all of the day that the cursor is in, which then moves on to the next day. */
function decidedForDay(state: State, decision: Decision, around: ScreenContext): State {
	const items = itemsOf(state);
	const here = items[state.list.cursor];
	if (here === undefined) return state;
	const timezone = timezoneOf(around.live);
	const day = dayOf(here, timezone);
	const ofDay = new Set(items.filter((item) => dayOf(item, timezone) === day).map(({id}) => id));
	const next = items.findIndex((item, index) => index > state.list.cursor && !ofDay.has(item.id));
	const to = next < 0 ? items.length - 1 : next;
	return {
		...state,
		decisions: {...state.decisions, ...Object.fromEntries([...ofDay].map((id) => [id, decision]))},
		arrived: state.arrived.filter((id) => !ofDay.has(id)),
		list: moveTo(state.list, to, items.length, visibleRows(around)),
		refusal: null,
	};
}

/** What exactly will happen. The decision is bound here to the revision that is on the screen. */
function confirmation(state: State, around: ScreenContext): Confirmation<Command> {
	const items = itemsOf(state);
	const lost = items.filter(({id}) => state.decisions[id] === 'cancel');
	const kept = items.length - lost.length;
	const begun = lost.filter(({done}) => done !== null);
	return {
		title: `Activate ${state.connector}?`,
		lines: [
			items.length === 0
				? 'Its queue is empty: it runs what comes from now on.'
				: kept === 0
					? 'None of the queued executions will run.'
					: `${countOf(kept, 'queued execution')} will run, oldest first.`,
			...(lost.length === 0
				? []
				: [
						`${countOf(lost.length, 'queued execution')} will be CANCELLED: ${lost.slice(0, 4).map(named).join(', ')}${lost.length > 4 ? `, and ${lost.length - 4} more` : ''}`,
					]),
			...(begun.length === 0
				? []
				: [
						`${begun.length} of these had begun: ${begun
							.map(({done}) => done)
							.slice(0, 2)
							.join('; ')}`,
					]),
		],
		...(lost.length > 0 && {
			stays: 'what those had already committed, and their input files',
			safer: 'keep them: each can still be cancelled one by one',
		}),
		...typedName(state.connector, around),
		action: lost.length === 0 ? 'activate' : `activate and cancel ${lost.length}`,
		yes: {type: 'send', revision: state.queue.value?.revision ?? 0, cancel: lost.map(({id}) => id)},
		loses: lost.length > 0,
	};
}

function named({id, input_file: file, rows}: QueueItem): string {
	return `${file ?? shortId(id)}${rows === null ? '' : ` (${countOf(rows, 'row')})`}`;
}

/** What was confirmed goes out as it was confirmed; where something arrived meanwhile the daemon refuses it by its revision. */
function sent(state: State, {revision, cancel}: Extract<Command, {type: 'send'}>): Step<State, Command> {
	if (state.arrived.length > 0) return [state, {say: 'Nothing was done: an execution arrived meanwhile', tone: 'warning'}];
	const decision = cancel.length === 0 ? ({keep: 'all'} as const) : {cancel};
	return [
		{...state, sent: true, refusal: null},
		{progress: `Asking the daemon to activate ${state.connector} …`},
		ask('activate', [state.connector, {decision, revision}], {
			answered: (connector): Command => ({type: 'activated', connector}),
			failed: (error): Command => ({type: 'refused', error}),
		}),
	];
}
