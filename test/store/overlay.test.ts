import {createHash} from 'node:crypto';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {openStore} from '../../source/store/sqlite/open-store.js';
import {openOverlay} from '../../source/store/sqlite/overlay.js';
import {chunk, contacts, creating, run, scratchFolder} from './harness.js';

let folder: ReturnType<typeof scratchFolder>;
let file: string;
beforeEach(() => {
	folder = scratchFolder();
	file = join(folder.folder, 'sluice.db');
});
afterEach(() => folder.remove());

const sha = () => createHash('sha256').update(readFileSync(file)).digest('hex');

test('a dry run changes no byte of the store, and leaves nothing behind', async () => {
	const live = await openStore(file, [contacts]);
	await live.takeLease(run, 1);
	const {ids, creates} = creating(['a@x.io', 'A', '+1'], ['b@x.io', 'B', '+2']);
	await live.commitChunk(chunk({creates}));
	await live.close();
	const before = sha();
	const dry = await openOverlay(file, folder.folder, [contacts]);
	await dry.takeLease(run, 1);
	await dry.ensureIndex('contacts', 'name');
	await dry.commitChunk(chunk({...creating(['c@x.io', 'C', null]), updates: [{id: ids[0] ?? '', changes: {name: 'AA'}, archived: true}]}));
	expect((await dry.lookup('contacts', 'name', ['AA', 'B', 'C'])).size).toBe(3);
	await dry.close();
	expect(sha()).toBe(before);
	expect(readdirSync(folder.folder).filter((name) => !/^sluice\.db(-shm|-wal)?$/.test(name))).toEqual([]);
});

test('a dry run brings no store into being', async () => {
	const dry = await openOverlay(file, folder.folder, [contacts]);
	await dry.takeLease(run, 1);
	await dry.commitChunk(chunk(creating(['c@x.io', 'C', null])));
	await dry.close();
	expect(existsSync(file)).toBe(false);
});

test('a dry run sees one moment, whatever is committed meanwhile', async () => {
	const live = await openStore(file, [contacts]);
	await live.takeLease(run, 1);
	await live.commitChunk(chunk(creating(['a@x.io', 'A', null])));
	const dry = await openOverlay(file, folder.folder, [contacts]);
	await live.commitChunk(chunk(creating(['b@x.io', 'B', null])));
	const emails = ['a@x.io', 'b@x.io'];
	expect([...(await dry.lookup('contacts', 'email', emails)).keys()]).toEqual(['a@x.io']);
	expect([...(await live.lookup('contacts', 'email', emails)).keys()]).toEqual(emails);
	await dry.close();
	await live.close();
});

test('two live runs take turns: what one planned from still holds when it commits', async () => {
	const [one, two] = [await openStore(file, [contacts]), await openStore(file, [contacts])];
	await one.takeLease('one', 1);
	await two.takeLease('two', 1);
	await one.beginChunk();
	const order: string[] = [];
	const waiting = two.beginChunk().then(async () => {
		order.push(`two begins, ${(await two.lookup('contacts', 'email', ['a@x.io'])).size} there`);
		await two.abandonChunk();
	});
	expect((await one.lookup('contacts', 'email', ['a@x.io'])).size).toBe(0);
	await new Promise((resolve) => setImmediate(resolve));
	order.push('one commits');
	await one.commitChunk(chunk({execution: 'one', ...creating(['a@x.io', 'A', null])}));
	await waiting;
	expect(order).toEqual(['one commits', 'two begins, 1 there']);
	await one.close();
	await two.close();
});
