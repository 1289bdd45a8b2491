import {statSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {bringLogIn} from '../../source/store/sqlite/bring-log-in.js';
import {openForReading, openForWriting} from '../../source/store/sqlite/connection.js';
import {scratchFolder} from './harness.js';

let folder: ReturnType<typeof scratchFolder>;
let file: string;
beforeEach(() => {
	folder = scratchFolder();
	file = join(folder.folder, 'sluice.db');
});
afterEach(() => folder.remove());

const megabyte = 1024 * 1024;

/** An open store with a log of so many bytes, more or less. */
function withLog(bytes: number) {
	const db = openForWriting(file);
	db.exec('CREATE TABLE kept (text)');
	db.prepare(
		'INSERT INTO kept WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?) SELECT zeroblob(1000) FROM n',
	).run(Math.ceil(bytes / 1000));
	return db;
}

test('a large log is brought into the file while the store is open, and every row is there then', async () => {
	const db = withLog(20 * megabyte);
	expect(statSync(file).size).toBeLessThan(megabyte);
	await bringLogIn(file);
	expect(statSync(file).size).toBeGreaterThan(20 * megabyte);
	expect(db.prepare('SELECT count(*) FROM kept').pluck().get()).toBe(Math.ceil((20 * megabyte) / 1000));
	expect(db.pragma('integrity_check', {simple: true})).toBe('ok');
	db.close();
});

test('a reader of an older moment keeps what it sees, and the store can be closed all the same', async () => {
	openForWriting(file).close();
	const reader = openForReading(file);
	reader.exec('BEGIN');
	const seen = () => reader.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'kept'").pluck().get();
	expect(seen()).toBe(0);
	const db = withLog(20 * megabyte);
	await bringLogIn(file);
	expect(seen()).toBe(0);
	expect(db.prepare('SELECT count(*) FROM kept').pluck().get()).toBe(Math.ceil((20 * megabyte) / 1000));
	db.close();
	reader.close();
});

test('a small log is left to the closing of the store, and no log is no trouble', async () => {
	await bringLogIn(file);
	const db = withLog(megabyte);
	await bringLogIn(file);
	expect(statSync(file).size).toBeLessThan(megabyte);
	db.close();
	expect(statSync(file).size).toBeGreaterThan(megabyte);
});
