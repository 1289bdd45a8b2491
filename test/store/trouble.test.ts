import {spawnSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {openForWriting, writing} from '../../source/store/sqlite/connection.js';
import {openStore} from '../../source/store/sqlite/open-store.js';
import {forgetEvents, oldestEvent, pendingEvents} from '../../source/store/sqlite/outbox.js';
import {chunk, contacts, creating, run, scratchFolder} from './harness.js';

let folder: ReturnType<typeof scratchFolder>;
let file: string;
beforeEach(() => {
	folder = scratchFolder();
	file = join(folder.folder, 'sluice.db');
});
afterEach(() => folder.remove());

test('a full disk is said so, undoes the write, and leaves the database whole', async () => {
	const db = openForWriting(file);
	db.exec('CREATE TABLE kept (text)');
	db.pragma('max_page_count = 20');
	const put = db.prepare('INSERT INTO kept VALUES (?)');
	await writing(db, () => put.run('before'));
	const filling = writing(db, () => {
		for (let row = 0; row < 1000; row++) put.run('x'.repeat(500));
	});
	await expect(filling).rejects.toMatchObject({code: 'store.full', where: file, cure: expect.stringContaining('Make room')});
	expect(db.prepare('SELECT text FROM kept').pluck().all()).toEqual(['before']);
	await writing(db, () => put.run('after'));
	expect(db.pragma('integrity_check', {simple: true})).toBe('ok');
	db.close();
});

test('a file system that refuses to write ends the run with its checkpoints in order, and the next runner goes on', async () => {
	await (await openStore(file, [contacts])).close();
	const committer = join(import.meta.dirname, 'committer.mjs');
	const runs = (limit: string) =>
		spawnSync('bash', ['-c', `${limit} exec "$0" "$@"`, process.execPath, committer, file, run, '1', JSON.stringify([contacts])], {
			encoding: 'utf8',
		});
	// why: a size limit on files makes the write of the log fail as a failing disk would
	const {status, stderr} = runs('trap "" XFSZ; ulimit -f 300;');
	expect(status).not.toBe(0);
	expect(stderr).toMatch(/store\.(io|full)/);
	const store = await openStore(file, [contacts]);
	const done = (await store.checkpoints(run)).length;
	expect(done).toBeGreaterThan(0);
	expect(done).toBeLessThan(100);
	const emails = Array.from({length: 1000}, (_, index) => `${index}@x.io`);
	expect((await store.lookup('contacts', 'email', emails)).size).toBe(done * 10);
	await store.close();
});

test('a file that is no database is said so', async () => {
	writeFileSync(file, 'not a database, whatever its name says. '.repeat(200));
	await expect(openStore(file, [contacts])).rejects.toMatchObject({code: 'store.damaged'});
});

test('events wait in the order of their commits until they are delivered', async () => {
	const store = await openStore(file, [contacts]);
	await store.takeLease(run, 1);
	const {ids, creates} = creating(['a@x.io', 'A', null], ['b@x.io', 'B', null]);
	const events = ids.map((record, index) => ({
		id: `event ${index}`,
		kind: 'record_created' as const,
		record,
		changes: {name: 'A', points: 5, topics: ['x']},
		direct: ['welcome'],
		triggers: false,
	}));
	await store.commitChunk(chunk({creates, events}));
	const twice = chunk({...creating(['c@x.io', 'C', null]), events: [{...events[0], id: 'event 0'} as (typeof events)[0]]});
	await expect(store.commitChunk(twice)).rejects.toThrow();
	await store.close();
	const pending = pendingEvents(file);
	expect(pending).toEqual(
		events.map(({changes, ...event}, index) => ({
			...event,
			changed: Object.keys(changes),
			changes: JSON.stringify(changes),
			sequence: index + 1,
			execution: run,
			step: 1,
			object: 'contacts',
			snapshot: expect.stringContaining(`"identifier":"${'ab'[index]}@x.io"`),
		})),
	);
	expect(oldestEvent(file)).toBe(1);
	expect(await forgetEvents(file, 1)).toBe(1);
	expect(pendingEvents(file).map(({id}) => id)).toEqual(['event 1']);
	expect(oldestEvent(file)).toBe(2);
	expect(pendingEvents(file, 2)).toEqual([]);
	expect(pendingEvents(join(folder.folder, 'none.db'))).toEqual([]);
});
