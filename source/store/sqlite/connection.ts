import {existsSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import Sqlite, {type Database} from 'better-sqlite3';
import {SluiceError} from '../../model/errors.js';
import {decimalOrder} from './decimal-order.js';
import {quoteText} from './layout.js';
import {storeError} from './store-error.js';

export type {Database} from 'better-sqlite3';

/**
 * Smaller pages than usual: a chunk of scattered updates rewrites a page a row, and pages of 2 KB make that half as much to log and check
 * (13 s against 17 s for a million), while everything in order costs the same.
 */
const pageBytes = 2048;

/**
 * 400 MB of log before it is brought into the file: a page that many chunks change is then written once, and the log of a million new
 * records when the runner lets go of the store rather than between two chunks.
 */
const autocheckpointPages = 200_000;

const cacheKb = 64_000;
const waitMs = 120_000;

/** Opens the record store for reading and writing; creates it when it is not there. @throws SluiceError `store.*` */
export function openForWriting(file: string): Database {
	return opened(file, () => {
		const db = new Sqlite(file, {timeout: 10_000});
		db.pragma(`page_size = ${pageBytes}`);
		db.pragma('journal_mode = WAL');
		db.pragma('synchronous = FULL');
		db.pragma(`cache_size = -${cacheKb}`);
		db.pragma(`wal_autocheckpoint = ${autocheckpointPages}`);
		db.pragma(`temp.cache_size = -${cacheKb / 2}`);
		return db;
	});
}

/** Opens the record store for reading alone. The file must exist. @throws SluiceError `store.*` */
export function openForReading(file: string): Database {
	return opened(file, () => {
		const db = new Sqlite(file, {readonly: true, fileMustExist: true, timeout: 10_000});
		db.pragma(`cache_size = -${cacheKb / 4}`);
		return db;
	});
}

/**
 * Opens the record store for reading alone, with room for temporary tables in `scratch`, a folder: their file has no name and is gone with the
 * process, whatever ends it. A store that is not there yet is empty.
 */
export function openForTrial(file: string, scratch: string): Database {
	return opened(file, () => {
		const db = existsSync(file) ? new Sqlite(file, {readonly: true, timeout: 10_000}) : new Sqlite(':memory:');
		db.pragma(`temp_store_directory = ${quoteText(scratch)}`);
		db.pragma('temp_store = FILE');
		db.pragma(`cache_size = -${cacheKb / 2}`);
		db.pragma(`temp.cache_size = -${cacheKb / 2}`);
		return db;
	});
}

function opened(file: string, open: () => Database): Database {
	try {
		const db = open();
		db.function('fold', {deterministic: true}, (text: unknown) => (typeof text === 'string' ? text.toLowerCase() : null));
		db.function('decimal_order', {deterministic: true}, (text: unknown) => (typeof text === 'string' ? decimalOrder(text) : null));
		return db;
	} catch (error) {
		throw storeError(error, file);
	}
}

/**
 * Takes the write lock. Waits for another runner without blocking this process, which may be told to stop meanwhile.
 *
 * @throws SluiceError `store.busy` when nobody let go for two minutes
 */
export async function beginWriting(db: Database): Promise<void> {
	const deadline = performance.now() + waitMs;
	db.pragma('busy_timeout = 0');
	try {
		while (!tryBegin(db)) {
			if (performance.now() > deadline)
				throw new SluiceError('store.busy', 'The record store is locked by another program.', {where: db.name});
			await sleep(1 + Math.random() * 4);
		}
	} finally {
		db.pragma('busy_timeout = 10000');
	}
}

function tryBegin(db: Database): boolean {
	try {
		db.exec('BEGIN IMMEDIATE');
		return true;
	} catch (error) {
		if (error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY')) return false;
		throw storeError(error, db.name);
	}
}

/** Runs `work` in the transaction that is open, then commits it; undoes all of it when anything throws. */
export function committing<Result>(db: Database, work: () => Result): Result {
	try {
		const result = work();
		db.exec('COMMIT');
		return result;
	} catch (error) {
		// why: after a full disk SQLite has already rolled back by itself
		if (db.inTransaction) db.exec('ROLLBACK');
		throw storeError(error, db.name);
	}
}

/** One write of its own: the lock, the work, the commit. */
export async function writing<Result>(db: Database, work: () => Result): Promise<Result> {
	if (!db.inTransaction) await beginWriting(db);
	return committing(db, work);
}
