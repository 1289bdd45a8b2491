import {readFileSync} from 'node:fs';
import {gunzipSync} from 'node:zlib';
import {expect, test} from 'vitest';
import type {Connector} from '../../source/model/connector.js';
import {SheetBuilder} from '../../source/report/sheets/builder.js';
import {build, newFolder, newWorker} from '../sql/world.js';

/** More sheet columns than are made at once, ten times over; one statement over all of them takes 14 GB. */
const fields = Array.from({length: 2_500}, (_, index) => `c${index}`);

test('a sheet of thousands of columns is built in bounded memory, with each cell in its place', async () => {
	const folder = newFolder();
	const worker = await build(await newWorker({sqlMemoryBytes: 400_000_000}, {}, folder));
	const own =
		'__row UInt64, __line Nullable(UInt64), __outcome String, __reason Nullable(String), __warnings Array(String), __record_id Nullable(String), __record Nullable(String), __rule Nullable(UInt16), __changes String';
	await worker.execute(
		`CREATE TABLE run.\`load:1\` (${own}, ${fields.map((name) => `${name} Nullable(String)`).join(', ')}) ENGINE = MergeTree ORDER BY __row`,
	);
	const changes = JSON.stringify({c0: ['old & first', 'x'], c2499: ['old last', 'y']});
	await worker.execute(
		`INSERT INTO run.\`load:1\` SELECT number + 1, number + 2, 'updated', NULL, [], 'id', 'record', 1, '${changes}', ${fields.map((name) => `concat('${name} row ', toString(number + 1))`).join(', ')} FROM numbers(2)`,
	);
	const connector = {variables: [], loadSteps: []} as unknown as Connector;
	const builder = await SheetBuilder.open({folder, mode: 'live', connector, objects: []});

	const {sheets} = await builder.sheetsOf('load:1', worker, 2);

	const [sheet] = sheets;
	if (sheet === undefined || typeof sheet.xml === 'string') throw new Error('A sheet with rows is a file');
	const xml = gunzipSync(readFileSync(sheet.xml.path)).toString();
	expect(sheet).toMatchObject({rows: 2, columns: 8 + 2 * fields.length});
	expect(xml).toContain('<c r="I2" t="inlineStr"><is><t xml:space="preserve">c0 row 1</t></is></c>');
	expect(xml).toContain('>c2499 row 2</t>');
	expect(xml).toContain('>old &amp; first</t>');
	expect(xml).toContain('>old last</t>');
	expect([...xml.matchAll(/<c r="[A-Z]+3"/g)].length).toBe([...xml.matchAll(/<c r="[A-Z]+2"/g)].length);
	expect(await worker.rows("SELECT name FROM system.tables WHERE database = 'run'")).toEqual([{name: 'load:1'}]);
	await builder.close();
}, 120_000);
