import {mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import fc from 'fast-check';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {compileStep} from '../../source/engine/load/plan/compile-step.js';
import {SegmentWriter} from '../../source/engine/load/results/segment.js';
import {type SqlWorker, startWorker} from '../../source/engine/sql/worker-session.js';
import {defaultLimits} from '../../source/model/limits.js';
import {newId, newIdBytes} from '../../source/platform/uuid7.js';
import {openStore} from '../../source/store/sqlite/open-store.js';
import {readRecords} from '../../source/store/sqlite/read-records.js';
import {connector, field, map, match, object, step, variable} from './build.js';
import {mergeSegments} from './merge-segments.js';
import {given, load, locale, type Way} from './two-ways.js';

/* Rows that become records as they stand must end as they would have ended the general way: the same records, the same table, the same counts. */

const things = object(
	'things',
	field('code', 'text', {identifier: true}),
	field('name', 'text', {required: true}),
	field('note', 'longtext'),
	field('mail', 'email', {unique: true}),
	field('stock', 'integer'),
	field('price', 'money'),
	field('active', 'checkbox'),
	field('day', 'date'),
	field('seen', 'datetime'),
	field('never', 'text'),
);
const names = ['code', 'name', 'note', 'mail', 'stock', 'price', 'active', 'day', 'seen'] as const;
const configuration = connector(
	[
		variable('code'),
		variable('name'),
		variable('note'),
		variable('mail', 'email'),
		variable('stock', 'number'),
		variable('price', 'number'),
		variable('active', 'boolean'),
		variable('day', 'date'),
		variable('seen', 'datetime'),
	],
	[
		step(
			'things',
			[match('code')],
			names.map((name) => map(name)),
		),
	],
	2,
);

let folder: string;
let worker: SqlWorker;

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'sluice-plain-'));
	worker = await startWorker({folder, limits: defaultLimits});
	await worker.execute('CREATE DATABASE IF NOT EXISTS run');
});

afterAll(async () => {
	await worker.kill();
	rmSync(folder, {recursive: true, force: true});
});

type Row = Readonly<Record<(typeof names)[number], string | null>>;

/** Loads the rows that stand in the engine into a store of their own which holds `seeds` already. */
async function loadInto(way: Way, rows: number, seeds: readonly string[]) {
	const home = mkdtempSync(join(folder, `${way}-`));
	const file = join(home, 'sluice.db');
	const store = await openStore(file, [things]);
	await store.takeLease('e', 1);
	const counts = {created: 0, updated: 0, skipped: 0, errored: 0, warnings: 0};
	const seeded = seeds.map((code, index) => ({id: `0196ffff-0000-7000-8000-${String(index).padStart(12, '0')}`, values: [code, 'seed']}));
	const nothing = {pushAsides: [], updates: [], options: [], events: [], counts};
	await store.beginChunk();
	await store.commitChunk({
		execution: 'e',
		lease: 1,
		step: 9,
		chunk: 1,
		object: 'things',
		fields: ['code', 'name'],
		creates: seeded,
		...nothing,
	});
	const result = await load(worker, way, {store, home, object: things}, {execution: 'e', rows, connector: configuration});
	const checkpoints = (await store.checkpoints('e')).filter(({step: number}) => number === 1);
	await store.close();
	await mergeSegments(worker, home, {connector: configuration, step: 1, diff: false}, result.chunks);
	const table = await worker.rows('SELECT * EXCEPT (__record_id), length(__record_id) AS id_length FROM run.`load:1` ORDER BY __row');
	const {items} = await readRecords(file, things, {limit: 1000});
	const ids = new Map(
		(await worker.rows<{id: string; code: string}>('SELECT __record_id AS id, code FROM run.`load:1`')).map(({id, code}) => [id, code]),
	);
	const records = items.map(({id, fields}) => ({fields, as: ids.get(id) ?? (seeded.some((seed) => seed.id === id) ? 'seed' : 'nobody')}));
	const sorted = records.sort((a, b) => (String(a.fields.code) < String(b.fields.code) ? -1 : 1));
	const created = readdirSync(join(home, 'segments/load-1')).filter((name) => name.endsWith('.created')).length;
	rmSync(home, {recursive: true});
	return {created, account: {counts: result.counts, checkpoints, table, records: sorted}};
}

const awkward = fc.oneof(
	{weight: 20, arbitrary: fc.constantFrom('Ann', 'Änn "A"', 'a/b\\c', '日本 🙂', "O'Neil", '  padded\t', 'é', '"', '{}', 'null', '\u2028')},
	{weight: 1, arbitrary: fc.constantFrom(null, '', ' ', 'nul\0inside', 'x'.repeat(255), 'é'.repeat(256))},
	{weight: 1, arbitrary: fc.string({unit: 'binary', maxLength: 6})},
);
const rowOf = fc.record<Row>({
	code: fc.oneof(
		{weight: 20, arbitrary: fc.nat(4000).map((n) => `C${n}`)},
		{weight: 1, arbitrary: fc.constantFrom('seed', null, 'É 1', '0012')},
	),
	name: fc.oneof({weight: 20, arbitrary: fc.constantFrom('Bea', 'Zoë', '12')}, {weight: 1, arbitrary: awkward}),
	note: awkward,
	mail: fc.oneof(
		{weight: 20, arbitrary: fc.nat(5000).map((n) => `P${n}@Example.com`)},
		{weight: 1, arbitrary: fc.constantFrom(null, 'none', 'zoë@exämple.com', 'a@b.co', `${'l'.repeat(60)}@example.com`)},
	),
	stock: fc.oneof(
		{weight: 20, arbitrary: fc.constantFrom('0', '7', '-12', '007', '1,200', null, 'many')},
		{weight: 1, arbitrary: fc.constantFrom('12.0', '1.5', '9223372036854775807', '99999999999999999999', '-0')},
	),
	price: fc.constantFrom('1', '1.50', '0.00', '-3.10', '(2.5)', '100', '1000000', '.5', '-0.5', 'EUR 9', null, 'n/a'),
	active: fc.constantFrom('true', 'FALSE', null, 'perhaps'),
	day: fc.constantFrom('2026-02-28', '2026-02-30', null, '0001-01-01'),
	seen: fc.constantFrom('2026-02-28T10:00:00+02:00', '2026-02-28 10:00', null, 'soon'),
});

