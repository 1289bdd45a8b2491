import type {ReactElement} from 'react';
import type {Delivery} from '../../../api/contract.js';
import {isListMove} from '../../components/list.js';
import type {Column} from '../../components/table.js';
import {ageText} from '../../text/age.js';
import {type DrawProps, defineScreen} from '../screen.js';
import {awaitsPage} from '../shared/paged-list.js';
import {PagedTable} from '../shared/paged-table.js';
import {quoted, shortId} from '../shared/words.js';
import {type Command, type State, start, update} from './model.js';

const states = {
	waiting: {text: '◷ waiting', tone: 'waiting'},
	delivered: {text: '✓ delivered', tone: 'good'},
	failed: {text: '✗ failed', tone: 'bad'},
} as const;

function columnsOf(now: number): readonly Column<Delivery>[] {
	return [
		{key: 'state', title: 'state', width: 12, cell: ({state}) => states[state]},
		{key: 'kind', title: 'kind', width: 10, cell: ({kind}) => kind},
		{key: 'to', title: 'to', width: 20, grow: 2, cell: ({to}) => to},
		{key: 'attempts', title: 'tries', width: 5, align: 'right', cell: ({attempts}) => String(attempts)},
		{key: 'next', title: 'next try', width: 11, optional: 1, cell: ({next_attempt_at: at}) => ageText(at, now)},
		{key: 'created', title: 'since', width: 11, cell: ({created_at: at}) => ageText(at, now)},
		{
			key: 'execution',
			title: 'execution',
			width: 13,
			optional: 3,
			cell: ({execution}) => ({text: execution === null ? '' : shortId(execution), tone: 'muted'}),
		},
		{key: 'error', title: 'last error', width: 16, grow: 2, optional: 2, cell: ({last_error: error}) => ({text: error ?? '', tone: 'bad'})},
	];
}

function Draw({state, around}: DrawProps<State>): ReactElement {
	return (
		<PagedTable
			list={state.deliveries}
			what="deliveries"
			columns={columnsOf(around.now)}
			none="Nothing was sent yet: a connector’s settings say who is told how runs end."
			one="delivery"
			foot={({last_error: error}) => ({text: error === null ? '' : `last error: ${error}`, tone: 'warning'})}
			around={around}
		/>
	);
}

export const deliveries = defineScreen<'deliveries', State, Command>({
	name: 'deliveries',
	scopes: ['deliveries', 'list'],
	title: () => 'Deliveries',
	filter: ({deliveries: {find}}) => (find === '' ? '' : `/${find}`),
	start: (_place, around) => start(around),
	update,
	waits: (state, key) => awaitsPage(state.deliveries, key),
	onKey(_state, key) {
		if (isListMove(key)) return {type: 'move', how: key};
		if (key === 'redeliver') return {type: 'askRedeliver'};
		return key === 'open' || key === 'refresh' ? {type: key} : null;
	},
	heard: (_state, changes) => (changes.again || changes.deliveries ? {type: 'refresh'} : null),
	returned: () => ({type: 'refresh'}),
	find: {text: ({deliveries: {find}}) => find, changed: (text) => ({type: 'find', text})},
	commandLine: ({deliveries: {find}}) => `sluice deliveries${find === '' ? '' : ` --find ${quoted(find)}`}`,
	Draw,
});
