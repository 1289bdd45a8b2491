import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {countSkippedBefore} from '../../source/engine/load/results/step-table.js';
import {runLoadStep} from '../../source/engine/load/step.js';
import {stepSource} from '../../source/engine/load/step-source.js';
import {type SqlWorker, startWorker} from '../../source/engine/sql/worker-session.js';
import {defaultLimits} from '../../source/model/limits.js';
import type {ExecutionStore} from '../../source/store/record-store.js';
import {openStore} from '../../source/store/sqlite/open-store.js';
import {openOverlay} from '../../source/store/sqlite/overlay.js';
import {readRecords} from '../../source/store/sqlite/read-records.js';
import {connector, field, map, match, object, step, variable} from './build.js';
import {mergeSegments} from './merge-segments.js';

/* Two steps on one scope, from kept tables to kept tables, with the real engine and the real store. */

const vendors = object('vendors', field('code', 'text', {identifier: true}));
const products = object(
	'products',
	field('sku', 'text', {identifier: true}),
	field('price', 'money'),
	field('vendor', 'relationship', {object: 'vendors'}),
);
const objects = [vendors, products];
const configuration = connector(
	[variable('sku'), variable('code'), variable('price', 'number')],
	[
		step('vendors', [match('code')], [map('code')], {exposeAs: 'vendor_id'}),
		step('products', [match('sku')], [map('sku'), map('price'), map('vendor', 'overwrite', {variables: ['vendor_id']})]),
	],
	2,
);

let folder: string;
let worker: SqlWorker;

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'sluice-load-tables-'));
	worker = await startWorker({folder, limits: defaultLimits});
	await worker.execute('CREATE DATABASE IF NOT EXISTS run');
	await worker.execute(`CREATE TABLE run.\`variables:input\` (__row UInt64, __line Nullable(UInt64), __state String, __reason Nullable(String),
		__problems Array(String), __notes Array(String), __warnings Array(String), __hash FixedString(16),
		sku Nullable(String), code Nullable(String), price Nullable(String)) ENGINE = MergeTree ORDER BY __row`);
	await worker.execute(`INSERT INTO run.\`variables:input\` VALUES
		(1, 2, 'ok', NULL, [], [], [], '', 'S1', 'V1', '9.90'),
		(2, 3, 'skipped', 'required variable "sku" is blank', [], [], ['w2'], '', NULL, 'V1', NULL),
		(3, 4, 'ok', NULL, [], [], [], '', 'S3', 'V1', '1.00'),
		(4, 5, 'ok', NULL, [], [], [], '', 'S4', 'V2', '1.00'),
		(5, NULL, 'ok', NULL, ['price'], [], ['variable "price": "ab\\'c" is not a number'], '', 'S5', NULL, NULL)`);
	await worker.execute('CREATE TABLE run.`diff:input` (__row UInt64, __since String) ENGINE = MergeTree ORDER BY __row');
	await worker.execute("INSERT INTO run.`diff:input` VALUES (3, '0196f000')");
});

afterAll(async () => {
	await worker.kill();
	rmSync(folder, {recursive: true, force: true});
});

async function load(store: ExecutionStore, number: number): Promise<void> {
	const of = {connector: configuration, step: number, diff: true};
	const listeners = {created: true, updated: true};
	const result = await runLoadStep({
		execution: 'e',
		lease: 1,
		connector: configuration,
		objects,
		locale: {timezone: 'UTC', defaultCountry: null},
		step: number,
		folder,
		store,
		rows: 5,
		source: stepSource(worker, of),
		afterChunk: 0,
		listeners,
		shouldStop: () => false,
		onChunk: () => undefined,
	});
	await mergeSegments(worker, folder, of, result.chunks);
}

const table = (number: number) =>
	worker.rows(`SELECT * EXCEPT (__record_id), __record_id IS NOT NULL AS has_id FROM run.\`load:${number}\` ORDER BY __row`);

