import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import Database from 'better-sqlite3';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {type Control, control} from '../../source/daemon/control/control.js';
import {takeLock} from '../../source/daemon/control/lock.js';
import {nothingLeft} from '../../source/daemon/dispatch/too-late.js';
import {uuid7} from '../../source/platform/uuid7.js';

let folder: string;
let room: Control;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'sluice-control-'));
	room = control(join(folder, 'control.db'));
});

afterEach(() => {
	room.close();
	rmSync(folder, {recursive: true});
});

const add = (id: string, connector = 'people', mode: 'live' | 'dry' = 'live') =>
	room.executions.add({
		id,
		connector,
		operation: 'import',
		objects: ['people', 'companies'],
		mode,
		inputName: 'a.csv',
		queuedAt: room.now(),
		startedBy: 'ann',
		triggeredBy: 'manual',
		diffCheck: false,
		notify: null,
		failedRowsOf: null,
	});

test('an execution is found by a unique beginning of its id, and the newest as `last`', () => {
	add('0190aaaa-0000-7000-8000-000000000001');
	add('0190aabb-0000-7000-8000-000000000002');
	expect(room.executions.find('0190AAB').id).toBe('0190aabb-0000-7000-8000-000000000002');
	expect(room.executions.find('last').id).toBe('0190aabb-0000-7000-8000-000000000002');
	expect(() => room.executions.find('0190aa')).toThrow(expect.objectContaining({code: 'usage.ambiguous'}));
	expect(() => room.executions.find('0191')).toThrow(expect.objectContaining({code: 'usage.unknown'}));
	expect(() => room.executions.find("' OR 1=1")).toThrow(expect.objectContaining({code: 'usage.unknown'}));
});

test('the history is searched, and cannot be changed or deleted, not even through the database itself', () => {
	room.history.add({who: 'ann', from: 'cli'}, {what: 'activate', connector: 'people', detail: {kept: ['x']}});
	expect(room.history.list('people', 0, 10).items[0]).toMatchObject({
		who: 'ann',
		what: 'activate',
		connector: 'people',
		detail: {kept: ['x'], from: 'cli'},
	});
	room.history.add({who: 'Bob', from: 'cli'}, {what: 'secret set', detail: {name: '100%_b'}});
	const found = (connector: string | null, text: string) => room.history.list(connector, 0, 10, text).items.map(({who}) => who);
	expect(found(null, 'bob')).toEqual(['Bob']);
	expect(found(null, '0%_')).toEqual(['Bob']);
	expect(found(null, '0%b')).toEqual([]);
	expect(found('people', 'bob')).toEqual([]);
	expect(room.history.list('people', 1, 1, 'ACTIVATE')).toMatchObject({total: 1, items: []});
	const other = new Database(join(folder, 'control.db'));
	expect(() => other.exec(`UPDATE history SET who = 'bob'`)).toThrow('append-only');
	expect(() => other.exec('DELETE FROM history')).toThrow('append-only');
	other.close();
});

test('lists are filtered and paged, newest first', () => {
	const ids = Array.from({length: 5}, () => uuid7());
	for (const id of ids) add(id);
	add(uuid7(), 'other', 'dry');
	const all = {connector: null, status: null, mode: null, object: null, operation: null, offset: 0, limit: 10};
	expect(room.executions.list({...all, connector: 'people', offset: 1, limit: 2})).toMatchObject({
		total: 5,
		items: [{id: ids[3]}, {id: ids[2]}],
	});
	expect(room.executions.list({...all, object: 'companies', mode: 'dry'}).total).toBe(1);
	expect(room.executions.list({...all, object: 'compan'}).total).toBe(0);
});

test('a text is looked for in file name, id, connector, user and error, as it stands and in any case', () => {
	const [ordinary, odd] = [uuid7(), uuid7()];
	for (const id of [ordinary, odd]) add(id);
	room.executions.end(odd, {
		...{status: 'failed', at: room.now(), progress: null, errored: 0},
		error: {code: 'internal', message: '50 % of "Größe_1" is missing', where: null, expected: null, cure: null},
	});
	const idsOf = (find: string) =>
		room.executions
			.list({connector: null, status: null, mode: null, object: null, operation: null, find, offset: 0, limit: 10})
			.items.map(({id}) => id);
	expect(idsOf('A.CSV')).toEqual([odd, ordinary]);
	expect(idsOf(ordinary.slice(-8).toUpperCase())).toEqual([ordinary]);
	expect(idsOf('Größe_1')).toEqual([odd]);
	expect(idsOf('50 %')).toEqual([odd]);
	expect(idsOf('0 _')).toEqual([]);
	expect(idsOf('ANN')).toEqual([odd, ordinary]);
});

test('the run that a need for attention comes from is the last live one that came to its end', () => {
	const ended = (status: 'warning' | 'cancelled', mode: 'live' | 'dry' = 'live') => {
		const {id} = add(uuid7(), 'people', mode);
		room.executions.end(id, {status, at: room.now(), progress: null, error: null, errored: 1});
		return id;
	};
	const wrong = ended('warning');
	ended('cancelled');
	ended('warning', 'dry');
	add(uuid7());
	expect(room.executions.lastSettled('people')?.id).toBe(wrong);
	expect(room.executions.newestOf('people')?.id).not.toBe(wrong);
});

test('a cancel that comes too late says what is done, and of a dry run that nothing is written', () => {
	expect(nothingLeft({mode: 'live', operation: 'import'})).toBe('All its rows are written');
	expect(nothingLeft({mode: 'dry', operation: 'import'})).toContain('it writes nothing');
	expect(nothingLeft({mode: 'dry', operation: 'export'})).not.toContain('is written');
});

test('each start has a lease of its own, and what is not queued does not start', () => {
	const {id} = add(uuid7());
	expect(room.executions.start(id, room.now()).lease).toBe(1);
	expect(room.executions.start(id, room.now()).lease).toBe(1);
	room.executions.requeue(id, {progress: null, done: 'interrupted at load:1', interrupted: true});
	expect(room.executions.start(id, room.now())).toMatchObject({lease: 2, done: null, interrupted: false});
});

test('ids sort in the order they were made', () => {
	const ids = Array.from({length: 10_000}, () => uuid7());
	expect(ids).toEqual([...ids].sort());
	expect(new Set(ids).size).toBe(ids.length);
	expect(ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id))).toBe(true);
});

test('a workspace has one daemon', () => {
	const file = join(folder, 'daemon.lock');
	const lock = takeLock(file);
	expect(() => takeLock(file)).toThrow(expect.objectContaining({code: 'daemon.running'}));
	lock.release();
	takeLock(file).release();
});
