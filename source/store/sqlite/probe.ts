import {closeSync, openSync, readSync, statSync} from 'node:fs';
import Sqlite from 'better-sqlite3';
import type {Database} from './connection.js';

/** Which database a file holds, and how often it was written. */
export type Generation = {readonly id: string; readonly number: number};

export type Found =
	| {readonly is: 'missing' | 'empty'}
	| {readonly is: 'damaged'; readonly reason: string}
	/** `generation` is null where an earlier version wrote the file. `version`: how many migrations it has been through. */
	| {readonly is: 'whole'; readonly generation: Generation | null; readonly version: number};

/** Where the two databases of a workspace keep their generation. */
const generations = {
	store: 'SELECT id, number FROM generation',
	control: `SELECT a.value AS id, CAST(b.value AS INTEGER) AS number FROM facts a JOIN facts b ON b.name = 'generation' WHERE a.name = 'id'`,
} as const;

export type DatabaseKind = keyof typeof generations;

/** How thoroughly a file is looked at: only at its head; at how its pages fit together; at all that SQLite can check. */
export type Depth = 'head' | 'quick_check' | 'integrity_check';

/**
 * Looks at a database without writing it.
 *
 * @throws what the operating system says of a file that cannot be opened
 */
export function probeDatabase(file: string, kind: DatabaseKind, depth: Depth): Found {
	const found = statSync(file, {throwIfNoEntry: false});
	if (!found) return {is: 'missing'};
	if (!found.isFile()) return {is: 'damaged', reason: 'it is no regular file'};
	if (found.size === 0) return {is: 'empty'};
	const cut = cutShort(file, found.size);
	if (cut !== null) return {is: 'damaged', reason: cut};
	let db: Database | null = null;
	try {
		db = new Sqlite(file, {readonly: true, fileMustExist: true, timeout: 10_000});
		if (db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0) return {is: 'empty'};
		if (depth !== 'head') {
			const said = db.prepare(`PRAGMA ${depth}(3)`).pluck().all() as string[];
			if (said.join() !== 'ok') return {is: 'damaged', reason: said.join('; ').replaceAll(/\s+/g, ' ').slice(0, 300)};
		}
		return {is: 'whole', generation: generationOf(db, kind), version: Number(db.pragma('user_version', {simple: true}))};
	} catch (error) {
		if (isDamage(error)) return {is: 'damaged', reason: (error as Error).message};
		throw error;
	} finally {
		db?.close();
	}
}

/** Whether SQLite says of a file that it is not, or not any more, a whole database. */
export function isDamage(error: unknown): boolean {
	return error instanceof Sqlite.SqliteError && (error.code.startsWith('SQLITE_CORRUPT') || error.code === 'SQLITE_NOTADB');
}

function generationOf(db: Database, kind: DatabaseKind): Generation | null {
	const table = kind === 'store' ? 'generation' : 'facts';
	const isThere = db.prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?`).get(table) !== undefined;
	return isThere ? ((db.prepare(generations[kind]).get() as Generation | undefined) ?? null) : null;
}

const headBytes = 100;

/**
 * What is missing of a file that was cut short, from what its head says of its length (the file format's offsets 16, 24, 28 and 92).
 * A log that was not brought in yet may hold pages of its end: such a file is left to SQLite.
 */
function cutShort(file: string, size: number): string | null {
	if ((statSync(`${file}-wal`, {throwIfNoEntry: false})?.size ?? 0) > 0) return null;
	const head = Buffer.alloc(headBytes);
	const handle = openSync(file, 'r');
	try {
		if (readSync(handle, head, 0, headBytes, 0) < headBytes) return `it has ${size} bytes, fewer than any database`;
	} finally {
		closeSync(handle);
	}
	const pageBytes = head.readUInt16BE(16) === 1 ? 65_536 : head.readUInt16BE(16);
	const isCurrent = head.readUInt32BE(24) === head.readUInt32BE(92);
	const wanted = head.readUInt32BE(28) * pageBytes;
	return isCurrent && size < wanted ? `it ends after ${size} of ${wanted} bytes` : null;
}
