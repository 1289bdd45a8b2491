import {Box} from 'ink';
import type {ReactElement} from 'react';
import {Line} from '../../components/line.js';
import {type Column, Table} from '../../components/table.js';
import {count} from '../../text/age.js';
import type {Span} from '../../theme/paint.js';
import type {ScreenContext} from '../screen.js';
import {rowAt} from './list-pages.js';
import {ErrorBox} from './notice.js';
import {type PagedList, rowUnder} from './paged-list.js';

type PagedTableProps<Row> = {
	readonly list: PagedList<Row>;
	/** What the rows are: `history`. */
	readonly what: string;
	readonly columns: readonly Column<Row>[];
	/** Said where nothing is there, and nothing is looked for. */
	readonly none: string;
	/** A row in a sentence that says that none holds the text looked for: `entry`. */
	readonly one: string;
	/** The line below, of the row under the cursor. */
	readonly foot: (here: Row) => Span;
	readonly around: Pick<ScreenContext, 'width' | 'height'>;
};

/** A list that the daemon pages, with a line below it that says which row of how many this is. */
export function PagedTable<Row>({list, what, columns, none, one, foot, around: {width, height}}: PagedTableProps<Row>): ReactElement {
	const {pages, find} = list;
	const {total, error} = pages;
	if (error !== null && total === null) return <ErrorBox title={`No ${what}`} error={error} width={width} />;
	const empty = total === null ? `Asking the daemon for ${what} …` : find === '' ? none : `No ${one} holds "${find}".`;
	return (
		<Box flexDirection="column">
			<Table
				columns={columns}
				total={total ?? 0}
				rowAt={(index) => rowAt(pages, index)}
				cursor={pages.list.cursor}
				top={pages.list.top}
				width={width}
				height={height - 1}
				empty={empty}
			/>
			<Line width={width} spans={footSpans(list, foot)} />
		</Box>
	);
}

function footSpans<Row>(list: PagedList<Row>, foot: (here: Row) => Span): readonly Span[] {
	const {
		error,
		total,
		list: {cursor},
	} = list.pages;
	if (error !== null) return [{text: ` Not current: ${error.message}`, tone: 'warning'}];
	if (total === null || total === 0) return [];
	const here = rowUnder(list);
	return [{text: ` ${count(cursor + 1)} of ${count(total)}  `, tone: 'muted'}, ...(here === undefined ? [] : [foot(here)])];
}
