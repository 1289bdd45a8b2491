import type {List} from '../../../api/contract.js';
import type {SluiceError} from '../../../model/errors.js';
import {isListMove, type ListMove} from '../../components/list.js';
import type {Effect} from '../effect.js';
import type {ScreenContext} from '../screen.js';
import {again, arrived, awaitsRow, type ListPages, missingPages, moved, noPages, rowAt, startedAfresh, waitingFor} from './list-pages.js';

/** A list, newest first, that the daemon pages and searches: it reaches to the oldest row, however many there are. */
export type PagedList<Row> = {readonly pages: ListPages<Row>; readonly find: string};

export type PagedCommand<Row> =
	| {readonly type: 'came'; readonly page: number; readonly question: number; readonly list: List<Row>}
	| {readonly type: 'refused'; readonly question: number; readonly error: SluiceError}
	| {readonly type: 'move'; readonly how: ListMove}
	| {readonly type: 'find'; readonly text: string}
	| {readonly type: 'refresh'};

/** Asks the daemon for one page; the answer is a `came` of this page and question. */
export type AskPage<Command> = (page: number, question: number, find: string) => Effect<Command>;

export type PagedStep<Row, Command> = readonly [list: PagedList<Row>, ...asks: Effect<Command>[]];

export function startPaged<Row, Command>(around: PagedSpace, askPage: AskPage<Command>): PagedStep<Row, Command> {
	return fetched<Row, Command>({pages: noPages, find: ''}, around, askPage);
}

export function updatePaged<Row, Command>(
	list: PagedList<Row>,
	command: PagedCommand<Row>,
	around: PagedSpace,
	askPage: AskPage<Command>,
): PagedStep<Row, Command> {
	const {pages} = list;
	switch (command.type) {
		case 'came':
			return fetched({...list, pages: withPage(pages, command)}, around, askPage);
		case 'refused':
			return [command.question === pages.question ? {...list, pages: {...pages, error: command.error}} : list];
		case 'move':
			return fetched({...list, pages: moved(pages, command.how, rowsShown(around))}, around, askPage);
		case 'find':
			return fetched({find: command.text, pages: startedAfresh(pages)}, around, askPage);
		case 'refresh':
			return fetched({...list, pages: again(pages)}, around, askPage);
	}
}

export function rowUnder<Row>({pages}: PagedList<Row>): Row | undefined {
	return rowAt(pages, pages.list.cursor);
}

/** What works on the row under the cursor, or on how many there are. */
const needsRow: ReadonlySet<string> = new Set('up down pageUp pageDown top bottom open redeliver'.split(' '));

/** Whether a key works on a row that is on its way. */
export function awaitsPage({pages}: PagedList<unknown>, key: string): boolean {
	return needsRow.has(key) && awaitsRow(pages, isListMove(key));
}

type PagedSpace = Pick<ScreenContext, 'height'>;

/** Lines of the body that are rows: one is the table's header, the last says how many there are. */
function rowsShown({height}: PagedSpace): number {
	return Math.max(1, height - 2);
}

/** New rows came before all others: the cursor stays on the row it was on, or on the first one where it was there. */
function withPage<Row>(
	pages: ListPages<Row>,
	{page, question, list: {items, total}}: PagedCommand<Row> & {readonly type: 'came'},
): ListPages<Row> {
	const grown = question === pages.question && pages.total !== null ? Math.max(0, total - pages.total) : 0;
	const {cursor, top} = pages.list;
	const by = cursor === 0 && top === 0 ? 0 : grown;
	const list = {cursor: cursor + by, top: top + by};
	return arrived<Row, ListPages<Row>>({...pages, list}, {page, question, rows: items, total});
}

function fetched<Row, Command>(list: PagedList<Row>, around: PagedSpace, askPage: AskPage<Command>): PagedStep<Row, Command> {
	const {pages, find} = list;
	if (pages.error !== null) return [list];
	const missing = missingPages(pages, rowsShown(around));
	return [{find, pages: waitingFor(pages, missing)}, ...missing.map((page) => askPage(page, pages.question, find))];
}
