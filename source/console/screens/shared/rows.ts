import type {SluiceError} from '../../../model/errors.js';
import {atTop, follow, type ListMove, type ListState, move} from '../../components/list.js';
import type {ScreenContext} from '../screen.js';
import {asking, came, type RemoteData, refusedWith} from './remote-data.js';

/** A list the daemon gave as a whole, with what is looked for in it. */
export type Rows<Row> = {
	readonly asked: RemoteData<readonly Row[]>;
	readonly list: ListState;
	readonly find: string;
};

export type RowsCommand<Row> =
	| {readonly type: 'came'; readonly items: readonly Row[]}
	| {readonly type: 'refused'; readonly error: SluiceError}
	| {readonly type: 'move'; readonly how: ListMove}
	| {readonly type: 'find'; readonly text: string};

export const noRows = {asked: asking, list: atTop, find: ''} as const;

export type RowsOf<Row> = {
	/** What tells one row from another, so that the cursor stays on it. */
	readonly keyOf: (row: Row) => string;
	/** Everything of a row that `/` looks in. */
	readonly textOf: (row: Row) => string;
};

export function shownRows<Row>({asked, find}: Rows<Row>, {textOf}: RowsOf<Row>): readonly Row[] {
	const all = asked.value ?? [];
	if (find === '') return all;
	const wanted = find.toLowerCase();
	return all.filter((row) => textOf(row).toLowerCase().includes(wanted));
}

/** The list after a command, its cursor on the same row. `lines` of the body are not rows. */
export function updateRows<Row>(
	rows: Rows<Row>,
	command: RowsCommand<Row>,
	of: RowsOf<Row>,
	{height}: Pick<ScreenContext, 'height'>,
	lines = 2,
): Rows<Row> {
	const visible = Math.max(1, height - lines);
	const before = shownRows(rows, of);
	switch (command.type) {
		case 'came': {
			const next = {...rows, asked: came(command.items)};
			return {...next, list: follow(rows.list, before, shownRows(next, of), of.keyOf, visible)};
		}
		case 'refused':
			return {...rows, asked: refusedWith(rows.asked, command.error)};
		case 'move':
			return {...rows, list: move(rows.list, command.how, before.length, visible)};
		case 'find':
			return {...rows, find: command.text, list: atTop};
	}
}
