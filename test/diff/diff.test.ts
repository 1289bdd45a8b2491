import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {configurationSignature} from '../../source/engine/diff/configuration-signature.js';
import {type Marked, markUnchanged} from '../../source/engine/diff/mark-unchanged.js';
import {memoryRows, sinceOf, writeMemory} from '../../source/engine/diff/memory.js';
import {rememberedRows} from '../../source/engine/diff/remembered-rows.js';
import {typeScope} from '../../source/engine/variables/type-scope.js';
import type {LoadStep} from '../../source/model/load-step.js';
import type {StandingRows} from '../../source/store/record-store.js';
import {type ChdbSession, openChdbSession} from '../support/chdb-session.js';
import {outputTable, request, variable} from '../variables/given.js';

let session: ChdbSession;
beforeAll(() => {
	session = openChdbSession();
});
afterAll(() => session.close());

const variables = [variable('sku', {required: true}), variable('price', {type: 'number'})];

async function typed(columns: Readonly<Record<string, readonly (string | null)[]>>): Promise<void> {
	await session.execute('DROP TABLE IF EXISTS run.`diff:input` SYNC');
	await outputTable(session, columns);
	await typeScope(session, request(variables));
}

type Ended = {outcome: string; reason?: string; warnings?: readonly string[]};

async function loaded(step: number, rows: readonly Ended[]): Promise<void> {
	const table = `run.\`load:${step}\``;
	await session.execute(`DROP TABLE IF EXISTS ${table} SYNC`);
	await session.execute(
		`CREATE TABLE ${table} (__row UInt64, __outcome String, __reason Nullable(String), __warnings Array(String)) ENGINE = MergeTree ORDER BY __row`,
	);
	await session.insert(
		table,
		['__row', '__outcome', '__reason', '__warnings'],
		[
			rows.map((_, row) => row + 1),
			rows.map(({outcome}) => outcome),
			rows.map(({reason}) => reason ?? null),
			rows.map(({warnings}) => warnings ?? []),
		],
	);
}

async function remembered(steps: readonly number[], execution: string, which: 'all' | 'new' = 'all'): Promise<Map<string, string>> {
	const found = new Map<string, string>();
	for await (const {hashes, since} of rememberedRows(session, 'input', steps, execution, which)) {
		for (let at = 0; at < hashes.length; at += 16) found.set(Buffer.from(hashes.subarray(at, at + 16)).toString('hex'), since);
	}
	return found;
}

async function* batchesOf(memory: ReadonlyMap<string, string>): AsyncIterable<StandingRows> {
	for (const [hash, since] of memory) yield {hashes: Buffer.from(hash, 'hex'), since, generation: 7};
}

/** How many rows are unchanged against what was remembered, and against how much of it. */
async function found(memory: ReadonlyMap<string, string>): Promise<Marked> {
	const folder = mkdtempSync(join(tmpdir(), 'sluice-diff-'));
	try {
		return await markUnchanged(session, 'input', await writeMemory(folder, 0, batchesOf(memory)));
	} finally {
		rmSync(folder, {recursive: true});
	}
}

const marked = async (memory: ReadonlyMap<string, string>) => (await found(memory)).unchanged;

const created = {outcome: 'created'} as const;
const unchanged = {outcome: 'skipped', reason: 'unchanged since run-1'} as const;

test('rows written without a warning are unchanged in the next run, with the execution that wrote them; by value, not by text', async () => {
	await typed({sku: ['a', 'b', 'c'], price: ['1.50', '2', '3']});
	await loaded(1, [created, {outcome: 'updated'}, {outcome: 'skipped', reason: 'no change'}]);
	const memory = await remembered([1], 'run-1');
	expect([...memory.values()]).toEqual(['run-1', 'run-1', 'run-1']);
	expect([...memory.keys()].every((hash) => /^[0-9a-f]{32}$/.test(hash))).toBe(true);

	await typed({sku: ['c', 'x', 'a', 'b'], price: ['3', '3', '1.5', '2.01']});
	expect(await marked(memory)).toBe(2);
	expect(await session.rows('SELECT __row, __since FROM run.`diff:input` ORDER BY __row')).toEqual([
		{__row: '1', __since: 'run-1'},
		{__row: '3', __since: 'run-1'},
	]);

	await loaded(1, [unchanged, created, unchanged, {outcome: 'errored', reason: 'clash'}]);
	const next = await remembered([1], 'run-2');
	expect([...next.values()].sort()).toEqual(['run-1', 'run-1', 'run-2']);
});

test('rows keep the execution that wrote them, each its own, however many those are', async () => {
	// the limit of a run's own statements: the default refuses a list this long
	await session.execute('SET max_query_size = 16777216');
	const numbers = Array.from({length: 8000}, (_, index) => String(index));
	await typed({sku: numbers, price: numbers});
	await loaded(1, Array(numbers.length).fill(created));
	const memory = new Map([...(await remembered([1], 'run-1')).keys()].map((hash, index) => [hash, `${'execution '.repeat(4)}${index}`]));
	expect(await marked(memory)).toBe(numbers.length);
	await loaded(1, Array(numbers.length).fill(unchanged));
	expect(await remembered([1], 'run-2')).toEqual(memory);
});

test('rows that errored, were skipped, or carry a warning in any step or conversion are not remembered', async () => {
	await typed({
		sku: ['ok', 'errored', 'skipped', 'warned', 'second step', null, 'bad price'],
		price: ['1', '2', '3', '4', '5', '6', 'x'],
	});
	await loaded(1, [
		created,
		{outcome: 'errored', reason: 'r'},
		{outcome: 'skipped', reason: 'no match'},
		{outcome: 'created', warnings: ['w']},
		created,
		{outcome: 'skipped', reason: 'required variable "sku" is blank'},
		created,
	]);
	await loaded(2, [created, created, created, created, {outcome: 'errored'}, created, created]);
	const all = await session.rows<{hash: string}>('SELECT lower(hex(__hash)) AS hash FROM run.`variables:input` ORDER BY __row');
	expect([...(await remembered([1, 2], 'run-1')).keys()]).toEqual([all[0]?.hash]);
	expect([...(await remembered([1], 'run-1')).keys()].sort()).toEqual([all[0]?.hash, all[4]?.hash].sort());
});

