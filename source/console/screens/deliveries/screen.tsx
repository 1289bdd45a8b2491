import {Box} from 'ink';
import type {ReactElement} from 'react';
import type {Delivery} from '../../../api/contract.js';
import {Line} from '../../components/line.js';
import {isListMove} from '../../components/list.js';
import {type Column, Table} from '../../components/table.js';
import {ageText} from '../../text/age.js';
import {type DrawProps, defineScreen} from '../screen.js';
import {noticeOf} from '../shared/notice.js';
import {shownRows} from '../shared/rows.js';
import {shortId} from '../shared/words.js';
import {type Command, deliveryRows, type State, start, update} from './model.js';

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
		{key: 'next', title: 'next try', width: 11, optional: 2, cell: ({next_attempt_at: at}) => ageText(at, now)},
		{key: 'created', title: 'since', width: 11, cell: ({created_at: at}) => ageText(at, now)},
		{
			key: 'execution',
			title: 'execution',
			width: 13,
			optional: 3,
			cell: ({execution}) => ({text: execution === null ? '' : shortId(execution), tone: 'muted'}),
		},
		{key: 'error', title: 'last error', width: 16, grow: 2, optional: 1, cell: ({last_error: error}) => ({text: error ?? '', tone: 'bad'})},
	];
}

function Draw({state, around: {width, height, now}}: DrawProps<State>): ReactElement {
	const notice = noticeOf(state.rows.asked, 'deliveries', width);
	if (notice !== null) return notice;
	const rows = shownRows(state.rows, deliveryRows);
	const here = rows[state.rows.list.cursor];
	const {error} = state.rows.asked;
	const foot = error === null ? (here?.last_error ?? '') : `Not current: ${error.message}`;
	return (
		<Box flexDirection="column">
			<Table
				columns={columnsOf(now)}
				total={rows.length}
				rowAt={(index) => rows[index]}
				cursor={state.rows.list.cursor}
				top={state.rows.list.top}
				width={width}
				height={height - 1}
				empty={
					state.rows.find === ''
						? 'Nothing was sent yet: a connector’s settings say who is told how runs end.'
						: `No delivery holds "${state.rows.find}".`
				}
			/>
			<Line width={width} spans={[{text: ` ${foot}`, tone: 'warning'}]} />
		</Box>
	);
}

export const deliveries = defineScreen<'deliveries', State, Command>({
	name: 'deliveries',
	scopes: ['deliveries', 'list'],
	title: () => 'Deliveries',
	filter: ({rows: {find}}) => (find === '' ? '' : `/${find}`),
	start,
	update,
	onKey(_state, key) {
		if (isListMove(key)) return {type: 'move', how: key};
		if (key === 'redeliver') return {type: 'askRedeliver'};
		return key === 'open' || key === 'refresh' ? {type: key} : null;
	},
	heard: (_state, changes) => (changes.again || changes.executions.size > 0 ? {type: 'refresh'} : null),
	find: {text: ({rows: {find}}) => find, changed: (text) => ({type: 'find', text})},
	commandLine: () => 'sluice deliveries',
	Draw,
});
