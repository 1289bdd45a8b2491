import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {configurationSignature} from '../../source/engine/diff/configuration-signature.js';
import {markUnchanged} from '../../source/engine/diff/mark-unchanged.js';
import {writeMemory} from '../../source/engine/diff/memory.js';
import {rememberedRows} from '../../source/engine/diff/remembered-rows.js';
import {typeScope} from '../../source/engine/variables/type-scope.js';
import type {LoadStep} from '../../source/model/load-step.js';
import type {RememberedRows} from '../../source/store/record-store.js';
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

async function remembered(steps: readonly number[], execution: string): Promise<Map<string, string>> {
	const found = new Map<string, string>();
	for await (const {hashes, since} of rememberedRows(session, 'input', steps, execution)) {
		for (let at = 0; at < hashes.length; at += 16) found.set(Buffer.from(hashes.subarray(at, at + 16)).toString('hex'), since);
	}
	return found;
}

async function* batchesOf(memory: ReadonlyMap<string, string>): AsyncIterable<RememberedRows> {
	for (const [hash, since] of memory) yield {hashes: Buffer.from(hash, 'hex'), since};
}

/** How many rows are unchanged against what was remembered. */
async function marked(memory: ReadonlyMap<string, string>): Promise<number> {
	const folder = mkdtempSync(join(tmpdir(), 'sluice-diff-'));
	try {
		return await markUnchanged(session, 'input', await writeMemory(folder, 0, batchesOf(memory)));
	} finally {
		rmSync(folder, {recursive: true});
	}
}

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
	expect(await session.rows('SELECT * FROM run.`diff:input` ORDER BY __row')).toEqual([
		{__row: '1', __since: 'run-1'},
		{__row: '3', __since: 'run-1'},
	]);

	await loaded(1, [unchanged, created, unchanged, {outcome: 'errored', reason: 'clash'}]);
	const next = await remembered([1], 'run-2');
	expect([...next.values()].sort()).toEqual(['run-1', 'run-1', 'run-2']);
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
