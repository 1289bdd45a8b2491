import type {ConnectorSummary, LastRun} from '../../../api/contract.js';
import {atTop, follow, isListMove, type ListMove, type ListState, move, moveTo} from '../../components/list.js';
import type {KeyCommand} from '../../keys/table.js';
import type {Live} from '../../live/live.js';
import {deactivateDialog} from '../connector/deactivate.js';
import {ask, type Effect} from '../effect.js';
import type {ScreenContext, Step} from '../screen.js';
import {connectorStanding} from '../shared/standing.js';

export type SortColumn = 'connector' | 'status' | 'type' | 'queued' | 'last' | 'next';

export type State = {
	readonly list: ListState;
	readonly shown: readonly ConnectorSummary[];
	readonly find: string;
	readonly column: number;
	readonly sort: {readonly column: SortColumn; readonly descending: boolean};
};

export type Command =
	| {readonly type: 'moved'; readonly how: ListMove}
	| {readonly type: 'columnMoved'; readonly by: 1 | -1}
	| {readonly type: 'sorted'}
	| {readonly type: 'found'; readonly text: string}
	| {readonly type: 'heard'}
	| {readonly type: 'opened'}
	| {readonly type: 'ran'; readonly mode: 'live' | 'dry'}
	| {readonly type: 'toggled'}
	| {readonly type: 'deactivate'; readonly connector: string}
	| {readonly type: 'deactivated'; readonly connector: ConnectorSummary}
	| {readonly type: 'edited'}
	| {readonly type: 'fileKnown'; readonly file: string};

/** The columns in their order; `sort` goes by the one the column cursor is in. */
export const columnOrder: readonly (SortColumn | null)[] = ['connector', 'status', 'type', 'last', 'next', 'queued', null];

/** How many rows the list has beside its preview. */
export function listHeight(height: number): number {
	return height >= 16 ? height - 8 : height;
}

const rowsIn = ({height}: ScreenContext): number => listHeight(height) - 1;

export function start(around: ScreenContext): Step<State, Command> {
	const state: State = {list: atTop, shown: [], find: '', column: 0, sort: {column: 'connector', descending: false}};
	return [arranged(state, around)];
}

export function update(state: State, command: Command, around: ScreenContext): Step<State, Command> {
	const here = state.shown[state.list.cursor];
	switch (command.type) {
		case 'moved':
			return [{...state, list: move(state.list, command.how, state.shown.length, rowsIn(around))}];
		case 'columnMoved':
			return [{...state, column: Math.max(0, Math.min(columnOrder.length - 1, state.column + command.by))}];
		case 'sorted': {
			const column = columnOrder[state.column];
			if (!column) return [state, {say: 'Health cannot be sorted by', tone: 'muted'}];
			const descending = state.sort.column === column && !state.sort.descending;
			return [arranged({...state, sort: {column, descending}}, around)];
		}
		case 'found':
			return [arranged({...state, find: command.text}, around)];
		case 'heard':
			return [arranged(state, around)];
		case 'opened':
			return here ? [state, {go: {screen: 'connector', connector: here.api_name}}] : [state];
		case 'ran':
			return here ? [state, {go: {screen: 'run', connector: here.api_name, mode: command.mode}}] : [state];
		case 'toggled':
			return here ? [state, toggle(here, around)] : [state];
		case 'deactivate':
			return [
				state,
				{progress: `Asking the daemon to deactivate ${command.connector} …`},
				ask('deactivate', [command.connector], {answered: (connector): Command => ({type: 'deactivated', connector})}),
			];
		case 'deactivated':
			return [state, connectorStanding(command.connector)];
		case 'edited':
			return here ? [state, ask('connector', [here.api_name], {answered: ({file}): Command => ({type: 'fileKnown', file})})] : [state];
		case 'fileKnown':
			return [state, {edit: {file: command.file}}];
	}
}

export function onKey(key: KeyCommand): Command | null {
	if (isListMove(key)) return {type: 'moved', how: key};
	switch (key) {
		case 'left':
			return {type: 'columnMoved', by: -1};
		case 'right':
			return {type: 'columnMoved', by: 1};
		case 'sort':
			return {type: 'sorted'};
		case 'open':
		case 'openConnector':
			return {type: 'opened'};
		case 'run':
			return {type: 'ran', mode: 'live'};
		case 'dryRun':
			return {type: 'ran', mode: 'dry'};
		case 'toggleActive':
			return {type: 'toggled'};
		case 'edit':
			return {type: 'edited'};
		default:
			return null;
	}
}

/** The last execution of a connector: as the news tell it, else as the daemon told it with its connector. */
export function lastOf({active, recent}: Live, {last_run}: ConnectorSummary): LastRun | null {
	return [...active, ...recent].find(({id}) => id === last_run?.id) ?? last_run;
}

/** Activating goes through the review of the queue; deactivating asks first and says what it stops (SPEC 10). */
function toggle(connector: ConnectorSummary, around: ScreenContext): Effect<Command> {
	const {api_name: name, status} = connector;
	if (status === 'setup' || status === 'inactive') return {go: {screen: 'review', connector: name}};
	return {confirm: deactivateDialog<Command>(connector, {type: 'deactivate', connector: name}, around)};
}

function arranged(state: State, around: ScreenContext): State {
	const wanted = state.find.trim().toLowerCase();
	const all = around.live.status?.connectors ?? [];
	const found = all.filter(({api_name, name, status, type}) => `${api_name} ${name} ${status} ${type}`.toLowerCase().includes(wanted));
	const shown = [...found].sort(comparison(state.sort, around.live));
	const list =
		state.shown.length === 0
			? moveTo(state.list, state.list.cursor, shown.length, rowsIn(around))
			: follow(state.list, state.shown, shown, ({api_name}) => api_name, rowsIn(around));
	return {...state, shown, list};
}

function comparison({column, descending}: State['sort'], live: Live): (a: ConnectorSummary, b: ConnectorSummary) => number {
	const sortValue = (connector: ConnectorSummary): string | number => {
		switch (column) {
			case 'connector':
				return connector.api_name;
			case 'queued':
				return connector.queued;
			case 'last':
				return lastOf(live, connector)?.queued_at ?? '';
			case 'next':
				return connector.next_run ?? '\uffff';
			default:
				return connector[column];
		}
	};
	return (a, b) => {
		const [first, second] = [sortValue(a), sortValue(b)];
		const order = first < second ? -1 : first > second ? 1 : 0;
		return (descending ? -order : order) || (a.api_name < b.api_name ? -1 : 1);
	};
}
