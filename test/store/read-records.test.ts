import {join} from 'node:path';
import fc from 'fast-check';
import {afterEach, beforeEach, expect, test} from 'vitest';
import type {Condition} from '../../source/model/object.js';
import {decimalKey} from '../../source/model/value.js';
import type {LiveStore} from '../../source/store/record-store.js';
import {decimalOrder} from '../../source/store/sqlite/decimal-order.js';
import {openStore} from '../../source/store/sqlite/open-store.js';
import {readRecords} from '../../source/store/sqlite/read-records.js';
import {chunk, contacts, creating, field, object, run, scratchFolder} from './harness.js';

let folder: ReturnType<typeof scratchFolder>;
let file: string;
let store: LiveStore;
let ids: readonly string[];

const fields = ['email', 'name', 'phone', 'balance', 'points', 'vip', 'topics', 'tier', 'born'];
const people = [
	['ann@x.io', 'Ann Élan', '+1', '10.0', 1, true, ['red', 'blue'], 'Gold', '2000-01-01'],
	['bob@x.io', 'Bob 100%', '+2', '9.5', 9007199254740993n, false, ['red'], 'Silver', '1999-12-31'],
	['cy@x.io', null, null, '-3', -2, null, null, null, null],
	['old@x.io', 'Old', '+1', null, null, null, null, null, null],
];

beforeEach(async () => {
	folder = scratchFolder();
	file = join(folder.folder, 'sluice.db');
	store = await openStore(file, [contacts]);
	await store.takeLease(run, 1);
	const archivedFirst = creating(['old@x.io', 'Old', '+1', null, null, null, null, null, null]);
	await store.commitChunk(chunk({fields, creates: archivedFirst.creates}));
	await store.archive('contacts', ['old@x.io']);
	const made = creating(...people.slice(0, 3));
	await store.commitChunk(chunk({fields, creates: made.creates}));
	ids = made.ids;
});
afterEach(async () => {
	await store.close();
	folder.remove();
});

const names = async (query: Parameters<typeof readRecords>[2]) =>
	(await readRecords(file, contacts, query)).items.map(({fields: {email}}) => String(email).split('@')[0]);

test('records come newest first, blank fields left out, values as they are', async () => {
	const {items, total, next} = await readRecords(file, contacts, {archived: true});
	expect({total, next}).toEqual({total: 4, next: null});
	expect(items.map(({archived}) => archived)).toEqual([false, false, false, true]);
	expect(items[0]).toEqual({id: ids[2], archived: false, fields: {email: 'cy@x.io', balance: '-3', points: -2}});
	expect(items[1]?.fields).toEqual(Object.fromEntries(fields.map((name, index) => [name, people[1]?.[index]])));
	expect(await names({})).toEqual(['cy', 'bob', 'ann']);
});

test.each([
	['text of any field, whatever its case', {find: 'ann ÉLAN'}, ['ann']],
	['a percent sign as such', {find: '100%'}, ['bob']],
	['part of a number', {find: '740993'}, ['bob']],
	['a tag', {find: 'BLU'}, ['ann']],
	['archived records only when asked', {find: 'OLD@', archived: true}, ['old']],
	['nothing', {find: 'OLD@'}, []],
	['a decimal by value', {where: [{field: 'balance', value: '10'}]}, ['ann']],
	['an integer beyond 2^53', {where: [{field: 'points', value: '9007199254740993'}]}, ['bob']],
	['no neighbour of it', {where: [{field: 'points', value: '9007199254740992'}]}, []],
	['a checkbox', {where: [{field: 'vip', value: 'yes'}]}, ['ann']],
	['a member', {where: [{field: 'topics', value: 'red'}]}, ['bob', 'ann']],
	[
		'several fields at once',
		{
			where: [
				{field: 'topics', value: 'red'},
				{field: 'tier', value: 'Gold'},
			],
		},
		['ann'],
	],
	['an identifier', {where: [{field: 'email', value: 'ANN@x.io'}]}, ['ann']],
	['a unique value, of active records', {where: [{field: 'phone', value: '+1'}]}, ['ann']],
	['a unique value, of all records', {where: [{field: 'phone', value: '+1'}], archived: true}, ['ann', 'old']],
	['blank fields', {where: [{field: 'tier', value: ''}]}, ['cy']],
])('finds %s', async (_, query, expected) => {
	expect(await names(query)).toEqual(expected);
});

