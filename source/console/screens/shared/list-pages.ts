import type {SluiceError} from '../../../model/errors.js';
import {atTop, type ListMove, type ListState, move} from '../../components/list.js';

/** A list of any length of which the pages around the cursor are held: what it costs does not depend on how far one scrolls. */
export type ListPages<Row> = {
	/** By number, from 0: rows `number * pageRows` and on. */
	readonly pages: ReadonlyMap<number, readonly Row[]>;
	/** On their way. */
	readonly asked: ReadonlySet<number>;
	/** Drawn as they were until they have come anew. */
	readonly old: ReadonlySet<number>;
	/** Rows there are; null until the first answer. */
	readonly total: number | null;
	readonly list: ListState;
	/** Counts questions: an answer to an older one is dropped. */
	readonly question: number;
	readonly error: SluiceError | null;
};

export type PageAnswer<Row> = {readonly page: number; readonly question: number; readonly rows: readonly Row[]; readonly total: number};

export const pageRows = 200;
/** Pages held; the farthest from the cursor are forgotten first. */
const mostPages = 12;
/** Lines no terminal has more of: pages further than that from the first row on the screen are not in sight. */
const mostLines = 200;

export const noPages: ListPages<never> = {
	pages: new Map(),
	asked: new Set(),
	old: new Set(),
	total: null,
	list: atTop,
	question: 0,
	error: null,
};

export function rowAt<Row>({pages}: Pick<ListPages<Row>, 'pages'>, index: number): Row | undefined {
	return pages.get(Math.floor(index / pageRows))?.[index % pageRows];
}

/** Other rows, from the first one: nothing is known of them yet. */
export function startedAfresh<View extends ListPages<unknown>>(view: View): View {
	return {...view, ...noPages, question: view.question + 1};
}

/** The same rows once more, the old ones in sight staying until then. */
export function again<View extends ListPages<unknown>>(view: View): View {
	const inSight = pagesInSight(view, mostLines);
	const pages = new Map([...view.pages].filter(([page]) => inSight.includes(page)));
	return {
		...view,
		asked: new Set(),
		pages,
		old: new Set(pages.keys()),
		question: view.question + 1,
		error: null,
	};
}

/** The list after a page came. An answer to an older question changes nothing. */
export function arrived<Row, View extends ListPages<Row>>(view: View, {page, question, rows, total}: PageAnswer<Row>): View {
	if (question !== view.question) return view;
	const here = Math.floor(view.list.cursor / pageRows);
	const kept = [...view.pages, [page, rows] as const].sort(([a], [b]) => Math.abs(a - here) - Math.abs(b - here)).slice(0, mostPages);
	const pages = new Map(kept);
	const cursor = Math.max(0, Math.min(view.list.cursor, total - 1));
	return {
		...view,
		pages,
		asked: without(view.asked, page),
		old: without(view.old, page),
		total,
		list: {cursor, top: Math.min(view.list.top, cursor)},
		error: null,
	};
}

export function moved<View extends ListPages<unknown>>(view: View, how: ListMove, rows: number): View {
	return {...view, list: move(view.list, how, view.total ?? 0, rows)};
}

/** Pages in sight that are neither here nor on their way. */
export function missingPages(view: ListPages<unknown>, rows: number): readonly number[] {
	return pagesInSight(view, rows).filter((page) => (!view.pages.has(page) || view.old.has(page)) && !view.asked.has(page));
}

/** The list once pages were asked for. */
export function waitingFor<View extends ListPages<unknown>>(view: View, pages: readonly number[]): View {
	return {...view, asked: new Set([...view.asked, ...pages])};
}

function without(numbers: ReadonlySet<number>, gone: number): ReadonlySet<number> {
	return new Set([...numbers].filter((one) => one !== gone));
}

/** Pages the screen shows a part of. */
function pagesInSight({list, total}: ListPages<unknown>, rows: number): readonly number[] {
	const last = total === null ? list.top : Math.min(total, list.top + rows) - 1;
	const from = Math.floor(list.top / pageRows);
	return Array.from({length: Math.max(1, Math.floor(Math.max(last, list.top) / pageRows) - from + 1)}, (_, index) => from + index);
}

/** Whether the row under the cursor is on its way; for a move it is enough that one knows how many there are. */
export function awaitsRow(view: ListPages<unknown>, isMove: boolean): boolean {
	if (view.error !== null || view.total === 0) return false;
	return view.total === null || (!isMove && rowAt(view, view.list.cursor) === undefined);
}

/**
 * The list with rows that came before its first one, the cursor on the same row, or on the first one where it stood there. Every page
 * begins elsewhere now: what is held is drawn until it has come anew.
 */
export function withRowsBefore<Row, View extends ListPages<Row>>(view: View, before: readonly Row[]): View {
	const rows = new Map<number, Row>(before.map((row, index) => [index, row]));
	for (const [page, held] of view.pages) {
		// A page that is not held whole has holes, which forEach leaves out.
		held.forEach((row, index) => {
			rows.set(page * pageRows + index + before.length, row);
		});
	}
	const numbers = new Set([...rows.keys()].map((index) => Math.floor(index / pageRows)));
	const pages = new Map(
		[...numbers].map((page) => {
			const held: Row[] = [];
			for (let index = 0; index < pageRows; index++) {
				const row = rows.get(page * pageRows + index);
				if (row !== undefined) held[index] = row;
			}
			return [page, held];
		}),
	);
	const {cursor, top} = view.list;
	const by = cursor === 0 && top === 0 ? 0 : before.length;
	return {
		...view,
		pages,
		asked: new Set(),
		old: numbers,
		total: (view.total ?? 0) + before.length,
		list: {cursor: cursor + by, top: top + by},
		question: view.question + 1,
	};
}
