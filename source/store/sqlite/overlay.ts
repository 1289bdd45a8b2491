import {SluiceError} from '../../model/errors.js';
import type {Field, ObjectDefinition} from '../../model/object.js';
import type {ChunkCommit, ExecutionStore} from '../record-store.js';
import {ChunkWriter} from './chunk-writer.js';
import {type Database, openForTrial} from './connection.js';
import {memoryState, rememberedBlocks} from './diff-memory.js';
import {affinityOf, keyColumnOf, lookupIndex, tableOf} from './layout.js';
import {checkLease, putCheckpoint, putLease, putOptions, readCheckpoints} from './ledger.js';
import {checkVersion, makeTemporary} from './migrate.js';
import {refuseHeldInBase} from './overlay-clash.js';
import {bringOver} from './overlay-copy.js';
import {isIndexed, madeTable, type Source, sourceOf} from './record-sql.js';
import {RecordTables} from './record-tables.js';
import {referenceBlocks} from './reference-blocks.js';
import {storeError} from './store-error.js';
import {refuse, syncObjects, typeProblems} from './sync-objects.js';

/**
 * Opens the records for a dry run: the store as it stands at this moment, opened for reading alone, and over it temporary tables that take all
 * the run would have written. The store need not exist, and may lack fields that the objects have by now.
 *
 * One connection holds both, in a transaction that begins here and never ends: so the snapshot stands still, and one statement sees what both
 * hold. What the run writes spills into a file without a name in the folder `scratch`; memory stays flat, and nothing is left behind.
 *
 * @throws SluiceError `store.object_refused`, `store.newer`, `store.damaged`, `store.io`, `store.full`
 */
export async function openOverlay(file: string, scratch: string, objects: readonly ObjectDefinition[]): Promise<ExecutionStore> {
	const db = openForTrial(file, scratch);
	try {
		db.exec('BEGIN');
		checkVersion(db);
		refuse(objects.flatMap((object) => typeProblems(db, 'main', object)));
		makeTemporary(db);
		syncObjects(db, 'temp', objects);
		return overlay(db, objects);
	} catch (error) {
		db.close();
		throw storeError(error, file);
	}
}

function overlay(db: Database, objects: readonly ObjectDefinition[]): ExecutionStore {
	const made = new Map<string, Set<string>>();
	const baseOf = (object: ObjectDefinition): Source | null => sourceOf(db, 'main', object, made.get(object.apiName) ?? new Set());
	const sourcesOf = (object: ObjectDefinition) => [baseOf(object), sourceOf(db, 'temp', object)].filter((source) => source !== null);
	const tables = new RecordTables(db, objects, sourcesOf);
	const indexed = new Set<string>();

	const makeIndex = (name: string, fieldName: string) => {
		const known = `${name}.${fieldName}`;
		if (fieldName === 'id' || indexed.has(known)) return;
		indexed.add(known);
		const object = tables.object(name);
		const field = tables.of(name).field(fieldName);
		if (!isIndexed(db, 'temp', object, field)) db.exec(lookupIndex(name, field).sql('temp'));
		const source = baseOf(object);
		if (!source?.has(field) || isIndexed(db, 'main', object, field)) return;
		makeLookupTable(db, name, field);
		made.set(name, new Set([...(made.get(name) ?? []), fieldName]));
		tables.renew(name);
	};

	const write = (chunk: ChunkCommit) => {
		checkLease(db, chunk.execution, chunk.lease);
		putCheckpoint(db, chunk);
		for (const {apiName, identifier, unique} of tables.object(chunk.object).fields)
			if (identifier || unique) makeIndex(chunk.object, apiName);
		const table = tables.of(chunk.object);
		const source = baseOf(table.object);
		new ChunkWriter(db, table).write(chunk, (rows) => {
			if (source) bringOver(db, table.object, source, rows);
		});
		putOptions(db, chunk);
		if (source) refuseHeldInBase(table, chunk);
	};

	const translated = <Result>(work: () => Result): Result => {
		try {
			return work();
		} catch (error) {
			throw storeError(error, db.name);
		}
	};

	return {
		async lookup(object, field, values) {
			return translated(() => {
				makeIndex(object, field);
				return tables.of(object).lookup(field, values);
			});
		},
		async read(object, ids, fields) {
			return translated(() => tables.of(object).read(ids, fields));
		},
		async options(object, field) {
			return translated(() => tables.options(object, field, ['main', 'temp']));
		},
		async beginChunk() {},
		async abandonChunk() {
			tables.forget();
		},
		async commitChunk(chunk) {
			translated(() => whole(db, () => write(chunk)));
			tables.forget();
		},
		async checkpoints(execution) {
			return translated(() => readCheckpoints(db, execution));
		},
		async takeLease(execution, lease) {
			translated(() => putLease(db, execution, lease));
		},
		async ensureIndex(object, field) {
			translated(() => makeIndex(object, field));
		},
		async *referenceBlocks(name, fields, where) {
			const object = tables.object(name);
			yield* referenceBlocks(db, sourcesOf(object), object, fields, where);
		},
		async memoryState(key) {
			return memoryState(db, 'main', key);
		},
		async *remembered(key) {
			yield* rememberedBlocks(db, 'main', key);
		},
		async close() {
			db.close();
		},
	};
}

/** All of a chunk or nothing of it, within the transaction that never ends. */
function whole(db: Database, work: () => void): void {
	if (!db.inTransaction) throw new SluiceError('store.io', 'The dry run lost its temporary tables after an error.');
	db.exec('SAVEPOINT chunk');
	try {
		work();
	} catch (error) {
		// why: after a full disk SQLite has already rolled back by itself, all of it
		if (db.inTransaction) db.exec('ROLLBACK TO chunk');
		throw error;
	} finally {
		if (db.inTransaction) db.exec('RELEASE chunk');
	}
}

/** The store's own records by a field that it has no index for: one pass, so that no look-up has to make one. */
function makeLookupTable(db: Database, object: string, field: Field): void {
	const table = `temp.${madeTable(object, field)}`;
	const key = keyColumnOf(field);
	const type = affinityOf(field);
	db.exec(`CREATE TABLE ${table} (value ${type}, _row INTEGER NOT NULL, PRIMARY KEY (value, _row)) WITHOUT ROWID`);
	db.exec(`INSERT INTO ${table} SELECT ${key}, _row FROM main.${tableOf(object)} WHERE ${key} IS NOT NULL ORDER BY 1, 2`);
}