test('finds by id, and names the nearest field for one that is not there', async () => {
	expect(await names({where: [{field: 'id', value: ids[0] ?? ''}]})).toEqual(['ann']);
	expect(await names({find: ids[1] ?? ''})).toEqual(['bob']);
	await expect(names({where: [{field: 'emial', value: 'x'}]})).rejects.toMatchObject({code: 'store.unknown', cure: 'Did you mean email?'});
});

test.each<[string, Condition, string[]]>([
	['=', {field: 'name', is: '=', value: 'Bob 100%'}, ['bob']],
	['= without regard to case? no', {field: 'name', is: '=', value: 'bob 100%'}, []],
	['!= holds for blank', {field: 'tier', is: '!=', value: 'Gold'}, ['bob', 'cy']],
	['> by value', {field: 'balance', is: '>', value: 9.5}, ['ann']],
	['>= by value', {field: 'balance', is: '>=', value: '9.50'}, ['ann', 'bob']],
	['< with a negative', {field: 'balance', is: '<', value: '-2.99'}, ['cy']],
	['<= of a 64-bit integer', {field: 'points', is: '<=', value: '9007199254740992'}, ['ann', 'cy']],
	['< of what is no number', {field: 'points', is: '<', value: 'many'}, []],
	['between', {field: 'born', is: 'between', value: ['1999-01-01', '1999-12-31']}, ['bob']],
	['contains', {field: 'name', is: 'contains', value: 'élan'}, ['ann']],
	['starts_with', {field: 'name', is: 'starts_with', value: 'BOB'}, ['bob']],
	['any_of', {field: 'tier', is: 'any_of', value: ['Gold', 'Silver']}, ['ann', 'bob']],
	['none_of holds for blank', {field: 'tier', is: 'none_of', value: ['Gold']}, ['bob', 'cy']],
	['is_blank', {field: 'vip', is: 'is_blank', value: null}, ['cy']],
	['is_blank: false', {field: 'vip', is: 'is_blank', value: false}, ['ann', 'bob']],
	['a checkbox', {field: 'vip', is: '=', value: false}, ['bob']],
	['members: any_of', {field: 'topics', is: 'any_of', value: ['blue', 'x']}, ['ann']],
	['members: none_of', {field: 'topics', is: 'none_of', value: ['blue']}, ['bob', 'cy']],
	['members: contains', {field: 'topics', is: 'contains', value: 'red'}, ['ann', 'bob']],
	['members: = in any order', {field: 'topics', is: '=', value: ['blue', 'red']}, ['ann']],
	[
		'all',
		{
			all: [
				{field: 'vip', is: 'is_blank', value: false},
				{field: 'tier', is: '=', value: 'Gold'},
			],
		},
		['ann'],
	],
	['any, nested', {any: [{all: [{field: 'tier', is: '=', value: 'Silver'}]}, {field: 'points', is: '=', value: -2}]}, ['bob', 'cy']],
])('a filter group: %s', async (_, where, expected) => {
	const found: string[] = [];
	for await (const [, emails = []] of store.referenceBlocks('contacts', ['email'], where))
		found.push(...emails.map((email) => String(email).slice(0, -5)));
	expect(found).toEqual(expected);
});

test('every page of any table, archived records left out or not, is the slice it should be', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(fc.boolean(), {maxLength: 30}),
			fc.nat({max: 35}),
			fc.nat({max: 10}),
			fc.boolean(),
			async (archived, offset, limit, all) => {
				const own = scratchFolder();
				const db = join(own.folder, 'sluice.db');
				const live = await openStore(db, [contacts]);
				await live.takeLease(run, 1);
				const emails = archived.map((_, index) => `${index}@x.io`);
				await live.commitChunk(chunk({fields: ['email'], creates: creating(...emails.map((email) => [email])).creates}));
				await live.archive(
					'contacts',
					emails.filter((_, index) => archived[index]),
				);
				const expected = emails.filter((_, index) => all || !archived[index]).reverse();
				const page = await readRecords(db, contacts, {archived: all, offset, limit: limit + 1});
				expect(page.items.map(({fields: {email}}) => email)).toEqual(expected.slice(offset, offset + limit + 1));
				expect(page.total).toBe(expected.length);
				expect(page.next).toBe(offset + limit + 1 < expected.length ? offset + limit + 1 : null);
				await live.close();
				own.remove();
			},
		),
		{numRuns: process.env.SLUICE_LONG ? 500 : 15},
	);
});

