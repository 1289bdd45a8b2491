import {existsSync} from 'node:fs';
import {setImmediate as otherWork} from 'node:timers/promises';
import type {ObjectDefinition} from '../../model/object.js';
import type {RelatedByField} from '../../model/related-record.js';
import type {FieldValue} from '../../model/value.js';
import {asStored} from './catalogue.js';
import {fromColumn} from './codec.js';
import {type Database, openForReading} from './connection.js';
import {fieldsOf, idField} from './fields.js';
import {idOfHex} from './record-id.js';
import {activeRows, isDense, newestRows} from './record-pages.js';
import {compileQuery} from './record-query.js';
import {isIndexed, type Source, selectRows, sourceOf} from './record-sql.js';
import {idsByIdentifier, relatedRecords} from './related-records.js';
import {storeError} from './store-error.js';

/** A record as people and programs see it (SPEC 13): blank fields are left out. `related`: the records that its relationships name, if any. */
export type ReadRecord = {
	readonly id: string;
	readonly archived: boolean;
	readonly fields: Readonly<Record<string, FieldValue>>;
	readonly related?: RelatedByField;
};

export type RecordsQuery = {
	/** Text that any field, or the id, holds, without regard to case; or the unique identifier of a related record. */
	readonly find?: string | null;
	/** Fields (or `id`) and what they hold, as a person typed it; nothing typed means blank. All must hold. */
	readonly where?: readonly {readonly field: string; readonly value: string}[];
	/** Archived records too. */
	readonly archived?: boolean;
	readonly offset?: number;
	/** 0: all of them. */
	readonly limit?: number;
	/** The workspace's objects, where related records are to be named, or found by. */
	readonly objects?: readonly ObjectDefinition[];
};

export type RecordsPage = {readonly items: readonly ReadRecord[]; readonly total: number; readonly next: number | null};

/** Rows looked at before other work has its turn: a few milliseconds. */
const rowsPerSlice = 4000;

/**
 * A page of an object's records, newest first, and how many there are. Opens the file for reading alone; a store or a table that is not there
 * yet is empty. A search goes through a large table in slices, so that its process stays responsive.
 *
 * A field whose new type the store refuses is read as the store holds it.
 *
 * @throws SluiceError `store.unknown` for a field that the object does not have, `store.*`
 */
export async function readRecords(file: string, defined: ObjectDefinition, query: RecordsQuery = {}): Promise<RecordsPage> {
	if (!existsSync(file)) return {items: [], total: 0, next: null};
	const db = openForReading(file);
	try {
		db.exec('BEGIN');
		const object = asStored(db, 'main', defined);
		const source = sourceOf(db, 'main', object);
		if (!source) return {items: [], total: 0, next: null};
		const {rows, total} = await pageOf(db, source, object, query);
		const end = (query.offset ?? 0) + rows.length;
		return {items: withRelated(db, object, query, recordsOf(db, source, object, rows)), total, next: end < total ? end : null};
	} catch (error) {
		throw storeError(error, file);
	} finally {
		db.close();
	}
}

function withRelated(
	db: Database,
	object: ObjectDefinition,
	{objects = []}: RecordsQuery,
	records: readonly ReadRecord[],
): readonly ReadRecord[] {
	const related = relatedRecords(db, object, objects, records);
	return records.map((record, index) => {
		const own = related[index] ?? {};
		return Object.keys(own).length === 0 ? record : {...record, related: own};
	});
}

type Page = {readonly rows: readonly number[]; readonly total: number};

async function pageOf(db: Database, source: Source, object: ObjectDefinition, query: RecordsQuery): Promise<Page> {
	const {find = null, where = [], archived = false, offset = 0} = query;
	const limit = query.limit === 0 ? Number.MAX_SAFE_INTEGER : (query.limit ?? 200);
	if (find === null && where.length === 0 && isDense(db, object)) {
		return archived ? newestRows(db, object, offset, limit) : activeRows(db, object, offset, limit);
	}
	const condition = compileQuery(object, source, {find, where, archived}, (field, text) =>
		idsByIdentifier(db, field, query.objects ?? [], text),
	);
	const matching = `SELECT record._row FROM main.${source.table} record WHERE ${condition.sql}`;
	if (where.some((asked) => isServedByIndex(db, object, asked))) {
		const all = db
			.prepare(`${matching} ORDER BY +record._row DESC`)
			.pluck()
			.all(...condition.bound) as number[];
		return {rows: all.slice(offset, offset + limit), total: all.length};
	}
	const slice = db.prepare(`${matching} AND record._row BETWEEN ? AND ? ORDER BY record._row DESC`).pluck();
	const rows: number[] = [];
	let total = 0;
	for (let last = newestRow(db, source); last > 0; last -= rowsPerSlice) {
		for (const row of slice.all(...condition.bound, last - rowsPerSlice + 1, last) as number[]) {
			if (total >= offset && rows.length < limit) rows.push(row);
			total++;
		}
		await otherWork();
	}
	return {rows, total};
}

/** Whether the value asked for can be looked up: few records hold it, and no slices are needed. */
function isServedByIndex(db: Database, object: ObjectDefinition, {field: name, value}: {field: string; value: string}): boolean {
	const field = fieldsOf(object)(name);
	if (value.trim() === '' || field.multiple) return false;
	return field === idField || ((field.identifier || field.unique) && isIndexed(db, 'main', object, field));
}

function newestRow(db: Database, {table}: Source): number {
	return db.prepare(`SELECT coalesce(max(_row), 0) FROM main.${table}`).pluck().get() as number;
}

function recordsOf(db: Database, source: Source, object: ObjectDefinition, rows: readonly number[]): readonly ReadRecord[] {
	const fields = object.fields.filter(({apiName}) => apiName !== idField.apiName);
	const select = db.prepare(selectRows(source, fields)).raw().safeIntegers();
	const found = select.all(`[${rows.join(',')}]`) as [bigint, string, bigint, ...unknown[]][];
	return found.map(([, hex, archived, ...stored]) => {
		const values: [string, FieldValue][] = [];
		for (const [index, field] of fields.entries()) {
			const value = fromColumn(field, stored[index]);
			if (value !== null) values.push([field.apiName, value]);
		}
		return {id: idOfHex(hex), archived: archived !== 0n, fields: Object.fromEntries(values)};
	});
}
