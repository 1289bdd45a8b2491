import {expect, test} from 'vitest';
import {columnType, rawText} from '../../source/engine/variables/raw-text.js';
import {decimalText} from '../../source/model/decimal-sql.js';
import type {Field} from '../../source/model/object.js';
import {build, execution, newFolder, newWorker, page, run} from './world.js';

const field = (apiName: string, type: Field['type'], multiple = false): Field => ({
	apiName,
	name: apiName,
	type,
	identifier: false,
	required: false,
	unique: false,
	options: [],
	object: null,
	multiple,
});

async function* blocks(...given: readonly (readonly unknown[])[][]) {
	yield* given;
}

test('a script as Kizen writes it runs as it is: several statements, reference data, meta, an output per object', async () => {
	const worker = await build(await newWorker(), {
		pages: [
			page(
				'records',
				['sku', 'vendor', 'price'],
				[
					['0012', 'ACME', '9.90'],
					['0013', null, '1'],
					['0014', 'Nope', '2'],
				],
			),
		],
		references: [
			{
				object: 'vendors',
				fields: [field('code', 'text'), field('rank', 'integer'), field('price', 'money'), field('active', 'checkbox')],
				blocks: blocks([
					['id-1', 'id-2'],
					['ACME', 'BETA'],
					[7, null],
					['1.50', '2.25'],
					[true, false],
				]),
			},
		],
		parameters: {region: 'EU'},
	});

	const outputs = await run(
		worker,
		`-- the vendors named in the file
		CREATE TABLE connector.named ENGINE = Memory AS SELECT DISTINCT vendor FROM input.records WHERE vendor IS NOT NULL;
		create table output.vendors engine Log() as select n.vendor as code, v.kizen_id, v.rank, toString(v.price) price, v.active
			from connector.named n left join kizen.vendors v on v.code = n.vendor order by code;
		CREATE TABLE output.products ENGINE Log() AS SELECT *, (SELECT value FROM meta.parameters WHERE name = 'region') AS region,
			(SELECT connector_id FROM meta.current_execution) AS connector FROM input.records_csv;
		CREATE TABLE output.import_errors ENGINE TinyLog AS SELECT _line, sku FROM input.page_idx_0 WHERE vendor IS NULL; -- the end
		`,
	);

	expect(outputs.map(({table, rows, isErrors}) => [table, rows, isErrors])).toEqual([
		['import_errors', 1, true],
		['products', 3, false],
		['vendors', 2, false],
	]);
	expect(await worker.rows('SELECT * FROM run.`sql:vendors` ORDER BY __row')).toEqual([
		{__row: '1', __line: null, code: 'ACME', kizen_id: 'id-1', rank: '7', price: '1.5', active: true},
		{__row: '2', __line: null, code: 'Nope', kizen_id: null, rank: null, price: null, active: null},
	]);
	expect(await worker.rows('SELECT * FROM run.`sql:products` ORDER BY __row LIMIT 1')).toEqual([
		{__row: '1', __line: null, sku: '0012', vendor: 'ACME', price: '9.90', region: 'EU', connector: execution.connectorId},
	]);
	expect(await worker.rows('SELECT * FROM run.`sql:import_errors`')).toEqual([{__row: '1', __line: '3', _line: '3', sku: '0013'}]);
});

test('reference data is typed by field, is reachable as records too, and what SQL cannot hold is NULL rather than another value', async () => {
	const worker = await build(await newWorker(), {
		references: [
			{
				object: 'people',
				fields: [field('born', 'date'), field('seen', 'datetime'), field('tags', 'dynamic_tags', true), field('exact', 'decimal')],
				blocks: blocks(
					[['a'], ['1985-02-03'], ['2024-01-02T03:04:05.678Z'], [['x', 'y']], ['12345678901234567890.123456789']],
					[['b'], ['0999-01-01'], [null], [null], [null]],
				),
			},
			{object: 'bare', fields: [], blocks: blocks([['only-id']])},
		],
	});

	await run(
		worker,
		`CREATE TABLE output.people AS SELECT kizen_id, born, seen, tags, toString(exact) AS digits, toTypeName(p.exact) kind FROM records.people AS p ORDER BY kizen_id;
		CREATE TABLE output.bare AS SELECT * FROM kizen.bare`,
	);

	expect(await worker.rows('SELECT * EXCEPT (__row, __line) FROM run.`sql:people` ORDER BY __row')).toEqual([
		{
			kizen_id: 'a',
			born: '1985-02-03',
			seen: '2024-01-02 03:04:05.678',
			tags: ['x', 'y'],
			digits: '12345678901234567890.123456789',
			kind: 'Nullable(Decimal(67, 20))',
		},
		{kizen_id: 'b', born: null, seen: null, tags: [], digits: null, kind: 'Nullable(Decimal(67, 20))'},
	]);
	expect(await worker.rows('SELECT kizen_id FROM run.`sql:bare`')).toEqual([{kizen_id: 'only-id'}]);
});