test('archives by identifier or id, all or none, and brings back unless a unique value is taken', async () => {
	expect(await store.archive('contacts', ['ANN@x.io ', ids[1] ?? '', 'old@x.io'])).toBe(2);
	expect(await names({})).toEqual(['cy']);
	const missing = store.unarchive('contacts', ['ann@x.io', 'nobody@x.io', 'none@x.io']);
	await expect(missing).rejects.toMatchObject({code: 'store.unknown', message: expect.stringContaining('nobody@x.io, none@x.io')});
	expect(await names({})).toEqual(['cy']);
	expect(await store.unarchive('contacts', ['ann@x.io'])).toBe(1);
	const clash = {code: 'store.clash', message: expect.stringMatching(/phone "\+1" .*(ann@x.io and old|old@x.io and ann)@x\.io/)};
	await expect(store.unarchive('contacts', ['bob@x.io', 'old@x.io'])).rejects.toMatchObject(clash);
	expect(await names({})).toEqual(['cy', 'ann']);
});

test("records are found by a related record's unique identifier, as it is typed, or by its id", async () => {
	const owners = object('owners', [field('mail', 'email', {identifier: true})]);
	const pets = object('pets', [
		field('tag', 'text', {identifier: true}),
		field('owner', 'relationship', {object: 'owners'}),
		field('sitters', 'relationship', {object: 'owners', multiple: true}),
	]);
	const kept = join(folder.folder, 'pets.db');
	const own = await openStore(kept, [owners, pets]);
	await own.takeLease(run, 1);
	const made = creating(['ann@x.io'], ['bob@x.io']);
	await own.commitChunk(chunk({object: 'owners', fields: ['mail'], creates: made.creates}));
	const [ann = '', bob = ''] = made.ids;
	const {creates} = creating(['rex', ann, null], ['tom', bob, [ann, bob]], ['kit', null, null]);
	await own.commitChunk(chunk({object: 'pets', fields: ['tag', 'owner', 'sitters'], creates}));
	await own.close();
	const tags = async (query: Parameters<typeof readRecords>[2]) =>
		(await readRecords(kept, pets, {objects: [owners, pets], ...query})).items.map(({fields: {tag}}) => tag);
	expect(await tags({where: [{field: 'owner', value: ' Ann@x.io'}]})).toEqual(['rex']);
	expect(await tags({where: [{field: 'owner', value: ann.toUpperCase()}]})).toEqual(['rex']);
	expect(await tags({where: [{field: 'sitters', value: 'bob@x.io'}]})).toEqual(['tom']);
	expect(await tags({where: [{field: 'owner', value: 'none@x.io'}]})).toEqual([]);
	expect(await tags({where: [{field: 'owner', value: ''}]})).toEqual(['kit']);
	expect(await tags({find: 'ann@x.io'})).toEqual(['tom', 'rex']);
});

test('a store that is not there yet is empty', async () => {
	expect(await readRecords(join(folder.folder, 'none.db'), contacts)).toEqual({items: [], total: 0, next: null});
});

test('the order of decimals is the order of their numbers', () => {
	const decimal = fc.tuple(fc.bigInt({min: -(10n ** 30n), max: 10n ** 30n}), fc.nat({max: 30})).map(([digits, scale]) => {
		const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0');
		return {
			text: `${digits < 0n ? '-' : ''}${text.slice(0, text.length - scale)}.${text.slice(text.length - scale)}`,
			size: digits * 10n ** BigInt(30 - scale),
		};
	});
	fc.assert(
		fc.property(decimal, decimal, (one, two) => {
			const order = one.size < two.size ? -1 : one.size > two.size ? 1 : 0;
			const [a, b] = [decimalOrder(one.text), decimalOrder(two.text)];
			expect(a < b ? -1 : a > b ? 1 : 0).toBe(order);
			expect(a === b).toBe(decimalKey(one.text) === decimalKey(two.text));
		}),
	);
});
