import {tmpdir} from 'node:os';
import type {ObjectDefinition} from '../../model/object.js';
import type {ChunkCommit, LiveStore} from '../record-store.js';
import {archiveRecords} from './archive.js';
import {bringLogIn} from './bring-log-in.js';
import {createPlainly} from './bulk/bulk-create.js';
import {PlainUpdater} from './bulk/bulk-update.js';
import {StagedRows} from './bulk/staged-rows.js';
import {hasIndex} from './catalogue.js';
import {ChunkWriter} from './chunk-writer.js';
import {beginWriting, type Database, openForReading, openForWriting, writing} from './connection.js';
import {addHashes, beginGeneration, dropUnfinished, flipGeneration, memoryState, rememberedBlocks} from './diff-memory.js';
import {advanceGeneration} from './generation.js';
import {lookupIndex} from './layout.js';
import {checkLease, isLoadFinished, markLoadFinished, putCheckpoint, putLease, putOptions, readCheckpoints} from './ledger.js';
import {migrateStore} from './migrate.js';
import {putEvents} from './outbox.js';
import {isIndexed, sourceOf} from './record-sql.js';
import {RecordTables} from './record-tables.js';
import {referenceBlocks} from './reference-blocks.js';
import {storeError} from './store-error.js';
import {syncObjects} from './sync-objects.js';

/**
 * Opens the records of a workspace for one live runner, creates the file when it is not there, and makes its tables fit the objects.
 *
 * `beginChunk` takes the one write lock, waiting without blocking the process; `commitChunk` and `abandonChunk` give it back.
 *
 * @param scratch a folder for files that are gone again with their chunk
 * @throws SluiceError `store.object_refused`, `store.newer`, `store.damaged`, `store.io`, `store.busy`, `store.full`
 */
export async function openStore(file: string, objects: readonly ObjectDefinition[], scratch = tmpdir()): Promise<LiveStore> {
	const db = openForWriting(file);
	try {
		await writing(db, () => {
			migrateStore(db);
			syncObjects(db, 'main', objects);
			advanceGeneration(db);
		});
	} catch (error) {
		db.close();
		throw error;
	}
	return liveStore(db, objects, scratch);
}

function liveStore(db: Database, objects: readonly ObjectDefinition[], scratch: string): LiveStore {
	const tables = new RecordTables(db, objects, (object) => [sourceOf(db, 'main', object)].filter((source) => source !== null));
	const writers = new Map<string, ChunkWriter>();
	const updaters = new Map<string, PlainUpdater>();
	const indexed = new Set<string>();
	const staged = new StagedRows(db, scratch);

	const writerOf = (object: string) => {
		const known = writers.get(object) ?? new ChunkWriter(db, tables.of(object));
		writers.set(object, known);
		return known;
	};

	const updaterOf = (object: string) => {
		const known = updaters.get(object) ?? new PlainUpdater(db, tables.of(object), staged);
		updaters.set(object, known);
		return known;
	};

	const translated = <Result>(work: () => Result): Result => {
		try {
			return work();
		} catch (error) {
			throw storeError(error, db.name);
		}
	};

	const makeIndex = (object: string, name: string) => {
		const known = `${object}.${name}`;
		if (name === 'id' || indexed.has(known)) return false;
		const field = tables.of(object).field(name);
		const index = lookupIndex(object, field);
		const needed = !isIndexed(db, 'main', tables.object(object), field) && !hasIndex(db, 'main', index.name);
		if (needed) db.exec(index.sql('main'));
		indexed.add(known);
		return needed;
	};

	const write = (chunk: ChunkCommit) => {
		checkLease(db, chunk.execution, chunk.lease);
		putCheckpoint(db, chunk);
		writerOf(chunk.object).write(chunk);
		putOptions(db, chunk);
		putEvents(db, chunk, tables.of(chunk.object));
		advanceGeneration(db);
	};

	const abandon = () => {
		if (db.inTransaction) db.exec('ROLLBACK');
		staged.release();
		// why: an index that was made for the chunk's look-ups is gone with it
		indexed.clear();
		tables.forget();
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
			return translated(() => tables.options(object, field, ['main']));
		},
		async beginChunk() {
			if (!db.inTransaction) await beginWriting(db);
		},
		async abandonChunk() {
			abandon();
		},
		async createPlainly(creates) {
			return translated(() => createPlainly(db, tables.of(creates.object), staged, creates));
		},
		async updatePlainly(updates) {
			return translated(() => updaterOf(updates.object).update(updates));
		},
		async commitChunk(chunk) {
			try {
				await writing(db, () => write(chunk));
				staged.release();
				tables.forget();
			} catch (error) {
				abandon();
				throw error;
			}
		},
		async checkpoints(execution) {
			return translated(() => readCheckpoints(db, execution));
		},
		async ensureIndex(object, field) {
			await writing(db, () => makeIndex(object, field));
		},
		async takeLease(execution, lease) {
			await writing(db, () => putLease(db, execution, lease));
		},
		referenceBlocks: (object, fields, where) =>
			snapshot(db.name, (reader) => {
				const source = sourceOf(reader, 'main', tables.object(object));
				return source ? referenceBlocks(reader, [source], tables.object(object), fields, where) : [];
			}),
		async memoryState(key) {
			return translated(() => memoryState(db, 'main', key));
		},
		remembered: (key) => snapshot(db.name, (reader) => rememberedBlocks(reader, 'main', key)),
		beginMemory: (key, execution) => writing(db, () => beginGeneration(db, key, execution)),
		addToMemory: (generation, scope, rows) => writing(db, () => addHashes(db, generation, scope, rows)),
		async finishLoad(execution, lease, memory) {
			return await writing(db, () => {
				checkLease(db, execution, lease);
				if (isLoadFinished(db, execution)) return true;
				if (memory && !flipGeneration(db, memory)) return false;
				markLoadFinished(db, execution);
				advanceGeneration(db);
				return true;
			});
		},
		async isLoadFinished(execution) {
			return translated(() => isLoadFinished(db, execution));
		},
		async forgetExecution(execution) {
			await writing(db, () => {
				dropUnfinished(db, execution);
				db.prepare('DELETE FROM lease WHERE execution = ?').run(execution);
				db.prepare('DELETE FROM checkpoint WHERE execution = ?').run(execution);
			});
		},
		archive: (object, identifiers) => writing(db, () => archiveRecords(db, tables.of(object), identifiers, true)),
		unarchive: (object, identifiers) => writing(db, () => archiveRecords(db, tables.of(object), identifiers, false)),
		async close() {
			abandon();
			await bringLogIn(db.name);
			db.close();
		},
	};
}

/** What `read` yields, all of it as the store stood when the first was asked for, whatever is committed meanwhile. */
async function* snapshot<Item>(file: string, read: (reader: Database) => Iterable<Item>): AsyncIterable<Item> {
	const reader = openForReading(file);
	try {
		reader.exec('BEGIN');
		yield* read(reader);
	} finally {
		reader.close();
	}
}
