import type {ReactElement} from 'react';
import {tookText} from '../../../model/duration.js';
import type {Stage} from '../../../model/execution.js';
import type {ListState} from '../../components/list.js';
import {type Column, Table} from '../../components/table.js';
import {count, countIn} from '../../text/age.js';
import {glyphOf, type Look} from '../../theme/glyph.js';
import {useLook} from '../../theme/look.js';
import {stageSigns} from '../../theme/signs.js';
import type {Tone} from '../../theme/tones.js';
import type {ScreenContext} from '../screen.js';

export type StageTableProps = {
	readonly stages: readonly Stage[];
	/** Whether the execution has ended: a stage that still waits was never reached then. */
	readonly ended: boolean;
	readonly list: ListState;
	readonly focused: boolean;
	readonly around: ScreenContext;
	readonly height: number;
};

/** The stages with what they counted and how long they took. */
export function StageTable({stages, ended, list, focused, around, height}: StageTableProps): ReactElement {
	const look = useLook();
	return (
		<Table
			columns={columnsOf(look, around, ended)}
			total={stages.length}
			rowAt={(index) => stages[index]}
			cursor={list.cursor}
			top={Math.max(0, Math.min(list.top, stages.length - height + 1))}
			width={around.width}
			height={height}
			focused={focused}
			empty={ended ? 'It ended before its first stage.' : 'No stage yet: it waits to begin.'}
		/>
	);
}

function columnsOf(look: Look, {now, width}: ScreenContext, ended: boolean): readonly Column<Stage>[] {
	const wide = width < 110 ? 7 : width < 140 ? 8 : 9;
	const number = (key: 'created' | 'updated' | 'skipped' | 'errored' | 'warnings', tone: Tone, optional?: number): Column<Stage> => ({
		key,
		title: key === 'warnings' ? 'warned' : key,
		width: wide,
		align: 'right',
		...(optional !== undefined && {optional}),
		cell: (stage) => ({
			text: stage[key] === null || unreached(stage, ended) ? '' : countIn(stage[key], wide),
			tone: (stage[key] ?? 0) > 0 ? tone : 'muted',
		}),
	});
	return [
		{
			key: 'state',
			title: 'state',
			width: 11,
			cell: (stage) => {
				const sign = stageSigns[stage.state];
				return {text: `${glyphOf(sign, look)} ${unreached(stage, ended) ? 'not run' : sign.word}`, tone: sign.tone};
			},
		},
		{key: 'name', title: 'stage', width: 12, grow: 1, most: 36, cell: ({name}) => name},
		{key: 'object', title: 'object', width: 12, optional: 5, cell: ({object}) => object ?? ''},
		{key: 'rows', title: 'rows', width: wide, align: 'right', optional: 1, cell: ({rows}) => (rows === null ? '' : countIn(rows, wide))},
		{
			key: 'chunks',
			title: 'chunks',
			width: 9,
			align: 'right',
			optional: 3,
			cell: ({chunks, chunks_done: done}) => (!chunks ? '' : `${count(done ?? 0)}/${count(chunks)}`),
		},
		number('created', 'good'),
		number('updated', 'busy'),
		number('skipped', 'normal'),
		number('errored', 'bad'),
		number('warnings', 'warning', 4),
		{
			key: 'took',
			title: 'time',
			width: 9,
			align: 'right',
			cell: (stage) => ({text: tookText(stage, stage.state === 'running', now), tone: 'muted'}),
		},
	];
}

function unreached({state}: Stage, ended: boolean): boolean {
	return ended && state === 'waiting';
}