test('webhook batches are read raw and typed; a body that is no single JSON object is NULL there', async () => {
	const rows = [
		['2026-11-20T10:00:00.123Z', 'ann', 'a=1', '{"id": 7, "deep": {"x": "y"}}'],
		['2026-11-20T10:00:01.000Z', 'bob', '', '[1, 2]'],
		['2026-11-20T10:00:02.000Z', 'bob', '', 'plain'],
		['2026-11-20T10:00:03.000Z', 'bob', '', '{"a": 1, "a": 2}'],
		['2026-11-20T10:00:04.000Z', 'bob', '', '{"n": 12345678901234567890123}'],
	];
	const worker = await build(await newWorker(), {
		type: 'webhook',
		pages: [page('batch', ['timestamp', 'employee_id', 'querystring', 'body'], rows)],
	});

	await run(
		worker,
		`CREATE TABLE output.hooks AS SELECT _line, toTypeName(timestamp) kind, toString(timestamp) at, body.id::Nullable(Int64) id,
			body.deep.x::Nullable(String) x, body IS NULL AS blank FROM input.webhooks;
		CREATE TABLE output.raw AS SELECT body FROM input.webhooks_raw`,
	);

	expect(await worker.rows('SELECT kind, at, id, x, blank FROM run.`sql:hooks` ORDER BY __row LIMIT 3')).toEqual([
		{kind: 'Nullable(DateTime64(3))', at: '2026-11-20 10:00:00.123', id: '7', x: 'y', blank: 0},
		{kind: 'Nullable(DateTime64(3))', at: '2026-11-20 10:00:01.000', id: null, x: null, blank: 1},
		{kind: 'Nullable(DateTime64(3))', at: '2026-11-20 10:00:02.000', id: null, x: null, blank: 1},
	]);
	expect(await worker.rows('SELECT count() AS n FROM run.`sql:raw`')).toEqual([{n: '5'}]);
});

test('a schedule gives its time as a DateTime', async () => {
	const worker = await build(await newWorker(), {
		type: 'schedule',
		pages: [page('tick', ['schedule_trigger_time'], [['2026-11-20T06:30:00.000Z']])],
	});

	await run(worker, 'CREATE TABLE output.t AS SELECT schedule_trigger_time + INTERVAL 1 DAY AS tomorrow FROM input.schedule');

	expect(await worker.rows('SELECT tomorrow FROM run.`sql:t`')).toEqual([{tomorrow: '2026-11-21 06:30:00'}]);
});

test('decimals of reference data are computed with twenty digits, and shown with as many as their column has, never fewer than they need', async () => {
	const worker = await build(await newWorker(), {
		references: [
			{
				object: 'products',
				fields: [field('price', 'money'), field('weight', 'decimal'), field('stars', 'rating')],
				blocks: blocks([
					['a', 'b', 'c', 'd'],
					['9.90', '12', '-0.05', null],
					['1.5', '2.125', null, '10'],
					['4', '5', null, '1'],
				]),
			},
		],
	});
	const [kept] = await run(
		worker,
		'CREATE TABLE output.products AS SELECT price, weight, stars, price / 3 AS third, price * 2 AS twice, max(price) OVER () AS most FROM kizen.products ORDER BY kizen_id',
	);
	const texts = (kept?.columns ?? []).map(({name, type}) => {
		const argument = /Decimal\((.*?)\)/.exec(type)?.[1] ?? '';
		return `${decimalText(name, argument)} AS ${name}_text`;
	});
	const rows = await worker.rows(`SELECT ${texts.join(', ')} FROM run.\`sql:products\` ORDER BY __row`);
	expect(rows.map((row) => Object.values(row))).toEqual([
		['9.90', '1.500', '4', '3.30', '19.80', '12.00'],
		['12.00', '2.125', '5', '4.00', '24.00', '12.00'],
		['-0.05', null, null, '-0.01666666666666666666', '-0.10', '12.00'],
		[null, '10.000', '1', null, null, '12.00'],
	]);
});

