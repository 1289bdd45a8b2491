import {Box} from 'ink';
import type {ReactElement} from 'react';
import type {FoundRow} from '../../../api/contract.js';
import {Line} from '../../components/line.js';
import {isListMove} from '../../components/list.js';
import {type Column, Table} from '../../components/table.js';
import {ageText} from '../../text/age.js';
import {glyphOf, type Look} from '../../theme/glyph.js';
import {useLook} from '../../theme/look.js';
import {outcomeSigns} from '../../theme/signs.js';
import {type DrawProps, defineScreen} from '../screen.js';
import {noticeOf} from '../shared/notice.js';
import {shownRows} from '../shared/rows.js';
import {countOf, shortId} from '../shared/words.js';
import {type Command, countsText, foundRows, rowsOfRun, type State, start, under, update} from './model.js';

function columnsOf(look: Look, now: number): readonly Column<FoundRow>[] {
	return [
		{key: 'at', title: 'when', width: 11, cell: ({at}) => ({text: ageText(at, now), tone: 'muted'})},
		{key: 'connector', title: 'connector', width: 15, cell: ({connector}) => connector},
		{key: 'mode', title: 'mode', width: 4, cell: ({mode}) => ({text: mode, tone: mode === 'dry' ? 'muted' : 'strong'})},
		{key: 'execution', title: 'execution', width: 13, optional: 2, cell: ({execution}) => ({text: shortId(execution), tone: 'muted'})},
		{key: 'table', title: 'table', width: 12, cell: ({table}) => table},
		{key: 'row', title: 'row', width: 7, align: 'right', cell: ({row}) => String(row)},
		{
			key: 'outcome',
			title: 'outcome',
			width: 10,
			cell({outcome}) {
				const sign = outcome === null ? undefined : (outcomeSigns as Readonly<Record<string, (typeof outcomeSigns)['created']>>)[outcome];
				return sign === undefined ? (outcome ?? '') : {text: `${glyphOf(sign, look)} ${sign.word}`, tone: sign.tone};
			},
		},
		{key: 'matched', title: 'value', width: 21, grow: 3, cell: ({matched}) => ({text: matched, tone: 'strong'})},
		{key: 'reason', title: 'reason', width: 14, grow: 1, optional: 1, cell: ({reason}) => ({text: reason ?? '', tone: 'warning'})},
	];
}

function Draw({state, around: {width, height, now}}: DrawProps<State>): ReactElement {
	const look = useLook();
	if (state.text === '') return <Line width={width} spans={[{text: '  s asks for a value to look for.', tone: 'muted'}]} />;
	const notice = noticeOf(state.rows.asked, `rows that hold "${state.text}"`, width);
	if (notice !== null) return notice;
	const rows = shownRows(state.rows, foundRows);
	const here = under(state);
	return (
		<Box flexDirection="column">
			<Table
				columns={columnsOf(look, now)}
				total={rows.length}
				rowAt={(index) => rows[index]}
				cursor={state.rows.list.cursor}
				top={state.rows.list.top}
				width={width}
				height={height - 2}
				empty={`No row of a kept execution holds "${state.text}"; s looks for something else.`}
			/>
			<Line
				width={width}
				spans={[
					{
						text: ` ${[here && `${countOf(rowsOfRun(state, here), 'row')} in this run`, here?.matched, here?.reason].filter(Boolean).join('  ')}`,
						tone: 'muted',
					},
				]}
			/>
			<Line width={width} spans={[{text: ` ${countsText(state)}`, tone: 'muted'}]} />
		</Box>
	);
}

export const find = defineScreen<'find', State, Command>({
	name: 'find',
	scopes: ['found', 'list'],
	title: ({text}) => (text === '' ? 'Find' : `Find ${text}`),
	filter: ({rows: {find: within}}) => (within === '' ? '' : `/${within}`),
	start,
	update,
	onKey(_state, key) {
		if (isListMove(key)) return {type: 'move', how: key};
		return key === 'open' || key === 'refresh' || key === 'search' ? {type: key} : null;
	},
	find: {text: ({rows: {find: within}}) => within, changed: (text) => ({type: 'find', text})},
	commandLine: ({text}) => (text === '' ? null : `sluice find '${text.replaceAll("'", "'\\''")}'`),
	Draw,
});
