import {Box} from 'ink';
import type {ReactElement} from 'react';
import {type Align, toWidth} from '../text/fit.js';
import {useLook} from '../theme/look.js';
import {paint, type Span} from '../theme/paint.js';
import type {Tone} from '../theme/tones.js';
import {Painted} from './painted.js';
import {layOut} from './table-layout.js';

/** What a cell shows: a text as it is in the data, made harmless here, or one with a meaning. */
export type Cell = string | {readonly text: string; readonly tone?: Tone | undefined};

export type Column<Row> = {
	readonly key: string;
	readonly title: string;
	/** Cells it takes at least. */
	readonly width: number;
	/** Its part of what is left over; 0 or absent: none. */
	readonly grow?: number;
	/** Cells it grows to at most: on a wide screen a name must not push what belongs to it to the far end. */
	readonly most?: number;
	readonly align?: Align;
	/** On a narrow screen columns with a larger number are left out first; absent: never. */
	readonly optional?: number;
	readonly cell: (row: Row, index: number) => Cell;
};

export type TableProps<Row> = {
	readonly columns: readonly Column<Row>[];
	readonly total: number;
	/** Row `index` of `total`, undefined while it is not here yet (drawn as `…`). Asked for visible rows only. */
	readonly rowAt: (index: number) => Row | undefined;
	readonly cursor: number;
	readonly top: number;
	readonly width: number;
	/** With the header. */
	readonly height: number;
	readonly sort?: {readonly column: string; readonly descending: boolean} | null;
	/** So many columns stay at the left when the table is moved sideways. */
	readonly fixed?: number;
	/** The column the cursor is in, for tables with one. It is always on the screen. */
	readonly cursorColumn?: number;
	/** Said in place of rows: why it is empty and what to do next. */
	readonly empty?: string;
	/** Whether the cursor is drawn strongly: false where another panel has the keys. */
	readonly focused?: boolean;
};

/** A table of any length whose cost depends on the screen alone. Wide and right-to-left characters keep their columns. */
export function Table<Row>(props: TableProps<Row>): ReactElement {
	const {theme, unicode} = useLook();
	const {columns, total, rowAt, cursor, top, width, height, sort, cursorColumn, empty, focused = true} = props;
	// why 2: the mark in front, and the blank behind the last column; a line too long would take the whole table with it
	const placed = layOut(columns, {width: width - 2, fixed: props.fixed ?? 0, cursorColumn: cursorColumn ?? null});
	const head = placed.map(({column, cells, index, gap}): Span => {
		const arrow = sort?.column === column.key ? (sort.descending ? '↓' : '↑') : '';
		return {
			text: `${toWidth(column.title + arrow, cells, column.align)}${' '.repeat(gap)}`,
			tone: index === cursorColumn ? 'key' : 'title',
		};
	});
	const lines = [paint([{text: ' '}, ...head], theme)];
	const last = Math.min(total, top + Math.max(0, height - 1));
	for (let index = top; index < last; index++) {
		const row = rowAt(index);
		const here = index === cursor;
		const mark = here ? (unicode ? '▌' : '>') : ' ';
		const spans = placed.map(({column, cells, index: at, gap}): Span => {
			const cell = row === undefined ? '…' : column.cell(row, index);
			const {text, tone} = typeof cell === 'string' ? {text: cell, tone: undefined} : cell;
			return {text: `${toWidth(text, cells, column.align)}${' '.repeat(gap)}`, tone: here && at === cursorColumn ? 'key' : tone};
		});
		lines.push(paint([{text: mark}, ...spans], theme, here ? (focused ? 'selected' : 'strong') : undefined));
	}
	if (total === 0 && empty !== undefined) lines.push(paint([{text: toWidth(`  ${empty}`, width), tone: 'muted'}], theme));
	return (
		<Box flexDirection="column" width={width} height={height} overflow="hidden">
			{lines.slice(0, height).map((line, row) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: a line is its place.
				<Painted key={row} line={line} />
			))}
		</Box>
	);
}
