import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, expect, test} from 'vitest';
import {runLoadStep, type StepProgress, type StepRequest} from '../../source/engine/load/step.js';
import {newId} from '../../source/platform/uuid7.js';
import {connector, field, map, match, object, step, variable} from './build.js';
import {MemoryStore} from './memory-store.js';
import {blocksOf, type GivenRow, moment} from './run.js';

const people = object('people', field('email', 'text', {identifier: true}), field('name', 'text'));
const configuration = connector(
	[variable('email'), variable('name')],
	[
		step('people', [match('email')], [map('email'), map('name')], {
			automations: {onCreate: ['welcome'], onUpdate: [], suppressTriggers: true},
		}),
	],
	3,
);
const rowsAt = (...numbers: number[]): GivenRow[] => numbers.map((number) => ({number, texts: {email: `${number}@x`, name: 'Ann'}}));

const folders: string[] = [];
afterEach(() => {
	for (const folder of folders.splice(0)) rmSync(folder, {recursive: true, force: true});
});

function request(store: MemoryStore, rows: readonly GivenRow[], more: Partial<StepRequest> = {}): StepRequest {
	const folder = mkdtempSync(join(tmpdir(), 'sluice-load-'));
	folders.push(folder);
	return {
		execution: 'e',
		lease: 1,
		connector: configuration,
		objects: [people],
		locale: {timezone: 'UTC', defaultCountry: null},
		step: 1,
		folder,
		store,
		rows: Math.max(0, ...rows.map(({number}) => number)),
		source: {
			blocks: ({afterRow, upToRow}) =>
				blocksOf(
					configuration,
					1,
					rows.filter(({number}) => number > afterRow && number <= upToRow),
					4,
				),
		},
		afterChunk: 0,
		listeners: {created: false, updated: false},
		shouldStop: () => false,
		onChunk: () => undefined,
		now: () => moment,
		...more,
	};
}

const segments = (folder: string) => join(folder, 'segments', 'load-1');

test('chunks are cut by row number, and a chunk whose rows were all skipped before is passed over', async () => {
	const store = new MemoryStore([people]);
	const told: StepProgress[] = [];
	const asked = request(store, rowsAt(1, 3, 4, 5, 6, 11), {rows: 13, onChunk: (progress) => told.push(progress)});
	const result = await runLoadStep(asked);
	expect(store.commits.map(({chunk, creates}) => [chunk, creates.length])).toEqual([
		[1, 2],
		[2, 3],
		[4, 1],
	]);
	expect(readdirSync(segments(asked.folder)).sort()).toEqual(['00000001.json', '00000002.json', '00000004.json']);
	expect(told.map(({chunksDone}) => chunksDone)).toEqual([1, 2, 4]);
	expect(result).toEqual({
		state: 'completed',
		chunks: 5,
		chunksDone: 5,
		counts: {created: 6, updated: 0, skipped: 0, errored: 0, warnings: 0},
		events: 6,
	});
});

test('chunks with few rows left are done together while they hold no more than one may, and a stop falls before all of them', async () => {
	const store = new MemoryStore([people]);
	const asked = request(store, rowsAt(2, 5, 8, 11, 13, 14, 15), {rows: 15});
	expect(await runLoadStep(asked)).toMatchObject({state: 'completed', chunks: 5, chunksDone: 5, counts: {created: 7}});
	expect(store.commits.map(({chunk, creates}) => [chunk, creates.length])).toEqual([
		[3, 3],
		[4, 1],
		[5, 3],
	]);
	expect(readdirSync(segments(asked.folder)).sort()).toEqual(['00000003.json', '00000004.json', '00000005.json']);
	const stopped = await runLoadStep(request(new MemoryStore([people]), rowsAt(2, 5, 8), {shouldStop: () => true}));
	expect(stopped).toMatchObject({state: 'stopped', chunksDone: 0});
});

test('which chunks are done together does not depend on where the step is taken up', async () => {
	const store = new MemoryStore([people]);
	const large = {...configuration, settings: {...configuration.settings, chunkSize: 100_000}};
	const rows = rowsAt(100_001, 200_001, 300_001);
	await runLoadStep(request(store, rows, {connector: large, rows: 400_000, afterChunk: 1}));
	expect(store.commits.map(({chunk, creates}) => [chunk, creates.length])).toEqual([
		[2, 1],
		[4, 2],
	]);
});

