import fc from 'fast-check';
import {expect, test} from 'vitest';
import {type FieldValue, lookupKey} from '../../source/model/value.js';
import type {ChunkCommit, ExecutionStore} from '../../source/store/record-store.js';
import {chunk, contacts, type Holding, holdings, newId, scratchFolder} from './harness.js';

/*
 * The law: after any sequence of chunks, what a store answers is what a plain map would. The overlay answers alike, however much of the sequence
 * lay in the store under it.
 */

type Values = Record<string, FieldValue | null>;
type Model = Map<string, {archived: boolean; values: Values}>;

const fields = contacts.fields.map(({apiName}) => apiName);
const text = fc.oneof(
	fc.constantFrom('a', 'A', 'a\0', '0012', '12', 'é', '😀 x', 'o\'b"', 'null'),
	fc.string({unit: 'grapheme', minLength: 1, maxLength: 6}),
);
const blankOr = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, {freq: 3});
const few = fc.nat({max: 12}).map((number) => `${number}@x.io`);

const others = {
	name: blankOr(text),
	balance: blankOr(fc.constantFrom('1', '1.0', '1.00', '-0.50', '-.5', '0', '99999999999999999999.01')),
	points: blankOr(fc.oneof(fc.integer(), fc.bigInt({min: 2n ** 60n, max: 2n ** 63n - 1n}))),
	vip: blankOr(fc.boolean()),
	topics: blankOr(fc.uniqueArray(text, {minLength: 1, maxLength: 3})),
	tier: blankOr(fc.constantFrom('Gold', 'Silver')),
	born: blankOr(fc.constantFrom('2000-02-29', '0001-01-01')),
};
const phone = blankOr(fc.nat({max: 6}).map((number) => `+${number}`));

const intent = fc.oneof(
	{weight: 4, arbitrary: fc.record({do: fc.constant('create' as const), values: fc.record({email: few, phone, ...others})})},
	{
		weight: 4,
		arbitrary: fc.record({
			do: fc.constant('update' as const),
			pick: fc.nat(),
			values: fc.record({email: few, phone, ...others}, {requiredKeys: []}),
			archived: fc.option(fc.boolean(), {nil: undefined, freq: 3}),
		}),
	},
	{
		weight: 2,
		arbitrary: fc.record({do: fc.constant('swap' as const), pick: fc.nat(), other: fc.nat(), field: fc.constantFrom('email', 'phone')}),
	},
	{weight: 1, arbitrary: fc.record({do: fc.constant('aside' as const), pick: fc.nat(), values: fc.record({...others})})},
);
type Intent = typeof intent extends fc.Arbitrary<infer Value> ? Value : never;

function clashes(model: Model): boolean {
	const taken = new Set<string>();
	for (const {archived, values} of model.values()) {
		for (const name of ['email', 'phone']) {
			if (values[name] === null || (name === 'phone' && archived)) continue;
			const key = `${name} ${values[name]}`;
			if (taken.has(key)) return true;
			taken.add(key);
		}
	}
	return false;
}

