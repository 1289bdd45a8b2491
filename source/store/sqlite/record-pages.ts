import type {ObjectDefinition} from '../../model/object.js';
import type {Database} from './connection.js';
import {awayIndex, tableOf} from './layout.js';

/*
 * Pages of whole tables by arithmetic: rows are numbered without gaps, because records are never deleted, and an index holds the archived
 * ones. So any page of a million records is there at once, and so is their number.
 */

type Page = {readonly rows: readonly number[]; readonly total: number};

/** Whether the object's rows are numbered from 1 without gaps, as far as a look at the greatest can tell. */
export function isDense(db: Database, object: ObjectDefinition): boolean {
	const index = db.prepare(`SELECT 1 FROM main.sqlite_schema WHERE type = 'index' AND name = ?`).get(`${object.apiName}._id:away`);
	return index !== undefined;
}

/** Newest first, archived ones too. */
export function newestRows(db: Database, object: ObjectDefinition, offset: number, limit: number): Page {
	const total = greatest(db, object);
	const first = total - offset;
	const length = Math.max(0, Math.min(limit, first));
	return {rows: Array.from({length}, (_, index) => first - index), total};
}

/** Newest first, archived ones left out. */
export function activeRows(db: Database, object: ObjectDefinition, offset: number, limit: number): Page {
	const newest = greatest(db, object);
	const table = `main.${tableOf(object.apiName)}`;
	const away = db
		.prepare(`SELECT count(*) FROM ${table} INDEXED BY ${awayIndex(object.apiName)} WHERE _archived <> 0 AND _row > ? AND _row <= ?`)
		.pluck();
	const archivedIn = (after: number, last: number) => away.get(after, last) as number;
	const total = newest - archivedIn(0, newest);
	let first = newest - offset;
	// why: each archived record among those passed over moves the page one further down, and may move it past others
	for (let missing = archivedIn(first, newest); missing > 0 && first > 0; ) {
		const moved = first - missing;
		missing = archivedIn(moved, first);
		first = moved;
	}
	const select = db.prepare(`SELECT _row FROM ${table} WHERE _row <= ? AND _archived = 0 ORDER BY _row DESC LIMIT ?`).pluck();
	return {rows: select.all(first, limit) as number[], total};
}

function greatest(db: Database, object: ObjectDefinition): number {
	return db
		.prepare(`SELECT coalesce(max(_row), 0) FROM main.${tableOf(object.apiName)}`)
		.pluck()
		.get() as number;
}
