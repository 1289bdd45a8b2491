import type {ReactElement} from 'react';
import {formatPlace, isHarmless, type Problem} from '../../../model/problem.js';
import {isListMove} from '../../components/list.js';
import type {Column} from '../../components/table.js';
import {endOf, wrap} from '../../text/fit.js';
import type {Span} from '../../theme/paint.js';
import {type DrawProps, defineScreen} from '../screen.js';
import {RowsTable} from '../shared/rows-table.js';
import {type Command, footLines, problemRows, type State, start, update} from './model.js';

function columnsOf(width: number): readonly Column<Problem>[] {
	const place = Math.max(30, Math.min(48, Math.floor(width * 0.4)));
	return [
		{key: 'place', title: 'place', width: place, cell: (problem) => ({text: endOf(formatPlace(problem), place), tone: 'accent'})},
		{key: 'message', title: 'problem', width: 30, grow: 2, cell: (problem) => ({text: problemLine(problem), tone: 'warning'})},
		{key: 'expected', title: 'expected', width: 60, optional: 1, cell: ({expected}) => ({text: expected ?? '', tone: 'muted'})},
	];
}

function problemLine(problem: Problem): string {
	return isHarmless(problem) ? `${problem.severity}: ${problem.message}` : `! ${problem.message}`;
}

function Draw({state, around}: DrawProps<State>): ReactElement {
	return (
		<RowsTable
			rows={state.rows}
			of={problemRows}
			what="problems"
			columns={columnsOf(around.width)}
			none="✓ No problems: everything is valid."
			one="problem"
			foot={(here) => footOf(state, here, around.width)}
			footLines={footLines}
			around={around}
		/>
	);
}

/** The problem under the cursor in full: on a narrow screen its line has not the room. */
function footOf({rows: {asked}}: State, here: Problem | undefined, width: number): readonly Span[] {
	if (asked.error !== null) return [{text: ` Not current: ${asked.error.message}`, tone: 'warning'}];
	if (asked.asking) return [{text: ' Checking …', tone: 'muted'}];
	if (here === undefined) return [];
	const said = wrap(here.message, width - 2).map((text): Span => ({text: ` ${text}`, tone: 'warning'}));
	const expected =
		here.expected === null ? [] : wrap(`expected: ${here.expected}`, width - 2).map((text): Span => ({text: ` ${text}`, tone: 'muted'}));
	return [{text: ` ${formatPlace(here)}`, tone: 'accent'}, ...said, ...expected];
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
