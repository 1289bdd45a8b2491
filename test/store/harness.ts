import {randomBytes, randomUUID} from 'node:crypto';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {FieldType} from '../../source/model/field-type.js';
import type {Field, ObjectDefinition} from '../../source/model/object.js';
import {noCounts} from '../../source/model/outcome.js';
import type {FieldValue} from '../../source/model/value.js';
import type {ChunkCommit, ExecutionStore} from '../../source/store/record-store.js';
import {openStore} from '../../source/store/sqlite/open-store.js';
import {openOverlay} from '../../source/store/sqlite/overlay.js';

export function field(apiName: string, type: FieldType, more: Partial<Field> = {}): Field {
	const none = {identifier: false, required: false, unique: false, options: [], object: null};
	return {apiName, name: apiName, type, multiple: type === 'checkboxes' || type === 'dynamic_tags', ...none, ...more};
}

export function object(apiName: string, fields: readonly Field[]): ObjectDefinition {
	return {apiName, name: apiName, fields, filterGroups: []};
}

export const contacts = object('contacts', [
	field('email', 'email', {identifier: true}),
	field('name', 'text'),
	field('phone', 'phone_number', {unique: true}),
	field('balance', 'decimal'),
	field('points', 'integer'),
	field('vip', 'checkbox'),
	field('topics', 'dynamic_tags'),
	field('tier', 'dropdown', {options: ['Gold', 'Silver']}),
	field('born', 'date'),
]);

export const run = 'execution-1';

let lastId = Date.now() * 4096;

/** An id that is greater than those before it, as records get them. */
export function newId(): string {
	const time = (++lastId).toString(16).padStart(15, '0');
	return `${time.slice(0, 8)}-${time.slice(8, 12)}-7${time.slice(12)}-8${randomUUID().slice(20, 23)}-${randomBytes(6).toString('hex')}`;
}

let chunks = 0;

/** A chunk of `contacts` that says only what matters. */
export function chunk(what: Partial<ChunkCommit>): ChunkCommit {
	const object = what.object ?? 'contacts';
	const nothing = {pushAsides: [], creates: [], updates: [], options: [], events: []};
	return {
		execution: run,
		lease: 1,
		step: 1,
		chunk: ++chunks,
		object,
		fields: ['email', 'name', 'phone'],
		counts: noCounts,
		...nothing,
		...what,
	};
}

export function creating(...rows: readonly (FieldValue | null)[][]): {ids: string[]; creates: ChunkCommit['creates']} {
	const creates = rows.map((values) => ({id: newId(), values}));
	return {ids: creates.map(({id}) => id), creates};
}

export function scratchFolder(): {folder: string; remove(): void} {
	const folder = mkdtempSync(join(tmpdir(), 'sluice-store-'));
	return {folder, remove: () => rmSync(folder, {recursive: true, force: true})};
}

/** One way to hold records: what `seeds` commit lies there before the store under test is asked anything. */
export type Holding = {
	readonly name: string;
	open(folder: string, objects: readonly ObjectDefinition[], seeds?: readonly ChunkCommit[]): Promise<ExecutionStore>;
};

async function commitAll(store: ExecutionStore, seeds: readonly ChunkCommit[]): Promise<ExecutionStore> {
	await store.takeLease(run, 1);
	for (const seed of seeds) await store.commitChunk(seed);
	return store;
}

export const holdings: readonly Holding[] = [
	{
		name: 'the store of a live run',
		open: async (folder, objects, seeds = []) => commitAll(await openStore(join(folder, 'sluice.db'), objects), seeds),
	},
	{
		name: 'the overlay of a dry run',
		async open(folder, objects, seeds = []) {
			const live = await commitAll(await openStore(join(folder, 'sluice.db'), objects), seeds);
			await live.close();
			return commitAll(await openOverlay(join(folder, 'sluice.db'), folder, objects), []);
		},
	},
	{
		name: 'the overlay of a dry run without a store',
		open: async (folder, objects, seeds = []) => commitAll(await openOverlay(join(folder, 'none.db'), folder, objects), seeds),
	},
];
