import {type ListPages, noPages, type PageAnswer, arrived as pageArrived, startedAfresh} from '../shared/list-pages.js';
import {columnsOf, type Row} from './cells.js';

export type Filter = {
	readonly outcome?: string | undefined;
	readonly state?: string | undefined;
	readonly reason?: string | undefined;
	readonly find?: string | undefined;
	readonly column?: string | undefined;
	readonly value?: string | undefined;
};

/** How one table is looked at: its pages come as the cursor needs them, so its size does not matter. */
export type View = ListPages<Row> & {
	readonly columns: readonly string[];
	readonly filter: Filter;
	readonly sort: {readonly column: string; readonly descending: boolean} | null;
	/** The cursor's column, an index of the visible ones. */
	readonly column: number;
	readonly hidden: ReadonlySet<string>;
	/** Cells more or less than a column has by itself. */
	readonly widened: Readonly<Record<string, number>>;
};

export const newView: View = {...noPages, columns: ['row'], filter: {}, sort: null, column: 0, hidden: new Set(), widened: {}};

export function visibleColumns({columns, hidden}: Pick<View, 'columns' | 'hidden'>): readonly string[] {
	return columns.filter((column) => !hidden.has(column));
}

export function columnUnder(view: View): string {
	return visibleColumns(view)[view.column] ?? 'row';
}

/** Another filter or order: the rows start afresh, the columns stay as they are set. */
export function asking(view: View, change: {readonly filter?: Filter; readonly sort?: View['sort']}): View {
	return startedAfresh({...view, ...change});
}

/** The view after a page came. An answer to an older question changes nothing. */
export function arrived(view: View, table: string, answer: PageAnswer<Row>): View {
	if (answer.question !== view.question) return view;
	return {...pageArrived<Row, View>(view, answer), columns: columnsOf(table, view.columns, answer.rows)};
}

export function sideways(view: View, by: number): View {
	return {...view, column: Math.max(0, Math.min(view.column + by, visibleColumns(view).length - 1))};
}

export function widen(view: View, by: number): View {
	const column = columnUnder(view);
	return {...view, widened: {...view.widened, [column]: (view.widened[column] ?? 0) + by}};
}

/** Hides the cursor's column; the row's number always stays. */
export function hide(view: View): View {
	const column = columnUnder(view);
	if (column === 'row') return view;
	const hidden = new Set([...view.hidden, column]);
	return {...view, hidden, column: Math.min(view.column, visibleColumns({...view, hidden}).length - 1)};
}

/** Sorts by a column; the same once more turns the order round, a third time gives the scope's own order back. */
export function sortBy(view: View, column: string): View {
	const {sort} = view;
	if (sort?.column !== column) return asking(view, {sort: {column, descending: false}});
	return asking(view, {sort: sort.descending ? null : {column, descending: true}});
}
