import {Box} from 'ink';
import type {ReactElement} from 'react';
import {type Column, Table} from '../../components/table.js';
import type {Span} from '../../theme/paint.js';
import type {ScreenContext} from '../screen.js';
import {noticeOf, PlainLines} from './notice.js';
import {type Rows, type RowsOf, shownRows} from './rows.js';

type RowsTableProps<Row> = {
	readonly rows: Rows<Row>;
	readonly of: RowsOf<Row>;
	/** What the rows are, for the notice that stands here until they came. */
	readonly what: string;
	readonly columns: readonly Column<Row>[];
	/** Said where nothing is there, and nothing is looked for. */
	readonly none: string;
	/** A row in a sentence that says that none holds the text looked for: `entry`. */
	readonly one: string;
	/** The lines below, of the row under the cursor. */
	readonly foot: (here: Row | undefined) => readonly Span[];
	/** How many lines are kept for it. */
	readonly footLines?: number;
	readonly around: Pick<ScreenContext, 'width' | 'height'>;
};

/** A list the daemon gave as a whole, with a line below it. */
export function RowsTable<Row>({
	rows,
	of,
	what,
	columns,
	none,
	one,
	foot,
	footLines = 1,
	around: {width, height},
}: RowsTableProps<Row>): ReactElement {
	const notice = noticeOf(rows.asked, what, width);
	if (notice !== null) return notice;
	const shown = shownRows(rows, of);
	const {list, find} = rows;
	return (
		<Box flexDirection="column">
			<Table
				columns={columns}
				total={shown.length}
				rowAt={(index) => shown[index]}
				cursor={list.cursor}
				top={list.top}
				width={width}
				height={height - footLines}
				empty={find === '' ? none : `No ${one} holds "${find}".`}
			/>
			<PlainLines lines={foot(shown[list.cursor]).map((span) => [span])} width={width} height={footLines} />
		</Box>
	);
}
