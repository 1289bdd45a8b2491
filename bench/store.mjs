/**
 * What the store costs beside sqlite3's own command line, on one machine in one run: a million records of eleven fields created in chunks of 5,000
 * with a look-up of the identifier each, then updated in order and shuffled, and read back page by page. `npm run build` first.
 * With `dry`, the same against the overlay of an empty store.
 */
import {spawnSync} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import {closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {openStore} from '../dist/source/store/sqlite/open-store.js';
import {openOverlay} from '../dist/source/store/sqlite/overlay.js';
import {readRecords} from '../dist/source/store/sqlite/read-records.js';

const rows = Number(process.env.ROWS ?? 1_000_000);
const perChunk = 5000;
const dry = process.argv.includes('dry');
const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
const types = {
	sku: 'text',
	name: 'text',
	email: 'email',
	city: 'text',
	price: 'money',
	qty: 'integer',
	listed: 'date',
	updated: 'datetime',
	active: 'checkbox',
	note: 'text',
	tier: 'text',
};
const names = Object.keys(types);
const field = (apiName) => ({
	apiName,
	name: apiName,
	type: types[apiName],
	identifier: apiName === 'sku',
	required: false,
	unique: false,
	options: [],
	object: null,
	multiple: false,
});
const items = {apiName: 'items', name: 'Items', fields: names.map(field), filterGroups: []};
const key = (index) => `SKU-${String(index).padStart(8, '0')}`;
const valuesOf = (index) => [
	key(index),
	`Name of ${index}`,
	`user${index}@example.com`,
	'Paris',
	`${index % 1000}.50`,
	index % 100,
	`2026-01-0${(index % 9) + 1}`,
	'2026-01-01T00:00:00.000Z',
	index % 2 === 0,
	`some note text ${index}`,
	'Gold',
];
const ids = Array.from({length: rows}, (_, index) => {
	const hex = (Date.now() * 4096 + index).toString(16).padStart(15, '0');
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(12)}-8abc-${randomBytes(6).toString('hex')}`;
});

/** CPU seconds, this process's, since `from`: a machine that others use too makes the wall clock say little. */
function seconds(from) {
	return Number(((cpuMs() - from) / 1000).toFixed(2));
}

function cpuMs() {
	const {user, system} = process.cpuUsage();
	return (user + system) / 1000;
}

function floor() {
	const csv = join(folder, 'items.csv');
	const file = openSync(csv, 'w');
	for (let start = 0; start < rows; start += 10_000) {
		writeSync(
			file,
			`${Array.from({length: Math.min(10_000, rows - start)}, (_, index) => valuesOf(start + index).join(',')).join('\n')}\n`,
		);
	}
	closeSync(file);
	const columns = names
		.map((name) => `${name} ${types[name] === 'integer' ? 'INTEGER' : 'TEXT'}${name === 'sku' ? ' PRIMARY KEY' : ''}`)
		.join(', ');
	const {stderr} = spawnSync('/usr/bin/time', ['-f', '%U %S', 'sqlite3', join(folder, 'floor.db')], {
		encoding: 'utf8',
		input: `CREATE TABLE staged (${names.join(', ')});\n.mode csv\n.import ${csv} staged\nCREATE TABLE items (${columns});\nINSERT INTO items SELECT * FROM staged;\n`,
	});
	const [user, system] = stderr.trim().split(/\s+/).slice(-2).map(Number);
	return user + system;
}

const counts = {created: 0, updated: 0, skipped: 0, errored: 0, warnings: 0};
let chunk = 0;
async function commit(store, what) {
	const nothing = {pushAsides: [], creates: [], updates: [], options: [], events: []};
	await store.commitChunk({
		execution: 'bench',
		lease: 1,
		step: 1,
		chunk: ++chunk,
		object: 'items',
		fields: names,
		counts,
		...nothing,
		...what,
	});
}

async function create(store) {
	const from = cpuMs();
	for (let start = 0; start < rows; start += perChunk) {
		const values = Array.from({length: Math.min(perChunk, rows - start)}, (_, index) => valuesOf(start + index));
		await store.beginChunk();
		await store.lookup(
			'items',
			'sku',
			values.map(([sku]) => sku),
		);
		await commit(store, {creates: values.map((row, index) => ({id: ids[start + index], values: row}))});
	}
	return seconds(from);
}

async function update(store, order, name) {
	const from = cpuMs();
	for (let start = 0; start < rows; start += perChunk) {
		const part = order.slice(start, start + perChunk);
		await store.beginChunk();
		const found = await store.lookup('items', 'sku', part.map(key));
		const wanted = part.map((index) => found.get(key(index))[0].id);
		await store.read('items', wanted, names);
		await commit(store, {updates: wanted.map((id) => ({id, changes: {name, price: '7.25'}}))});
	}
	return seconds(from);
}

const ownMb = process.memoryUsage().rss / 1e6;
const report = {rows, dry, floor: floor()};
const file = join(folder, 'sluice.db');
const store = dry ? await openOverlay(file, folder, [items]) : await openStore(file, [items]);
await store.takeLease('bench', 1);
report.create = await create(store);
const order = Array.from({length: rows}, (_, index) => index);
report.ordered = await update(store, order, 'New name');
for (let index = rows - 1; index > 0; index--) {
	const other = Math.floor(Math.random() * (index + 1));
	[order[index], order[other]] = [order[other], order[index]];
}
report.shuffled = await update(store, order, 'Newer name');
report.rssMbOverOwn = Math.round(process.resourceUsage().maxRSS / 1024 - ownMb);
if (!dry) {
	let from = cpuMs();
	const generation = await store.beginMemory({connector: 'bench', signature: 's'}, 'bench');
	const hashes = randomBytes(50_000 * 16);
	from = cpuMs();
	for (let start = 0; start < rows; start += 50_000) await store.addToMemory(generation, 'items', {hashes, since: 'bench'});
	await store.finishLoad('bench', 1, {generation, add: false});
	report.memoryWritten = seconds(from);
	from = cpuMs();
	for await (const _ of store.remembered({connector: 'bench', signature: 's', scope: 'items'}));
	report.memoryRead = seconds(from);
	from = cpuMs();
	for await (const _ of store.referenceBlocks('items', ['sku', 'name'], null));
	report.reference = seconds(from);
}
await store.close();
if (!dry) {
	report.fileMb = Math.round(statSync(file).size / 1e6);
	await readRecords(file, items, {offset: 0});
	for (const [name, query] of Object.entries({
		pageMs: {offset: rows / 2},
		whereMs: {where: [{field: 'sku', value: key(7)}]},
		findMs: {find: 'name of 77'},
	})) {
		const from = performance.now();
		await readRecords(file, items, query);
		report[name] = Math.round(performance.now() - from);
	}
}
report.ratios = {create: (report.create / report.floor).toFixed(2), shuffled: (report.shuffled / report.ordered).toFixed(2)};
console.log(JSON.stringify(report, null, 1));
rmSync(folder, {recursive: true});