/** The tables of a run that finds no records, live or dry. */
async function holdsOfAFirstRun(store: ExecutionStore): Promise<void> {
	await load(store, 1);
	expect(await table(1)).toEqual([
		expect.objectContaining({__row: '1', __line: '2', __outcome: 'created', __record: 'V1', __rule: 1, code: 'V1', has_id: 1}),
		expect.objectContaining({
			__row: '2',
			__line: '3',
			__outcome: 'skipped',
			__reason: 'required variable "sku" is blank',
			__warnings: ['w2'],
			__rule: null,
		}),
		expect.objectContaining({__row: '3', __line: '4', __outcome: 'skipped', __reason: 'unchanged since 0196f000', has_id: 0}),
		expect.objectContaining({__row: '4', __line: '5', __outcome: 'created', __record: 'V2'}),
		expect.objectContaining({
			__row: '5',
			__line: null,
			__outcome: 'errored',
			__reason: 'code: blank, and a new record needs its unique identifier',
			__warnings: ['variable "price": "ab\'c" is not a number'],
		}),
	]);
	await load(store, 2);
	const rows = await table(2);
	expect(rows.map(({__row, __outcome}) => [__row, __outcome])).toEqual([
		['1', 'created'],
		['2', 'skipped'],
		['3', 'skipped'],
		['4', 'created'],
		['5', 'created'],
	]);
	const vendorIds = await worker.rows<{id: string}>(
		'SELECT __record_id AS id FROM run.`load:1` WHERE __record_id IS NOT NULL ORDER BY __row',
	);
	expect(rows.map(({vendor}) => vendor)).toEqual([vendorIds[0]?.id, null, null, vendorIds[1]?.id, null]);
}

test('what a step exposes reaches the next one; skipped rows are in every table, with line and reason', async () => {
	const file = join(folder, 'live.db');
	const store = await openStore(file, objects);
	await store.takeLease('e', 1);
	await holdsOfAFirstRun(store);
	await store.close();
	const {items} = await readRecords(file, products, {where: [{field: 'sku', value: 'S1'}]});
	expect(items).toMatchObject([{fields: {sku: 'S1', price: '9.90', vendor: expect.stringMatching(/^[0-9a-f-]{36}$/)}}]);
});

test('a dry run leaves the same tables', async () => {
	const file = join(folder, 'dry.db');
	await (await openStore(file, objects)).close();
	const store = await openOverlay(file, folder, objects);
	await store.takeLease('e', 1);
	await holdsOfAFirstRun(store);
	await store.close();
	expect((await readRecords(file, products)).total).toBe(0);
});

test('rows that were skipped before count in each step, their warnings too', async () => {
	const of = {connector: configuration, step: 2, diff: true};
	expect(await countSkippedBefore(worker, of)).toEqual({created: 0, updated: 0, skipped: 2, errored: 0, warnings: 1});
	expect(await countSkippedBefore(worker, {...of, diff: false})).toMatchObject({skipped: 1});
});

test('segments of chunks that were not committed do not count', async () => {
	const of = {connector: configuration, step: 2, diff: true};
	await mergeSegments(worker, folder, of, 2);
	expect((await table(2)).map(({__row, __outcome}) => [__row, __outcome])).toEqual([
		['1', 'created'],
		['2', 'skipped'],
		['3', 'skipped'],
		['4', 'created'],
	]);
	await mergeSegments(
		worker,
		folder,
		{
			connector: {...configuration, loadSteps: [...configuration.loadSteps, step('vendors', [match('code')], [map('code')])]},
			step: 3,
			diff: false,
		},
		0,
	);
	expect((await table(3)).map(({__row}) => __row)).toEqual(['2']);
});

test('a resumed step gets only the rows after what is committed', async () => {
	const rows: unknown[] = [];
	const source = stepSource(worker, {connector: configuration, step: 1, diff: false});
	for await (const block of source.blocks({afterRow: 2, upToRow: 5})) rows.push(...(block[0] ?? []));
	expect(rows.map(Number)).toEqual([3, 4, 5]);
});