test('of twins with the same values, one that errored keeps both from being remembered', async () => {
	await typed({sku: ['a', 'a', 'b', 'b'], price: ['1', '1.0', '2', '2']});
	await loaded(1, [created, {outcome: 'errored'}, created, {outcome: 'skipped', reason: 'no change'}]);
	const all = await session.rows<{hash: string}>('SELECT lower(hex(__hash)) AS hash FROM run.`variables:input` ORDER BY __row');
	expect([...(await remembered([1], 'run-1')).keys()]).toEqual([all[2]?.hash]);
});

test('an empty memory leaves every row to be loaded', async () => {
	await typed({sku: ['a'], price: ['1']});
	expect(await marked(new Map())).toBe(0);
});

test('the signature changes with variables and load steps, not with the order of variables or of keys', () => {
	const step: LoadStep = {
		name: 'People',
		object: 'people',
		scope: 'input',
		matching: [],
		mapping: [{field: 'sku', variables: ['sku'], join: ' ', conflict: 'overwrite', createOptions: false}],
		exposeAs: null,
		automations: {onCreate: [], onUpdate: [], suppressTriggers: false},
	};
	const connector = {variables, additionalVariables: [], loadSteps: [step]};
	const signature = configurationSignature(connector);
	expect(signature).toMatch(/^[0-9a-f]{64}$/);
	const shuffled = Object.fromEntries(Object.entries(step).reverse()) as unknown as LoadStep;
	expect(configurationSignature({...connector, variables: [...variables].reverse(), loadSteps: [shuffled]})).toBe(signature);
	const changes = [
		{...connector, variables: [variable('sku'), variable('price', {type: 'number'})]},
		{...connector, loadSteps: [{...step, mapping: []}]},
		{...connector, loadSteps: [step, step]},
		{...connector, additionalVariables: [{name: 'x', type: 'string', source: {value: '1'}, outputFormat: null} as const]},
	];
	expect(new Set([signature, ...changes.map(configurationSignature)]).size).toBe(5);
});

test('all rows with the same values are unchanged, not one of them', async () => {
	await typed({sku: ['a', 'a', 'b'], price: ['1', '1.0', '2']});
	await loaded(1, [created, {outcome: 'updated'}, created]);
	const memory = await remembered([1], 'run-1');
	expect(memory.size).toBe(2);
	expect(await marked(memory)).toBe(3);
});

test('what a run remembers is what stood in the memory and came again, and what is new', async () => {
	await typed({sku: ['a', 'a', 'b', 'c'], price: ['1', '1.0', '2', '3']});
	await loaded(1, [created, created, created, {outcome: 'errored', reason: 'r'}]);
	const memory = await remembered([1], 'run-1');
	expect(memory.size).toBe(2);
	await typed({sku: ['b', 'new', 'a', 'c', 'new', 'twin', 'twin', 'a'], price: ['2', '9', '1', '3', '9', '5', '5', '1']});
	expect(await found(memory)).toEqual({unchanged: 3, found: 2});
	await loaded(1, [unchanged, created, unchanged, {outcome: 'errored'}, created, created, {outcome: 'errored'}, unchanged]);
	const added = await remembered([1], 'run-2', 'new');
	expect([...added.values()]).toEqual(['run-2']);
	expect(new Map([...memory, ...added])).toEqual(await remembered([1], 'run-2'));
	await typed({sku: ['b'], price: ['2']});
	expect(await found(memory)).toEqual({unchanged: 1, found: 1});
});

test('a memory of many hashes in one batch, by several executions, is read whole', async () => {
	const hashes = Array.from({length: 40_000}, (_, n) => n.toString(16).padStart(32, '0'));
	async function* batches(): AsyncIterable<StandingRows> {
		for (const [from, to, since] of [
			[0, 127, 'one'],
			[127, 255, 'two'],
			[255, 40_000, 'one'],
		] as const)
			yield {hashes: Buffer.from(hashes.slice(from, to).join(''), 'hex'), since, generation: 3};
	}
	const folder = mkdtempSync(join(tmpdir(), 'sluice-diff-'));
	try {
		const memory = await writeMemory(folder, 0, batches());
		expect(memory.of).toEqual({generation: 3, rows: 40_000});
		const [read] = await session.rows(
			`SELECT count() AS rows, uniqExact(hash) AS hashes, uniqExact(place) AS places, max(place) AS last, countIf(${sinceOf(memory, 'number')} = 'two') AS two FROM (${memoryRows(memory)})`,
		);
		expect(read).toEqual({rows: '40000', hashes: '40000', places: '40000', last: 40_000, two: '128'});
	} finally {
		rmSync(folder, {recursive: true});
	}
});

test('every hash is remembered whole, those that end in zeros too', async () => {
	const skus = Array.from({length: 2_000}, (_, n) => `s${n}`);
	await typed({sku: skus, price: skus.map(() => '1')});
	await loaded(
		1,
		skus.map(() => created),
	);
	const all = await session.rows<{hash: string}>('SELECT lower(hex(__hash)) AS hash FROM run.`variables:input`');
	expect(all.some(({hash}) => hash.endsWith('00'))).toBe(true);
	expect([...(await remembered([1], 'run-1')).keys()].sort()).toEqual(all.map(({hash}) => hash).sort());
});