const plainRows = Array.from(
	{length: 12},
	(_, n): Row => ({
		code: `C${5000 + n}`,
		name: 'Bea',
		note: 'Ann',
		mail: `P${n}@Example.com`,
		stock: '7',
		price: '1.50',
		active: 'true',
		day: '2026-02-28',
		seen: '2026-02-28T10:00:00+02:00',
	}),
);

test('rows that become records as they stand end as they would have the general way', async () => {
	let plain = 0;
	await fc.assert(
		fc.asyncProperty(fc.array(rowOf, {minLength: 1, maxLength: 24}), fc.subarray(['seed', 'C1', 'C7', 'É 1']), async (rows, seeds) => {
			await given(worker, names, rows, configuration);
			const quick = await loadInto('plain', rows.length, seeds);
			const general = await loadInto('general', rows.length, seeds);
			expect(general.created).toBe(0);
			expect(quick.account).toEqual(general.account);
			plain += quick.created;
		}),
		// Few random runs may by chance have few rows that are plain.
		{numRuns: process.env.SLUICE_LONG ? 400 : 12, endOnFailure: true, examples: [[plainRows, []]]},
	);
	expect(plain).toBeGreaterThan(10);
}, 600_000);

const plainRow = (code: string, more: Partial<Row> = {}): Row => ({
	code,
	name: 'Ann',
	note: null,
	mail: null,
	stock: null,
	price: '9.90',
	active: 'true',
	day: null,
	seen: null,
	...more,
});

test('a chunk that names a record which is there goes the general way, and those that follow at once', async () => {
	await given(
		worker,
		names,
		Array.from({length: 12}, (_, index) => plainRow(index === 3 ? 'seed' : `C${index}`)),
		configuration,
	);
	const {created, account} = await loadInto('plain', 12, ['seed']);
	expect(created).toBe(1);
	expect(account.counts).toMatchObject({created: 11, updated: 1, errored: 0});
});

test('of two rows with one identifier in a chunk the second updates what the first made', async () => {
	await given(worker, names, [plainRow('C1'), plainRow('C1', {name: 'Bea'}), plainRow('C2')], configuration);
	const {created, account} = await loadInto('plain', 3, []);
	expect(created).toBe(0);
	expect(account.counts).toMatchObject({created: 2, updated: 1});
	expect(account.records.map(({fields}) => fields.name)).toEqual(['Bea', 'Ann']);
});

test('a chunk has one segment, whichever way an earlier runner that never committed had taken it', async () => {
	const home = mkdtempSync(join(folder, 'segment-'));
	const segments = new SegmentWriter(home, compileStep(configuration, [things], 1, locale));
	await segments.prepare();
	await segments.writeCreated({chunk: 1, first: 1}, Uint32Array.of(1, 2), newIdBytes(2));
	await segments.write({chunk: 1, first: 1}, ['[]\n']);
	expect(readdirSync(join(home, 'segments/load-1'))).toEqual(['00000001.json']);
	await segments.writeCreated({chunk: 1, first: 1}, Uint32Array.of(1, 2), newIdBytes(2));
	expect(readdirSync(join(home, 'segments/load-1'))).toEqual(['00000001.created']);
});

test('chunks that are done together have one segment, whatever an earlier runner left of them', async () => {
	const home = mkdtempSync(join(folder, 'segment-'));
	const segments = new SegmentWriter(home, compileStep(configuration, [things], 1, locale));
	await segments.prepare();
	for (const chunk of [1, 2, 3, 4, 5]) await segments.writeCreated({chunk, first: chunk}, Uint32Array.of(chunk), newIdBytes(1));
	await segments.write({chunk: 4, first: 2}, ['[]\n']);
	expect(readdirSync(join(home, 'segments/load-1')).sort()).toEqual(['00000001.created', '00000004.json', '00000005.created']);
});

test('ids made as bytes sort after the ids made as texts before them, in order among themselves', () => {
	const texts = [newId(), ...hexOf(newIdBytes(3000)), newId()].map((id) => id.replaceAll('-', ''));
	expect(new Set(texts).size).toBe(3002);
	expect([...texts.slice(0, -1)]).toEqual([...texts.slice(0, -1)].sort());
	expect(texts.every((id) => /^[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/.test(id))).toBe(true);
});

function hexOf(ids: Uint8Array): string[] {
	const bytes = Buffer.from(ids);
	return Array.from({length: bytes.length / 16}, (_, index) => bytes.toString('hex', index * 16, index * 16 + 16));
}