/** Turns what a chunk intends into one that a planner might have made: each record written once, no clash at its end. */
function plan(model: Model, intents: readonly Intent[]): {commit: ChunkCommit; after: Model} {
	let after: Model = structuredClone(model);
	const existing = [...model.keys()];
	const touched = new Set<string>();
	const creates: ChunkCommit['creates'][number][] = [];
	const updates: ChunkCommit['updates'][number][] = [];
	const pushAsides: ChunkCommit['pushAsides'][number][] = [];
	const pick = (number: number) => existing.filter((id) => !touched.has(id))[number % Math.max(1, existing.length - touched.size)];
	const attempt = (ids: readonly (string | undefined)[], change: (next: Model) => void): boolean => {
		if (ids.includes(undefined) || new Set(ids).size < ids.length) return false;
		const next = structuredClone(after);
		change(next);
		if (clashes(next)) return false;
		after = next;
		for (const id of ids) if (id) touched.add(id);
		return true;
	};
	const create = (values: Values, more: readonly string[], change: (next: Model) => void) => {
		const id = newId();
		const done = attempt(more, (next) => {
			change(next);
			next.set(id, {archived: false, values});
		});
		if (done) creates.push({id, values: fields.map((name) => values[name] ?? null)});
		return done;
	};
	for (const wish of intents) {
		if (wish.do === 'create') create(wish.values, [], () => {});
		else if (wish.do === 'update') {
			const id = pick(wish.pick) ?? '';
			const record = after.get(id);
			if (!record) continue;
			const archived = wish.archived;
			const done = attempt([id], (next) =>
				next.set(id, {archived: archived ?? record.archived, values: {...record.values, ...wish.values}}),
			);
			if (done) updates.push({id, changes: wish.values, ...(archived === undefined ? {} : {archived})});
		} else if (wish.do === 'swap') {
			const [a, b] = [pick(wish.pick), pick(wish.other)];
			const [one, two] = [after.get(a ?? ''), after.get(b ?? '')];
			if (!a || !b || !one || !two) continue;
			const [first, second] = [{[wish.field]: two.values[wish.field] ?? null}, {[wish.field]: one.values[wish.field] ?? null}];
			const done = attempt([a, b], (next) => {
				next.set(a, {...one, values: {...one.values, ...first}});
				next.set(b, {...two, values: {...two.values, ...second}});
			});
			if (done) updates.push({id: a, changes: first}, {id: b, changes: second});
		} else {
			const id = pick(wish.pick) ?? '';
			const record = after.get(id);
			if (!record?.archived) continue;
			const identifier = `${record.values.email} (archived ${newId()})`;
			const values = {...wish.values, phone: null, email: record.values.email ?? null};
			const done = create(values, [id], (next) => next.set(id, {archived: true, values: {...record.values, email: identifier}}));
			if (done) pushAsides.push({id, identifier});
		}
	}
	return {commit: chunk({fields, creates, updates, pushAsides}), after};
}

async function agree(store: ExecutionStore, model: Model): Promise<void> {
	const stored = await store.read('contacts', [...model.keys(), newId()], fields);
	const expected = [...model].map(
		([id, {archived, values}]) => [id, {id, archived, values: fields.map((name) => values[name] ?? null)}] as const,
	);
	expect(stored).toEqual(new Map(expected));
	for (const {apiName, type} of contacts.fields) {
		const values = [...model.values()].flatMap(({values: {[apiName]: value}}) => (value === null || value === undefined ? [] : [value]));
		const wanted = new Map<string, {id: string; archived: boolean}[]>();
		for (const [id, {archived, values: own}] of model) {
			const value = own[apiName];
			if (value === null || value === undefined) continue;
			const key = lookupKey(value, type);
			wanted.set(key, [...(wanted.get(key) ?? []), {id, archived}]);
		}
		expect(Object.fromEntries(await store.lookup('contacts', apiName, values))).toEqual(Object.fromEntries(wanted));
	}
}

async function holds({open}: Holding, sequences: readonly (readonly Intent[])[], underneath: number): Promise<void> {
	const {folder, remove} = scratchFolder();
	try {
		let model: Model = new Map();
		const seeds: ChunkCommit[] = [];
		for (const intents of sequences.slice(0, underneath)) {
			const {commit, after} = plan(model, intents);
			seeds.push(commit);
			model = after;
		}
		const store = await open(folder, [contacts], seeds);
		await agree(store, model);
		for (const intents of sequences.slice(underneath)) {
			const {commit, after} = plan(model, intents);
			await store.beginChunk();
			await agree(store, model);
			await store.commitChunk(commit);
			model = after;
			await agree(store, model);
		}
		await store.close();
	} finally {
		remove();
	}
}

for (const holding of holdings) {
	test(`${holding.name} is a plain map after any sequence of chunks`, async () => {
		const chunks = fc.array(fc.array(intent, {minLength: 1, maxLength: 10}), {minLength: 2, maxLength: 6});
		await fc.assert(
			fc.asyncProperty(chunks, fc.nat({max: 3}), (sequences, underneath) => holds(holding, sequences, underneath)),
			{numRuns: process.env.SLUICE_LONG ? 400 : 25},
		);
	});
}
