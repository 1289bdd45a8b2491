import {Box} from 'ink';
import type {ReactElement} from 'react';
import {formatPlace, type Problem} from '../../../model/problem.js';
import {Line} from '../../components/line.js';
import {isListMove} from '../../components/list.js';
import {type Column, Table} from '../../components/table.js';
import {type DrawProps, defineScreen} from '../screen.js';
import {noticeOf} from '../shared/notice.js';
import {shownRows} from '../shared/rows.js';
import {type Command, problemRows, type State, start, update} from './model.js';

const columns: readonly Column<Problem>[] = [
	{key: 'place', title: 'place', width: 30, cell: (problem) => ({text: formatPlace(problem), tone: 'accent'})},
	{key: 'message', title: 'problem', width: 30, grow: 2, cell: ({message}) => ({text: `! ${message}`, tone: 'warning'})},
	{key: 'expected', title: 'expected', width: 20, grow: 1, optional: 1, cell: ({expected}) => ({text: expected ?? '', tone: 'muted'})},
];

function Draw({state, around: {width, height}}: DrawProps<State>): ReactElement {
	const notice = noticeOf(state.rows.asked, 'problems', width);
	if (notice !== null) return notice;
	const rows = shownRows(state.rows, problemRows);
	const here = rows[state.rows.list.cursor];
	return (
		<Box flexDirection="column">
			<Table
				columns={columns}
				total={rows.length}
				rowAt={(index) => rows[index]}
				cursor={state.rows.list.cursor}
				top={state.rows.list.top}
				width={width}
				height={height - 1}
				empty={state.rows.find === '' ? '✓ No problems: everything is valid.' : `No problem holds "${state.rows.find}".`}
			/>
			<Line width={width} spans={[{text: footText(state, here), tone: state.rows.asked.error === null ? 'muted' : 'warning'}]} />
		</Box>
	);
}

function footText({rows: {asked}}: State, here: Problem | undefined): string {
	if (asked.error !== null) return ` Not current: ${asked.error.message}`;
	if (asked.asking) return ' Checking …';
	return here?.expected ? ` expected: ${here.expected}` : '';
}

export const problems = defineScreen<'problems', State, Command>({
	name: 'problems',
	scopes: ['problems', 'list'],
	title: ({connector}) => (connector === null ? 'Problems' : `Problems of ${connector}`),
	filter: ({rows: {find}}) => (find === '' ? '' : `/${find}`),
	start,
	update,
	onKey(_state, key) {
		if (isListMove(key)) return {type: 'move', how: key};
		if (key === 'open' || key === 'edit' || key === 'validate') return {type: key};
		return key === 'refresh' ? {type: 'validate'} : null;
	},
	heard: (_state, changes) => (changes.problems !== null || changes.again ? {type: 'heard', changes} : null),
	find: {text: ({rows: {find}}) => find, changed: (text) => ({type: 'find', text})},
	commandLine: ({connector}) => `sluice validate${connector === null ? '' : ` ${connector}`}`,
	Draw,
});
