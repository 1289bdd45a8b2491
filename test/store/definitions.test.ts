import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import type {Field} from '../../source/model/object.js';
import type {FieldValue} from '../../source/model/value.js';
import {openStore} from '../../source/store/sqlite/open-store.js';
import {openOverlay} from '../../source/store/sqlite/overlay.js';
import {readAddedOptions} from '../../source/store/sqlite/read-added-options.js';
import {readRecords} from '../../source/store/sqlite/read-records.js';
import {chunk, creating, field, object, run, scratchFolder} from './harness.js';

let folder: ReturnType<typeof scratchFolder>;
let file: string;
beforeEach(() => {
	folder = scratchFolder();
	file = join(folder.folder, 'sluice.db');
});
afterEach(() => folder.remove());

const code = field('code', 'text', {identifier: true});
const items = (...fields: Field[]) => object('items', fields);

async function holding(definition: ReturnType<typeof items>, ...rows: (FieldValue | null)[][]): Promise<readonly string[]> {
	const store = await openStore(file, [definition]);
	await store.takeLease(run, 1);
	const {ids, creates} = creating(...rows);
	await store.commitChunk(chunk({object: 'items', fields: definition.fields.map(({apiName}) => apiName), creates}));
	await store.close();
	return ids;
}

test('a field that is added is blank in the records there are, and can be written', async () => {
	const [id = ''] = await holding(items(code), ['a']);
	const store = await openStore(file, [items(code, field('price', 'money'))]);
	await store.takeLease(run, 1);
	expect((await store.read('items', [id], ['price'])).get(id)?.values).toEqual([null]);
	await store.commitChunk(chunk({object: 'items', updates: [{id, changes: {price: '2.50'}}]}));
	expect((await store.lookup('items', 'price', ['2.5'])).size).toBe(1);
	await store.close();
});

test('a field that is removed hides its data, and shows it again when it comes back', async () => {
	const size = field('size', 'text');
	await holding(items(code, size), ['a', 'XL']);
	await (await openStore(file, [items(code)])).close();
	expect((await readRecords(file, items(code))).items.map(({fields}) => fields)).toEqual([{code: 'a'}]);
	await (await openStore(file, [items(code, size)])).close();
	expect((await readRecords(file, items(code, size))).items.map(({fields}) => fields)).toEqual([{code: 'a', size: 'XL'}]);
});

test('the type of a field that holds values cannot change, live or dry, and all such fields are named', async () => {
	await holding(items(code, field('size', 'text'), field('tags', 'relationship')), ['a', '4', 'x']);
	const changed = [items(code, field('size', 'integer'), field('tags', 'relationship', {multiple: true}))];
	const refused = {code: 'store.object_refused', message: expect.stringMatching(/items\.size is text .*; .*items\.tags is relationship /)};
	await expect(openStore(file, changed)).rejects.toMatchObject(refused);
	await expect(openOverlay(file, folder.folder, changed)).rejects.toMatchObject(refused);
	await (await openStore(file, [items(code, field('size', 'text'))])).close();
});

test('the type of a field that holds nothing can change', async () => {
	const [id = ''] = await holding(items(code, field('size', 'text', {unique: true})), ['a', null]);
	const store = await openStore(file, [items(code, field('size', 'decimal'))]);
	await store.takeLease(run, 1);
	await store.commitChunk(chunk({object: 'items', updates: [{id, changes: {size: '4.0'}}]}));
	expect((await store.lookup('items', 'size', ['4'])).size).toBe(1);
	await store.close();
});

test('a field cannot become unique while records share a value, and names it', async () => {
	await holding(items(code, field('size', 'text')), ['a', 'XL'], ['b', 'XL']);
	const message = 'items.size cannot become unique: 2 records hold "XL".';
	await expect(openStore(file, [items(code, field('size', 'text', {unique: true}))])).rejects.toMatchObject({message});
	await (await openStore(file, [items(code, field('size', 'text'))])).close();
});

test('another field can become the identifier when every record has its own value there', async () => {
	await holding(items(code, field('serial', 'text')), ['a', '1'], ['b', '2']);
	const moved = items(field('code', 'text'), field('serial', 'text', {identifier: true}));
	const store = await openStore(file, [moved]);
	await store.takeLease(run, 1);
	await store.commitChunk(chunk({object: 'items', fields: ['code', 'serial'], ...creating(['a', '3'])}));
	const twice = chunk({object: 'items', fields: ['code', 'serial'], ...creating(['c', '3'])});
	await expect(store.commitChunk(twice)).rejects.toMatchObject({code: 'store.clash'});
	await store.close();
	await expect(openStore(file, [items(code, field('serial', 'text'))])).rejects.toMatchObject({code: 'store.object_refused'});
});

test('a dry run sees fields that the store does not have yet, and objects neither', async () => {
	const [id = ''] = await holding(items(code), ['a']);
	const definitions = [items(code, field('size', 'integer', {unique: true})), object('vendors', [code])];
	const dry = await openOverlay(file, folder.folder, definitions);
	await dry.takeLease(run, 1);
	expect(await dry.lookup('vendors', 'code', ['a'])).toEqual(new Map());
	expect(await dry.lookup('items', 'size', [1])).toEqual(new Map());
	await dry.commitChunk(chunk({object: 'items', updates: [{id, changes: {size: 1}}]}));
	expect((await dry.lookup('items', 'size', [1])).get('1')).toEqual([{id, archived: false}]);
	await dry.close();
});

test('a store of a newer program is left alone', async () => {
	await holding(items(code), ['a']);
	const {default: Sqlite} = await import('better-sqlite3');
	const db = new Sqlite(file);
	db.pragma('user_version = 9999');
	db.close();
	await expect(openStore(file, [items(code)])).rejects.toMatchObject({code: 'store.newer'});
	await expect(openOverlay(file, folder.folder, [items(code)])).rejects.toMatchObject({code: 'store.newer'});
});

test('a field whose new type is refused is read as the store holds it', async () => {
	await holding(items(code, field('size', 'integer')), ['a', 7]);
	const changed = items(code, field('size', 'date'));
	await expect(openStore(file, [changed])).rejects.toMatchObject({code: 'store.object_refused'});
	expect((await readRecords(file, changed)).items.map(({fields}) => fields)).toEqual([{code: 'a', size: 7}]);
	expect((await readRecords(file, changed, {where: [{field: 'size', value: '7'}]})).total).toBe(1);
});

test('options that runs added are told by field, without those that the file lists', async () => {
	const tier = field('tier', 'dropdown', {options: ['Gold']});
	await holding(items(code, tier), ['a', 'Gold']);
	const store = await openStore(file, [items(code, tier)]);
	await store.takeLease(run, 1);
	const options = ['Tin', 'Gold', 'Bronze'].map((option) => ({field: 'tier', option}));
	await store.commitChunk(chunk({object: 'items', step: 2, options}));
	await store.close();
	expect(readAddedOptions(file, [items(code, tier)])).toEqual([{object: 'items', field: 'tier', options: ['Bronze', 'Tin']}]);
	expect(readAddedOptions(file, [items(code, {...tier, options: ['Gold', 'Tin', 'Bronze']})])).toEqual([]);
	expect(readAddedOptions(join(folder.folder, 'none.db'), [items(code, tier)])).toEqual([]);
});
