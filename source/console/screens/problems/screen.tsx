import type {ReactElement} from 'react';
import {formatPlace, type Problem} from '../../../model/problem.js';
import {isListMove} from '../../components/list.js';
import type {Column} from '../../components/table.js';
import {type DrawProps, defineScreen} from '../screen.js';
import {RowsTable} from '../shared/rows-table.js';
import {type Command, problemRows, type State, start, update} from './model.js';

const columns: readonly Column<Problem>[] = [
	{key: 'place', title: 'place', width: 30, cell: (problem) => ({text: formatPlace(problem), tone: 'accent'})},
	{key: 'message', title: 'problem', width: 30, grow: 2, cell: ({message}) => ({text: `! ${message}`, tone: 'warning'})},
	{key: 'expected', title: 'expected', width: 20, grow: 1, optional: 1, cell: ({expected}) => ({text: expected ?? '', tone: 'muted'})},
];

function Draw({state, around}: DrawProps<State>): ReactElement {
	return (
		<RowsTable
			rows={state.rows}
			of={problemRows}
			what="problems"
			columns={columns}
			none="✓ No problems: everything is valid."
			one="problem"
			foot={(here) => ({text: footText(state, here), tone: state.rows.asked.error === null ? 'muted' : 'warning'})}
			around={around}
		/>
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
