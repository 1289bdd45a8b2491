import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import type {ExecutionStore, LiveStore} from '../../source/store/record-store.js';
import {openStore} from '../../source/store/sqlite/open-store.js';
import {openOverlay} from '../../source/store/sqlite/overlay.js';
import {contacts, scratchFolder} from './harness.js';

let folder: ReturnType<typeof scratchFolder>;
let store: LiveStore;
beforeEach(async () => {
	folder = scratchFolder();
	store = await openStore(join(folder.folder, 'sluice.db'), [contacts]);
});
afterEach(async () => {
	await store.close();
	folder.remove();
});

const [a = '', b = '', c = ''] = ['a', 'B', 'c'].map((digit) => digit.repeat(32));
const key = {connector: 'vendors', signature: 'variables 1'};

async function remembered(from: ExecutionStore, signature = key.signature, scope = 'rows') {
	const rows: unknown[] = [];
	for await (const {hashes, since} of from.remembered({...key, signature, scope})) {
		for (let at = 0; at < hashes.length; at += 16)
			rows.push([
				Buffer.from(hashes.subarray(at, at + 16))
					.toString('hex')
					.toUpperCase(),
				since,
			]);
	}
	return rows.sort();
}

const rowsOf = (hashes: readonly string[], since: string) => ({hashes: Buffer.from(hashes.join(''), 'hex'), since});

async function finished(execution: string, hashes: readonly string[], {add = false, signature = key.signature} = {}) {
	await store.takeLease(execution, 1);
	const generation = await store.beginMemory({...key, signature}, execution);
	await store.addToMemory(generation, 'rows', rowsOf(hashes, execution));
	await store.finishLoad(execution, 1, {generation, add});
}

test('a memory takes effect whole, when the load ends, in place of the one before', async () => {
	await finished('one', [a, b]);
	await store.takeLease('two', 1);
	const generation = await store.beginMemory(key, 'two');
	await store.addToMemory(generation, 'rows', rowsOf([a], 'one'));
	await store.addToMemory(generation, 'rows', rowsOf([c], 'two'));
	const before = [
		[a.toUpperCase(), 'one'],
		[b.toUpperCase(), 'one'],
	];
	expect(await remembered(store)).toEqual(before);
	await store.finishLoad('two', 1, {generation, add: false});
	expect(await remembered(store)).toEqual([
		[a.toUpperCase(), 'one'],
		[c.toUpperCase(), 'two'],
	]);
	expect(await remembered(store, key.signature, 'another scope')).toEqual([]);
	expect(await store.isLoadFinished('two')).toBe(true);
});

test('a dry run reads the memory too', async () => {
	await finished('one', [a]);
	const dry = await openOverlay(join(folder.folder, 'sluice.db'), folder.folder, [contacts]);
	expect(await remembered(dry)).toEqual([[a.toUpperCase(), 'one']]);
	expect(await dry.memoryState(key)).toBe('remembered');
	await dry.close();
});

test('other variables or load steps make it void', async () => {
	expect(await store.memoryState(key)).toBe('none');
	await finished('one', [a]);
	expect(await store.memoryState({...key, signature: 'variables 2'})).toBe('void');
	expect(await remembered(store, 'variables 2')).toEqual([]);
	await finished('two', [b], {signature: 'variables 2', add: true});
	expect(await remembered(store, 'variables 2')).toEqual([[b.toUpperCase(), 'two']]);
	expect(await store.memoryState(key)).toBe('void');
});

test('a rerun of failed rows adds to it', async () => {
	await finished('one', [a]);
	await finished('two', [b], {add: true});
	expect(await remembered(store)).toEqual([
		[a.toUpperCase(), 'one'],
		[b.toUpperCase(), 'two'],
	]);
});

test('a runner that was replaced does not change it, one that ends twice changes it once', async () => {
	await finished('one', [a]);
	await store.takeLease('two', 2);
	const generation = await store.beginMemory(key, 'two');
	await store.addToMemory(generation, 'rows', rowsOf([b], 'two'));
	await expect(store.finishLoad('two', 1, {generation, add: false})).rejects.toMatchObject({code: 'lease.lost'});
	expect(await remembered(store)).toEqual([[a.toUpperCase(), 'one']]);
	await store.finishLoad('two', 2, {generation, add: false});
	await store.finishLoad('two', 2, {generation, add: false});
	expect(await remembered(store)).toEqual([[b.toUpperCase(), 'two']]);
});

test('what an execution left unfinished goes with it, or with its next runner', async () => {
	await finished('one', [a]);
	const lost = await store.beginMemory(key, 'two');
	await store.addToMemory(lost, 'rows', rowsOf([b], 'two'));
	await finished('two', [c]);
	expect(await remembered(store)).toEqual([[c.toUpperCase(), 'two']]);
	const left = await store.beginMemory(key, 'three');
	await store.takeLease('three', 1);
	await store.forgetExecution('three');
	await expect(store.finishLoad('three', 1, {generation: left, add: false})).rejects.toMatchObject({code: 'lease.lost'});
	expect(await remembered(store)).toEqual([[c.toUpperCase(), 'two']]);
});

test('what is new joins a memory that still is the one it was compared with, and no other', async () => {
	await finished('one', [a]);
	let onto = {generation: 0, rows: 1};
	for await (const {generation} of store.remembered({...key, scope: 'rows'})) onto = {generation, rows: 1};
	const adding = async (execution: string, hash: string) => {
		await store.takeLease(execution, 1);
		const generation = await store.beginMemory(key, execution);
		await store.addToMemory(generation, 'rows', rowsOf([hash], execution));
		return await store.finishLoad(execution, 1, {generation, add: false, onto});
	};
	expect(await adding('two', b)).toBe(true);
	const both = [
		[a.toUpperCase(), 'one'],
		[b.toUpperCase(), 'two'],
	];
	expect(await remembered(store)).toEqual(both);
	expect(await adding('three', c)).toBe(false);
	expect(await remembered(store)).toEqual(both);
	expect(await store.isLoadFinished('three')).toBe(false);
	await finished('four', [a]);
	expect(await adding('five', c)).toBe(false);
	expect(await remembered(store)).toEqual([[a.toUpperCase(), 'four']]);
});
