/** Where the cursor of a list stands and which rows are on the screen. Rows count from 0. */
export type ListState = {readonly cursor: number; readonly top: number};

export const atTop: ListState = {cursor: 0, top: 0};

export type ListMove = 'up' | 'down' | 'pageUp' | 'pageDown' | 'top' | 'bottom';

const moves: ReadonlySet<string> = new Set<ListMove>(['up', 'down', 'pageUp', 'pageDown', 'top', 'bottom']);

/** Whether a key command moves in a list. */
export function isListMove(command: string): command is ListMove {
	return moves.has(command);
}

/** The list after a move. `rows` is how many rows the screen shows, `total` how many there are. */
export function move(list: ListState, how: ListMove, total: number, rows: number): ListState {
	const page = Math.max(1, rows - 1);
	const wanted = {
		up: list.cursor - 1,
		down: list.cursor + 1,
		pageUp: list.cursor - page,
		pageDown: list.cursor + page,
		top: 0,
		bottom: total - 1,
	}[how];
	return moveTo(list, wanted, total, rows);
}

/** The list with its cursor on a row, or the nearest there is, and that row on the screen. */
export function moveTo(list: ListState, row: number, total: number, rows: number): ListState {
	const cursor = Math.max(0, Math.min(row, total - 1));
	const least = Math.max(0, cursor - Math.max(1, rows) + 1);
	const most = Math.max(0, Math.min(cursor, total - rows));
	return {cursor, top: Math.max(least, Math.min(list.top, Math.max(least, most)))};
}

/** The list after its rows changed: the cursor stays on the same thing, wherever that went (console reference 2.5). */
export function follow<Row>(
	list: ListState,
	before: readonly Row[],
	after: readonly Row[],
	keyOf: (row: Row) => string,
	rows: number,
): ListState {
	const held = before[list.cursor];
	const found = held === undefined ? -1 : after.findIndex((row) => keyOf(row) === keyOf(held));
	const row = found < 0 ? list.cursor : found;
	return moveTo({cursor: row, top: list.top + (found < 0 ? 0 : found - list.cursor)}, row, after.length, rows);
}
