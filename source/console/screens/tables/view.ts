import type {SluiceError} from '../../../model/errors.js';
import {atTop, type ListMove, type ListState, move} from '../../components/list.js';
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
export type View = {
	readonly columns: readonly string[];
	/** By number, from 0: rows `number * pageRows` and on. */
	readonly pages: ReadonlyMap<number, readonly Row[]>;
	readonly asked: ReadonlySet<number>;
	/** Rows the filter leaves; null until the first answer. */
	readonly total: number | null;
	readonly filter: Filter;
	readonly sort: {readonly column: string; readonly descending: boolean} | null;
	readonly list: ListState;
	/** The cursor's column, an index of the visible ones. */
	readonly column: number;
	readonly hidden: ReadonlySet<string>;
	/** Cells more or less than a column has by itself. */
	readonly widened: Readonly<Record<string, number>>;
	/** Counts questions: an answer to an older one is dropped. */
	readonly question: number;
	readonly error: SluiceError | null;
};

export const pageRows = 200;
/** Pages held; the farthest from the cursor are forgotten first. */
const mostPages = 12;

export const newView: View = {
	columns: ['row'],
	pages: new Map(),
	asked: new Set(),
	total: null,
	filter: {},
	sort: null,
	list: atTop,
	column: 0,
	hidden: new Set(),
	widened: {},
	question: 0,
	error: null,
};

export function rowAt({pages}: View, index: number): Row | undefined {
	return pages.get(Math.floor(index / pageRows))?.[index % pageRows];
}

export function visibleColumns({columns, hidden}: Pick<View, 'columns' | 'hidden'>): readonly string[] {
	return columns.filter((column) => !hidden.has(column));
}

export function columnUnder(view: View): string {
	return visibleColumns(view)[view.column] ?? 'row';
}

/** Another filter or order: the rows start afresh, the columns stay as they are set. */
export function asking(view: View, change: {readonly filter?: Filter; readonly sort?: View['sort']}): View {
	return {...view, ...change, pages: new Map(), asked: new Set(), total: null, list: atTop, question: view.question + 1, error: null};
}

/** The same rows once more, the old ones staying until then. */
export function again(view: View): View {
	return {
		...view,
		asked: new Set(),
		pages: new Map([...view.pages].filter(([page]) => pagesInSight(view, 60).includes(page))),
		question: view.question + 1,
		error: null,
	};
}

/** The view after a page came. An answer to an older question changes nothing. */
export function arrived(
	view: View,
	table: string,
	answer: {readonly page: number; readonly question: number; readonly rows: readonly Row[]; readonly total: number},
): View {
	if (answer.question !== view.question) return view;
	const here = Math.floor(view.list.cursor / pageRows);
	const kept = [...view.pages, [answer.page, answer.rows] as const]
		.sort(([a], [b]) => Math.abs(a - here) - Math.abs(b - here))
		.slice(0, mostPages);
	const pages = new Map(kept);
	const cursor = Math.max(0, Math.min(view.list.cursor, answer.total - 1));
	return {
		...view,
		pages,
		asked: new Set([...view.asked].filter((page) => pages.has(page) && page !== answer.page)),
		columns: columnsOf(table, view.columns, answer.rows),
		total: answer.total,
		list: {cursor, top: Math.min(view.list.top, cursor)},
		error: null,
	};
}

/** Pages the screen shows a part of. */
export function pagesInSight({list, total}: View, rows: number): readonly number[] {
	const last = total === null ? list.top : Math.min(total, list.top + rows) - 1;
	const from = Math.floor(list.top / pageRows);
	return Array.from({length: Math.max(1, Math.floor(Math.max(last, list.top) / pageRows) - from + 1)}, (_, index) => from + index);
}

export function moved(view: View, how: ListMove, rows: number): View {
	return {...view, list: move(view.list, how, view.total ?? 0, rows)};
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
