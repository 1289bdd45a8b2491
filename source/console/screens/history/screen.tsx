import {Box} from 'ink';
import type {ReactElement} from 'react';
import {Line} from '../../components/line.js';
import {isListMove} from '../../components/list.js';
import {Table} from '../../components/table.js';
import {type DrawProps, defineScreen} from '../screen.js';
import {noticeOf} from '../shared/notice.js';
import {shownRows} from '../shared/rows.js';
import {historyColumns} from './columns.js';
import {type Command, historyRows, type State, start, update} from './model.js';

function Draw({state, around: {width, height}}: DrawProps<State>): ReactElement {
	const notice = noticeOf(state.rows.asked, 'history', width);
	if (notice !== null) return notice;
	const rows = shownRows(state.rows, historyRows);
	const {error} = state.rows.asked;
	return (
		<Box flexDirection="column">
			<Table
				columns={historyColumns}
				total={rows.length}
				rowAt={(index) => rows[index]}
				cursor={state.rows.list.cursor}
				top={state.rows.list.top}
				width={width}
				height={height - 1}
				empty={state.rows.find === '' ? 'Nobody did anything yet.' : `No entry holds "${state.rows.find}".`}
			/>
			<Line width={width} spans={[{text: error === null ? '' : ` Not current: ${error.message}`, tone: 'warning'}]} />
		</Box>
	);
}

export const history = defineScreen<'history', State, Command>({
	name: 'history',
	scopes: ['list'],
	title: ({connector}) => (connector === null ? 'History' : `History of ${connector}`),
	filter: ({rows: {find}}) => (find === '' ? '' : `/${find}`),
	start,
	update,
	onKey: (_state, key) => (isListMove(key) ? {type: 'move', how: key} : key === 'open' || key === 'refresh' ? {type: key} : null),
	heard: ({connector}, changes) =>
		changes.again || changes.executions.size > 0 || (connector === null ? changes.connectors.size > 0 : changes.connectors.has(connector))
			? {type: 'refresh'}
			: null,
	find: {text: ({rows: {find}}) => find, changed: (text) => ({type: 'find', text})},
	commandLine: ({connector}) => `sluice history${connector === null ? '' : ` ${connector}`}`,
	Draw,
});
