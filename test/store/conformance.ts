import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {chunk, contacts, creating, field, type Holding, newId, object, run, scratchFolder} from './harness.js';

/** What every store holds to, whatever it is made of. */
export function conforms({name, open}: Holding): void {
	describe(name, () => {
		let scratch: ReturnType<typeof scratchFolder>;
		beforeEach(() => {
			scratch = scratchFolder();
		});
		afterEach(() => scratch.remove());
		const opened = (seeds: Parameters<typeof open>[2] = []) => open(scratch.folder, [contacts], seeds);

		test('finds records by any field, archived ones included, and reads them back as they were written', async () => {
			const fields = contacts.fields.map(({apiName}) => apiName);
			const values = ['a@x.io', 'Ann', '+331', '1.50', 9007199254740993n, false, ['b', 'a"c'], 'Gold', '2026-02-28'];
			const {ids, creates} = creating(values, ['b@x.io', null, null, '-0.10', -5, true, null, null, null]);
			const store = await opened([chunk({fields, creates}), chunk({updates: [{id: ids[1] ?? '', changes: {}, archived: true}]})]);
			const [ann = '', bob = ''] = ids;
			const read = await store.read('contacts', [bob, ann, newId()], fields);
			expect([...read.values()]).toEqual([
				{id: ann, archived: false, values},
				{id: bob, archived: true, values: ['b@x.io', null, null, '-0.10', -5, true, null, null, null]},
			]);
			const found = async (name: string, value: (typeof values)[number]) => [...(await store.lookup('contacts', name, [value]))];
			expect(await found('email', 'b@x.io')).toEqual([['b@x.io', [{id: bob, archived: true}]]]);
			expect(await found('balance', '1.5')).toEqual([['1.5', [{id: ann, archived: false}]]]);
			expect(await found('balance', '-.100')).toEqual([['-0.1', [{id: bob, archived: true}]]]);
			expect(await found('points', 9007199254740993n)).toEqual([['9007199254740993', [{id: ann, archived: false}]]]);
			expect(await found('points', 9007199254740992n)).toEqual([]);
			expect(await found('vip', true)).toEqual([['true', [{id: bob, archived: true}]]]);
			expect(await found('phone', '+331')).toEqual([['+331', [{id: ann, archived: false}]]]);
			expect(await found('id', bob)).toEqual([[bob, [{id: bob, archived: true}]]]);
			expect(await found('id', bob.replaceAll('-', ''))).toEqual([]);
			await store.close();
		});

		test('tells texts apart to the last byte', async () => {
			const names = ['a', 'A', 'a ', 'a\0', 'a\0b', 'é', 'e\u0301', '😀', '0012', '12', "o'b", '%', 'null'];
			const {ids, creates} = creating(...names.map((text, index) => [`${index}@x.io`, text, null]));
			const store = await opened([chunk({creates})]);
			const found = await store.lookup('contacts', 'name', [...names, 'b']);
			expect([...found].map(([key, [only, ...more]]) => [key, only?.id, more.length])).toEqual(
				names.map((text, index) => [text, ids[index], 0]),
			);
			await store.close();
		});

		test('a row sees what the same run wrote before, over what stood there', async () => {
			const {ids, creates} = creating(['a@x.io', 'Ann', '+331']);
			const [ann = ''] = ids;
			const store = await opened([chunk({creates})]);
			await store.commitChunk(chunk({updates: [{id: ann, changes: {name: 'Anna', phone: null}}]}));
			expect((await store.read('contacts', [ann], ['name', 'phone'])).get(ann)?.values).toEqual(['Anna', null]);
			expect(await store.lookup('contacts', 'name', ['Ann'])).toEqual(new Map());
			expect((await store.lookup('contacts', 'name', ['Anna'])).get('Anna')).toEqual([{id: ann, archived: false}]);
			await store.commitChunk(chunk(creating(['b@x.io', 'Ann', '+331'])));
			expect((await store.lookup('contacts', 'phone', ['+331'])).get('+331')).toHaveLength(1);
			await store.close();
		});

		test('unique values change hands within a chunk, whichever record is written first', async () => {
			const {ids, creates} = creating(['a@x.io', 'A', '+1'], ['b@x.io', 'B', '+2'], ['c@x.io', 'C', '+3']);
			const [a = '', b = '', c = ''] = ids;
			const store = await opened([chunk({creates})]);
			const added = creating(['d@x.io', 'D', '+3']);
			await store.commitChunk(
				chunk({
					...added,
					updates: [
						{id: a, changes: {email: 'b@x.io', phone: '+2'}},
						{id: b, changes: {email: 'a@x.io', phone: '+1'}},
						{id: c, changes: {}, archived: true},
					],
				}),
			);
			const read = await store.read('contacts', [a, b, c], ['email', 'phone']);
			expect([...read.values()].map(({values}) => values)).toEqual([
				['b@x.io', '+2'],
				['a@x.io', '+1'],
				['c@x.io', '+3'],
			]);
			expect((await store.lookup('contacts', 'phone', ['+3'])).get('+3')).toEqual([
				{id: c, archived: true},
				{id: added.ids[0], archived: false},
			]);
			await store.close();
		});

		test('an archived record makes way for a new one of the same identifier, as text even where that is a number', async () => {
			const items = object('items', [field('code', 'integer', {identifier: true})]);
			const {ids, creates} = creating([12]);
			const of = {object: 'items', fields: ['code']};
			const seeds = [chunk({...of, creates}), chunk({...of, updates: [{id: ids[0] ?? '', changes: {}, archived: true}]})];
			const store = await open(scratch.folder, [items], seeds);
			const aside = '12 (archived 2026-11-20T14:22:05Z)';
			const next = creating([12]);
			await store.commitChunk(chunk({...of, ...next, pushAsides: [{id: ids[0] ?? '', identifier: aside}]}));
			const found = await store.lookup('items', 'code', [12, aside]);
			expect(found.get('12')).toEqual([{id: next.ids[0], archived: false}]);
			expect(found.get(aside)).toEqual([{id: ids[0], archived: true}]);
			await store.close();
		});

		test.each([
			['an identifier of an archived record', {email: 'old@x.io', phone: null}],
			['a unique value of an active record', {email: 'new@x.io', phone: '+1'}],
		])('refuses %s a second time, and nothing of the chunk is written', async (_, {email, phone}) => {
			const {ids, creates} = creating(['a@x.io', 'A', '+1'], ['old@x.io', 'O', '+9']);
			const store = await opened([chunk({creates}), chunk({updates: [{id: ids[1] ?? '', changes: {}, archived: true}]})]);
			const before = (await store.checkpoints(run)).length;
			const bad = chunk({...creating(['fine@x.io', 'F', null], [email, 'N', phone]), options: [{field: 'tier', option: 'Bronze'}]});
			await expect(store.commitChunk(bad)).rejects.toMatchObject({code: 'store.clash'});
			expect(await store.lookup('contacts', 'email', ['fine@x.io', 'new@x.io'])).toEqual(new Map());
			expect(await store.options('contacts', 'tier')).toEqual(new Set(['Gold', 'Silver']));
			expect(await store.checkpoints(run)).toHaveLength(before);
			await store.commitChunk(chunk(creating(['fine@x.io', 'F', '+9'])));
			expect((await store.lookup('contacts', 'phone', ['+9'])).get('+9')).toHaveLength(2);
			await store.close();
		});

		test('remembers chunks with their counts, and options that runs add', async () => {
			const store = await opened([chunk({options: [{field: 'tier', option: 'Bronze'}]})]);
			const counts = {created: 1, updated: 2, skipped: 3, errored: 4, warnings: 5};
			await store.commitChunk(chunk({execution: run, step: 2, chunk: 7, counts, options: [{field: 'tier', option: 'Tin'}]}));
			expect(await store.options('contacts', 'tier')).toEqual(new Set(['Gold', 'Silver', 'Bronze', 'Tin']));
			expect((await store.checkpoints(run)).at(-1)).toEqual({step: 2, chunk: 7, counts});
			expect(await store.checkpoints('another')).toEqual([]);
			await store.close();
		});

		test('a runner that was replaced cannot commit, one that never took the lease neither', async () => {
			const store = await opened();
			await store.takeLease(run, 2);
			await expect(store.commitChunk(chunk({...creating(['a@x.io', 'A', null]), lease: 1}))).rejects.toMatchObject({code: 'lease.lost'});
			await expect(store.commitChunk(chunk({execution: 'another'}))).rejects.toMatchObject({code: 'lease.lost'});
			await expect(store.takeLease(run, 1)).rejects.toMatchObject({code: 'lease.lost'});
			expect(await store.lookup('contacts', 'email', ['a@x.io'])).toEqual(new Map());
			await store.commitChunk(chunk({...creating(['a@x.io', 'A', null]), lease: 2}));
			expect((await store.lookup('contacts', 'email', ['a@x.io'])).size).toBe(1);
			await store.close();
		});

		test('a chunk that was begun can be given up', async () => {
			const store = await opened();
			await store.beginChunk();
			expect(await store.lookup('contacts', 'name', ['A'])).toEqual(new Map());
			await store.abandonChunk();
			await store.beginChunk();
			expect(await store.lookup('contacts', 'name', ['A'])).toEqual(new Map());
			await store.commitChunk(chunk(creating(['a@x.io', 'A', null])));
			expect((await store.lookup('contacts', 'name', ['A'])).size).toBe(1);
			await store.close();
		});

		test('an update of a record that nobody has is an error, not silence', async () => {
			const store = await opened();
			await expect(store.commitChunk(chunk({updates: [{id: newId(), changes: {name: 'x'}}]}))).rejects.toMatchObject({
				code: 'store.unknown',
			});
			await store.close();
		});

		test('reference data are the active records that the condition holds for', async () => {
			const {ids, creates} = creating(['a@x.io', 'Ann', '+1'], ['b@x.io', 'Bob', null], ['c@x.io', 'Cy', null]);
			const store = await opened([chunk({creates}), chunk({updates: [{id: ids[2] ?? '', changes: {}, archived: true}]})]);
			const blocks = async (where: Parameters<typeof store.referenceBlocks>[2]) => {
				const all = [];
				for await (const block of store.referenceBlocks('contacts', ['name', 'phone'], where)) all.push(block);
				return all;
			};
			expect(await blocks(null)).toEqual([[ids.slice(0, 2), ['Ann', 'Bob'], ['+1', null]]]);
			expect(await blocks({field: 'phone', is: 'is_blank', value: null})).toEqual([[[ids[1]], ['Bob'], [null]]]);
			await store.close();
		});
	});
}
