/*
 * What a load step costs by itself: rows into a store that forgets them, so that converting, matching, planning and result segments remain.
 * `npm run build && node bench/load.mjs [rows]`
 */
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {runLoadStep} from '../dist/source/engine/load/step.js';

const rows = Number(process.argv[2] ?? 1_000_000);
const blockRows = 16_384;

const field = (apiName, type, more = {}) => ({
	apiName,
	name: apiName,
	type,
	identifier: false,
	required: false,
	unique: false,
	options: [],
	object: null,
	multiple: false,
	...more,
});
const fields = [
	field('sku', 'text', {identifier: true}),
	field('name', 'text', {required: true}),
	field('description', 'longtext'),
	field('email', 'email'),
	field('price', 'money'),
	field('stock', 'integer'),
	field('active', 'checkbox'),
	field('listed_on', 'date'),
	field('seen_at', 'datetime'),
	field('city', 'text'),
	field('country', 'text'),
];
const types = {email: 'email', money: 'number', integer: 'number', checkbox: 'boolean', date: 'date', datetime: 'datetime'};
const connector = {
	variables: fields.map(({apiName, type}) => ({
		name: apiName,
		scope: 'input',
		from: {column: apiName},
		type: types[type] ?? 'string',
		array: false,
		delimiter: ',',
		required: false,
		inputFormat: null,
		outputFormat: null,
		decimalComma: false,
	})),
	additionalVariables: [],
	loadSteps: [
		{
			name: 'Products',
			object: 'products',
			scope: 'input',
			matching: [
				{
					field: 'sku',
					variable: 'sku',
					noMatch: 'create_new',
					singleMatch: 'update_current',
					multipleMatch: 'do_not_upload',
					archivedMatch: 'unarchive_and_update',
				},
			],
			mapping: fields.map(({apiName}) => ({
				field: apiName,
				variables: [apiName],
				join: ' ',
				conflict: 'overwrite_skip_blank',
				createOptions: false,
			})),
			exposeAs: null,
			automations: {onCreate: [], onUpdate: [], suppressTriggers: false},
		},
	],
	settings: {chunkSize: 5000},
};

/** The values of row `n`, 1-based, in the order of the fields. */
const valuesOf = (n) => [
	`SKU-${String(n).padStart(8, '0')}`,
	`Product number ${n}`,
	`A rather longer text about product ${n}, with "quotes" and ümlauts in it`,
	`person${n}@example.com`,
	`${n % 1000}.${String(n % 100).padStart(2, '0')}`,
	String(n % 5000),
	n % 2 ? 'true' : 'false',
	`2026-0${1 + (n % 9)}-1${n % 10}`,
	`2026-0${1 + (n % 9)}-1${n % 10}T12:30:00.000Z`,
	`City ${n % 500}`,
	n % 3 ? 'France' : null,
];

let generatingMs = 0;
const cpuMs = () => {
	const {user, system} = process.cpuUsage();
	return (user + system) / 1000;
};

/** Columns but the first, the same in each block: only the identifiers differ, so that making the rows does not drown what is measured. */
const common = JSON.parse(
	JSON.stringify(fields.map((_, index) => Array.from({length: blockRows}, (_none, row) => valuesOf(row + 1)[index]))),
);
const noWarnings = new Array(blockRows).fill(null);

async function* blocks(afterRow, upToRow) {
	for (let from = afterRow; from < upToRow; from += blockRows) {
		const before = cpuMs();
		const count = Math.min(blockRows, upToRow - from);
		const numbers = Array.from({length: count}, (_, row) => from + row + 1);
		const skus = JSON.parse(JSON.stringify(numbers.map((n) => valuesOf(n)[0])));
		const block = [numbers, noWarnings, skus, ...common.slice(1)].map((column) =>
			column.length === count ? column : column.slice(0, count),
		);
		generatingMs += cpuMs() - before;
		yield block;
	}
}

/** A store of records that all exist already, or that holds none. */
function storeOf(existing) {
	return {
		async lookup(_object, _name, values) {
			if (!existing) return new Map();
			const before = cpuMs();
			const found = new Map(values.map((value) => [value, [{id: `id-${value}`, archived: false}]]));
			generatingMs += cpuMs() - before;
			return found;
		},
		async read(_object, ids) {
			const before = cpuMs();
			const found = new Map(
				ids.map((id) => {
					const values = valuesOf(((Number(id.slice(7)) - 1) % blockRows) + 1);
					values[0] = id.slice(3);
					values[5] = Number(values[5]);
					values[6] = values[6] === 'true';
					if (existing === 'changed') values[9] = 'Elsewhere';
					return [id, {id, archived: false, values}];
				}),
			);
			generatingMs += cpuMs() - before;
			return found;
		},
		options: async () => new Set(),
		beginChunk: async () => {},
		abandonChunk: async () => {},
		commitChunk: async () => {},
		checkpoints: async () => [],
		close: async () => {},
	};
}

const only = process.argv[3] ?? '';
for (const [name, existing] of [
	['all created', null],
	['all unchanged', 'same'],
	['all updated', 'changed'],
].filter(([name]) => name.includes(only))) {
	const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
	generatingMs = 0;
	const cpu = cpuMs();
	const started = performance.now();
	const result = await runLoadStep({
		execution: 'bench',
		lease: 1,
		connector,
		objects: [{apiName: 'products', name: 'Products', fields, filterGroups: []}],
		locale: {timezone: 'UTC', defaultCountry: null},
		step: 1,
		folder,
		store: storeOf(existing),
		rows,
		source: {blocks: ({afterRow, upToRow}) => blocks(afterRow, upToRow)},
		afterChunk: 0,
		listeners: {created: false, updated: false},
		shouldStop: () => false,
		onChunk: () => {},
	});
	const {created, updated, skipped} = result.counts;
	console.log(
		`${name}: ${Math.round(cpuMs() - cpu - generatingMs)} ms CPU, ${Math.round(performance.now() - started)} ms in all (${created} created, ${updated} updated, ${skipped} skipped), ${Math.round(process.memoryUsage.rss() / 1e6)} MB`,
	);
	rmSync(folder, {recursive: true});
}