test("text without an offset is a time of the workspace's zone in every function, and a moment is kept with its zone", async () => {
	const worker = await build(await newWorker({}, {}, newFolder(), undefined, 'Europe/Paris'), {
		pages: [page('orders', ['at'], [['2026-07-01 00:30:00'], ['2026-12-01 00:30:00'], ['2026-10-25 02:30:00'], ['1890-07-01 00:00:00']])],
		references: [{object: 'visits', fields: [field('seen', 'datetime')], blocks: blocks([['a'], ['2026-06-30T22:30:00.000Z']])}],
	});
	const [orders, visits] = await run(
		worker,
		`CREATE TABLE output.orders AS SELECT toDateTime64(at, 3) AS t, toDate(t) AS day, toHour(t) AS hour, formatDateTime(t, '%H:%i') AS clock,
			toString(t) AS text, [t] AS list, t = toDateTime64('2026-06-30 22:30:00', 3, 'UTC') AS same FROM input.orders ORDER BY _line;
		CREATE TABLE output.visits AS SELECT seen, seen = toDateTime64('2026-07-01 00:30:00', 3) AS same, toString(toTimeZone(seen, timezone())) AS text, toString(seen) AS plain FROM kizen.visits`,
	);
	const types = Object.fromEntries((orders?.columns ?? []).map(({name, type}) => [name, type]));
	expect(types.t).toBe("Nullable(DateTime64(3, 'Europe/Paris'))");
	expect(types.list).toBe("Array(Nullable(DateTime64(3, 'Europe/Paris')))");
	expect(visits?.columns.map(({type}) => type)).toEqual([
		"Nullable(DateTime64(3, 'Europe/Paris'))",
		'Nullable(UInt8)',
		'Nullable(String)',
		'Nullable(String)',
	]);
	const text = rawText('t', columnType(types.t ?? ''), 'Europe/Paris');
	expect(await worker.rows(`SELECT ${text} AS raw, day, hour, clock, text, same FROM run.\`sql:orders\` ORDER BY __row`)).toEqual([
		{raw: '2026-07-01T00:30:00.000000+02:00', day: '2026-07-01', hour: 0, clock: '00:30', text: '2026-07-01 00:30:00.000', same: 1},
		{raw: '2026-12-01T00:30:00.000000+01:00', day: '2026-12-01', hour: 0, clock: '00:30', text: '2026-12-01 00:30:00.000', same: 0},
		{raw: '2026-10-25T02:30:00.000000+02:00', day: '2026-10-25', hour: 2, clock: '02:30', text: '2026-10-25 02:30:00.000', same: 0},
		// Of 1890 the offset has seconds, which no text has.
		{raw: '1890-07-01T00:00:00.000000', day: expect.anything(), hour: 0, clock: '00:00', text: '1890-07-01 00:00:00.000', same: 0},
	]);
	const [seen] = [{same: 1, text: '2026-07-01 00:30:00.000', plain: '2026-07-01 00:30:00.000'}];
	expect(await worker.rows('SELECT same, text, plain FROM run.`sql:visits`')).toEqual([seen]);
});

test('dates of records that SQL cannot hold are blank there, with a warning that names the field and one of them', async () => {
	const warnings: string[] = [];
	const days = ['2026-07-01', '0001-01-01', null, '2300-01-01'];
	const worker = await build(await newWorker(), {
		references: [{object: 'visits', fields: [field('day', 'date')], blocks: blocks([days.map((_, at) => `v${at}`), days])}],
		onLost: ({message}) => warnings.push(message),
	});
	expect(await worker.rows('SELECT toString(day) AS day FROM kizen.visits')).toEqual([
		{day: '2026-07-01'},
		{day: null},
		{day: null},
		{day: null},
	]);
	expect(warnings).toEqual(['kizen.visits.day: 2 values that SQL cannot hold are blank there, such as 0001-01-01']);
});