test('a segment is one document of columns in the order of the table, mapped fields last', async () => {
	const store = new MemoryStore([people]);
	const rows = [
		{number: 1, texts: {email: 'a@x', name: 'Änn "A"'}, warnings: ['w\n1']},
		{number: 2, texts: {email: null, name: null}},
		{number: 3, texts: {email: 'a@x', name: 'Bob'}},
	];
	const asked = request(store, rows);
	await runLoadStep(asked);
	const document: unknown = JSON.parse(readFileSync(join(segments(asked.folder), '00000001.json'), 'utf8'));
	const [id] = store.records.get('people')?.keys() ?? [];
	expect(document).toEqual([
		[1, 2, 3],
		['created', 'errored', 'updated'],
		[null, 'email: blank, and a new record needs its unique identifier', null],
		[['w\n1'], [], []],
		[id, null, id],
		['a@x', null, 'a@x'],
		[1, 1, 1],
		['', '', '{"name":["Änn \\"A\\"","Bob"]}'],
		['a@x', null, 'a@x'],
		['Änn "A"', null, 'Bob'],
	]);
});

test('the segment is on disk before its chunk is committed', async () => {
	const store = new MemoryStore([people]);
	const asked = request(store, rowsAt(1));
	const seen: boolean[] = [];
	const commit = store.commitChunk.bind(store);
	store.commitChunk = async (chunk) => {
		seen.push(existsSync(join(segments(asked.folder), '00000001.json')));
		await commit(chunk);
	};
	await runLoadStep(asked);
	expect(seen).toEqual([true]);
});

test('a stop takes effect before the next chunk, and the step goes on from there', async () => {
	const store = new MemoryStore([people]);
	const rows = rowsAt(1, 2, 3, 4, 5, 6, 7);
	const stopped = await runLoadStep(request(store, rows, {shouldStop: () => store.commits.length === 2}));
	expect(stopped).toMatchObject({state: 'stopped', chunks: 3, chunksDone: 2, counts: {created: 6}});
	const resumed = await runLoadStep(
		request(store, [], {rows: 7, afterChunk: 2, source: {blocks: () => blocksOf(configuration, 1, rows.slice(6))}}),
	);
	expect(resumed).toMatchObject({state: 'completed', chunksDone: 3, counts: {created: 1}});
	expect(store.commits.map(({chunk}) => chunk)).toEqual([1, 2, 3]);
});

test('a stop that comes when all rows are written is too late', async () => {
	const store = new MemoryStore([people]);
	expect(await runLoadStep(request(store, rowsAt(1, 2), {shouldStop: () => store.commits.length === 1}))).toMatchObject({
		state: 'completed',
	});
});

test('a scope without rows completes', async () => {
	expect(await runLoadStep(request(new MemoryStore([people]), []))).toMatchObject({state: 'completed', chunks: 0, chunksDone: 0});
});

test('rows out of order stop the step before anything of the chunk is written', async () => {
	const store = new MemoryStore([people]);
	await expect(runLoadStep(request(store, rowsAt(2, 1)))).rejects.toMatchObject({code: 'load.out_of_order'});
	expect(store.commits).toEqual([]);
});

test('a chunk that cannot be committed is abandoned, and what failed is told', async () => {
	const store = new MemoryStore([people]);
	const calls: string[] = [];
	store.beginChunk = async () => void calls.push('begin');
	store.abandonChunk = async () => void calls.push('abandon');
	store.commitChunk = async () => {
		throw new Error('lease gone');
	};
	await expect(runLoadStep(request(store, rowsAt(1)))).rejects.toThrow('lease gone');
	expect(calls).toEqual(['begin', 'abandon']);
});

test('rows that fail to arrive fail the step, and the chunks before stay', async () => {
	const store = new MemoryStore([people]);
	async function* broken() {
		yield* blocksOf(configuration, 1, rowsAt(1, 2, 3, 4));
		throw new Error('the engine is gone');
	}
	await expect(runLoadStep(request(store, [], {rows: 9, source: {blocks: broken}}))).rejects.toThrow('the engine is gone');
	expect(store.commits.map(({chunk}) => chunk)).toEqual([1]);
});

test('a folder that cannot be written is an error with a cure, before the commit', async () => {
	const store = new MemoryStore([people]);
	const failing = request(store, rowsAt(1));
	const folder = join(failing.folder, 'a file');
	writeFileSync(folder, '');
	await expect(runLoadStep({...failing, folder})).rejects.toMatchObject({
		code: 'load.segment_not_written',
		cure: expect.stringMatching(/space/),
	});
	expect(store.commits).toEqual([]);
});

test('ids sort in the order they were made, and none comes twice', () => {
	const ids = Array.from({length: 10_000}, newId);
	expect(new Set(ids).size).toBe(ids.length);
	expect([...ids].sort()).toEqual(ids);
	expect(ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id))).toBe(true);
});
