import {expect, test} from 'vitest';
import {connector, field, map, match, object, step, variable} from './build.js';
import {MemoryStore} from './memory-store.js';
import {loadRows, rowsOf} from './run.js';

const ids = [
	'0196f000-0000-7000-8000-000000000001',
	'0196f000-0000-7000-8000-000000000002',
	'0196f000-0000-7000-8000-000000000003',
] as const;
const [first, second, third] = ids;
const people = object(
	'people',
	field('email', 'text', {identifier: true}),
	field('name', 'text'),
	field('badge', 'text', {unique: true}),
	field('tier', 'dropdown', {options: ['Gold', 'Silver']}),
	field('topics', 'dynamic_tags'),
	field('score', 'integer'),
	field('balance', 'money'),
	field('boss', 'relationship', {object: 'people'}),
	field('company', 'relationship', {object: 'companies'}),
	field('companies', 'relationship', {object: 'companies', multiple: true}),
);
const companies = object('companies', field('name', 'text', {identifier: true}));
const objects = [people, companies];
const variables = [
	...['email', 'name', 'badge', 'tier', 'boss', 'company', 'given', 'family', 'key'].map((name) => variable(name)),
	variable('topics', 'string', {array: true}),
	variable('companies', 'string', {array: true}),
	variable('score', 'number'),
	variable('balance', 'number'),
	variable('born', 'date', {outputFormat: 'DD/MM/YYYY'}),
];
const byEmail = [match('email')];
const configure = (steps: ReturnType<typeof step>[], chunkSize = 100) => connector(variables, steps, chunkSize);

function held(store: MemoryStore, id: string): Record<string, unknown> {
	return Object.fromEntries(store.records.get('people')?.get(id)?.fields ?? []);
}

test('a row sees what earlier rows of the same chunk did, and each record is written once', async () => {
	const store = new MemoryStore(objects);
	const rows = rowsOf({email: 'a@x', name: 'One'}, {email: 'a@x', name: 'Uno'}, {email: 'a@x', name: 'Uno'});
	const done = await loadRows(store, objects, configure([step('people', byEmail, [map('email'), map('name')])]), rows);
	expect(done.map(({outcome, reason}) => [outcome, reason])).toEqual([
		['created', null],
		['updated', null],
		['skipped', 'no change'],
	]);
	expect(done[1]).toMatchObject({changes: '{"name":["One","Uno"]}', recordId: done[0]?.recordId, record: 'a@x'});
	expect(store.commits[0]).toMatchObject({creates: [{values: ['a@x', 'Uno', null]}], updates: []});
	expect(store.events.map(({kind, changes}) => [kind, changes])).toEqual([
		['record_created', {email: 'a@x', name: 'One'}],
		['record_updated', {name: 'Uno'}],
	]);
});

test('a clash names the field, the value and who holds it, and fails its row alone', async () => {
	const store = new MemoryStore(objects);
	store.add('people', first, {email: 'a@x', badge: 'B1'});
	const rows = rowsOf({email: 'n5@x', badge: 'B1'}, {email: 'n6@x', badge: 'B6'}, {email: 'n7@x', badge: 'B6'});
	const done = await loadRows(store, objects, configure([step('people', byEmail, [map('email'), map('badge')])]), rows);
	expect(done.map(({outcome, reason}) => [outcome, reason])).toEqual([
		['errored', 'badge: "B1" is already held by a@x'],
		['created', null],
		['errored', 'badge: "B6" is already held by n6@x'],
	]);
});

test('two records swap a unique value within a chunk', async () => {
	const store = new MemoryStore(objects);
	store.add('people', first, {email: 'a@x', badge: 'B1'});
	store.add('people', second, {email: 'b@x', badge: 'B2'});
	const rows = rowsOf({email: 'a@x', badge: 'B2'}, {email: 'b@x', badge: 'B1'});
	const done = await loadRows(store, objects, configure([step('people', byEmail, [map('email'), map('badge')])]), rows);
	expect(done.map(({outcome}) => outcome)).toEqual(['updated', 'updated']);
	expect([held(store, first).badge, held(store, second).badge]).toEqual(['B2', 'B1']);
});

test('three records hand their identifiers round', async () => {
	const store = new MemoryStore(objects);
	for (const [index, id] of ids.entries()) store.add('people', id, {email: `${index}@x`, badge: `B${index}`});
	const configuration = configure([step('people', [match('badge')], [map('email')])]);
	const rows = rowsOf({badge: 'B0', email: '1@x'}, {badge: 'B1', email: '2@x'}, {badge: 'B2', email: '0@x'});
	const done = await loadRows(store, objects, configuration, rows);
	expect(done.map(({outcome}) => outcome)).toEqual(['updated', 'updated', 'updated']);
	expect(ids.map((id) => held(store, id).email)).toEqual(['1@x', '2@x', '0@x']);
});

test('a swap whose other half fails is not done by half', async () => {
	const store = new MemoryStore(objects);
	store.add('people', first, {email: 'a@x', badge: 'B1'});
	store.add('people', second, {email: 'b@x', badge: 'B2'});
	store.add('people', third, {email: 'c@x', badge: 'B3'});
	const rows = rowsOf({email: 'a@x', badge: 'B2'}, {email: 'b@x', badge: 'B3'});
	const done = await loadRows(store, objects, configure([step('people', byEmail, [map('email'), map('badge')])]), rows);
	expect(done.map(({reason}) => reason)).toEqual(['badge: "B2" is already held by b@x', 'badge: "B3" is already held by c@x']);
	expect(ids.map((id) => held(store, id).badge)).toEqual(['B1', 'B2', 'B3']);
});

test('a swap that a failing row stood in the way of still happens', async () => {
	const store = new MemoryStore(objects);
	for (const [index, id] of ids.entries()) store.add('people', id, {email: `${index}@x`, badge: `B${index}`});
	const configuration = configure([step('people', byEmail, [map('email'), map('badge')])]);
	const rows = rowsOf({email: '0@x', badge: 'B1'}, {email: '1@x', badge: 'B2'}, {email: '2@x', badge: 'B1'});
	const done = await loadRows(store, objects, configuration, rows);
	expect(done.map(({outcome}) => outcome)).toEqual(['errored', 'updated', 'updated']);
	expect(ids.map((id) => held(store, id).badge)).toEqual(['B0', 'B2', 'B1']);
});

test('of several claims that were not settled the last one fails first: it may be what kept the others from it', async () => {
	const store = new MemoryStore(objects);
	store.add('people', first, {email: 'a@x', badge: 'a'});
	store.add('people', second, {email: 'wanted@x', badge: 'b'});
	store.add('people', third, {email: 'c@x', badge: 'c'});
	const rules = [match('badge', 'badge', {noMatch: 'do_not_upload'})];
	const mapping = [map('email', 'overwrite_skip_blank'), map('badge', 'overwrite_skip_blank', {variables: ['key']})];
	const rows = rowsOf({badge: 'a', email: 'wanted@x'}, {badge: 'b', key: 'c'}, {badge: 'b', email: 'free@x'}, {badge: 'c', key: 'd'});
	const done = await loadRows(store, objects, configure([step('people', rules, mapping)]), rows);
	expect(done.map(({outcome}) => outcome)).toEqual(['updated', 'errored', 'updated', 'updated']);
	expect(ids.map((id) => held(store, id).email)).toEqual(['wanted@x', 'free@x', 'c@x']);
});

test('a record that was pushed aside can come back under another name in the same chunk', async () => {
	const store = new MemoryStore(objects);
	store.add('people', first, {email: 'a@x'}, true);
	const rules = [match('id', 'key', {noMatch: 'next_rule_ignore_matches'}), match('email', 'email', {archivedMatch: 'create_new'})];
	const configuration = configure([step('people', rules, [map('email')])]);
	const done = await loadRows(store, objects, configuration, rowsOf({email: 'a@x'}, {key: first, email: 'z@x'}));
	expect(done.map(({outcome, record}) => [outcome, record])).toEqual([
		['created', 'a@x'],
		['updated', 'z@x'],
	]);
	expect(done[1]?.changes).toBe('{"email":["a@x (archived 2026-11-20T14:22:05Z)","z@x"]}');
	expect(store.commits[0]).toMatchObject({pushAsides: [], updates: [{id: first, changes: {email: 'z@x'}, archived: false}]});
});

test('an archived record that matches is pushed aside, under a name that nobody has', async () => {
	const store = new MemoryStore(objects);
	store.add('people', first, {email: 'a@x'}, true);
	store.add('people', second, {email: 'a@x (archived 2026-11-20T14:22:05Z)'}, true);
	const rules = [match('email', 'email', {archivedMatch: 'create_new'})];
	const done = await loadRows(store, objects, configure([step('people', rules, [map('email')])]), rowsOf({email: 'a@x'}));
	expect(done[0]).toMatchObject({outcome: 'created', record: 'a@x'});
	expect(done[0]?.recordId).not.toBe(first);
	expect(held(store, first).email).toBe('a@x (archived 2026-11-20T14:22:05Z) 2');
});

test('unarchiving alone touches no value and says so; into a clash it is an error of the row', async () => {
	const store = new MemoryStore(objects);
	store.add('people', first, {email: 'a@x', name: 'Ann', badge: 'B1'}, true);
	store.add('people', second, {email: 'b@x', badge: 'B2'}, true);
	store.add('people', third, {email: 'c@x', badge: 'B2'});
	const rules = [match('email', 'email', {archivedMatch: 'unarchive_only'})];
	const rows = rowsOf({email: 'a@x', name: 'Other'}, {email: 'b@x', name: 'Other'});
	const done = await loadRows(store, objects, configure([step('people', rules, [map('email'), map('name')])]), rows);
	expect(done[0]).toMatchObject({outcome: 'updated', reason: 'unarchived', recordId: first, changes: '{}', values: {name: 'Ann'}});
	expect(done[1]).toMatchObject({outcome: 'errored', reason: 'badge: "B2" is already held by c@x', recordId: null});
	expect(store.records.get('people')?.get(first)?.archived).toBe(false);
	expect(store.records.get('people')?.get(second)?.archived).toBe(true);
});

test('a blank value matches nothing, not even blanks', async () => {
	const store = new MemoryStore(objects);
	store.add('people', first, {email: 'a@x'});
	const rules = [match('name', 'name', {noMatch: 'do_not_upload'})];
	const done = await loadRows(store, objects, configure([step('people', rules, [map('email')])]), rowsOf({email: 'z@x', name: null}));
	expect(done[0]?.reason).toBe('do not upload: name is blank, which matches nothing');
});

test('reasons name the rule field and the value as it came', async () => {
	const store = new MemoryStore(objects);
	store.add('people', first, {email: 'a@x', name: 'Ann'});
	store.add('people', second, {email: 'b@x', name: 'Ann'});
	store.add('people', third, {email: 'c@x', name: 'Cid'}, true);
	const never = {noMatch: 'do_not_upload', singleMatch: 'do_not_upload', archivedMatch: 'do_not_upload'} as const;
	const rows = rowsOf({name: 'Ann'}, {name: 'Bob'}, {name: 'Cid'});
	const done = await loadRows(store, objects, configure([step('people', [match('name', 'name', never)], [map('email')])]), rows);
	expect(done.map(({reason}) => reason)).toEqual([
		'do not upload: several records match name "Ann"',
		'do not upload: no record matches name "Bob"',
		'do not upload: an archived record matches name "Cid"',
	]);
	expect(done.map(({recordId}) => recordId)).toEqual([null, null, null]);
});

test('a row that is not uploaded for a single match still gives its record on', async () => {
	const store = new MemoryStore(objects);
	store.add('people', first, {email: 'a@x'});
	const rules = [match('email', 'email', {singleMatch: 'do_not_upload'})];
	const done = await loadRows(store, objects, configure([step('people', rules, [map('email')])]), rowsOf({email: 'a@x'}));
	expect(done[0]).toMatchObject({
		outcome: 'skipped',
		reason: 'do not upload: a record matches email "a@x"',
		recordId: first,
		record: 'a@x',
	});
});

test('records are matched by their own id, whatever its case', async () => {
	const store = new MemoryStore(objects);
	store.add('people', first, {email: 'a@x'});
	const rules = [match('id', 'key', {noMatch: 'do_not_upload'})];
	const rows = rowsOf({key: first.toUpperCase(), name: 'Ann'}, {key: 'no id', name: 'Bob'});
	const done = await loadRows(store, objects, configure([step('people', rules, [map('email'), map('name')])]), rows);
	expect(done.map(({outcome, recordId}) => [outcome, recordId])).toEqual([
		['updated', first],
		['skipped', null],
	]);
});

test('a new record needs its identifier, and what is required', async () => {
	const strict = object('people', field('email', 'email', {identifier: true}), field('name', 'text', {required: true}));
	const store = new MemoryStore([strict]);
	const rows = rowsOf({email: null, name: 'Ann'}, {email: 'nobody', name: 'Ann'}, {email: 'a@x.io', name: '  '});
	const done = await loadRows(store, [strict], configure([step('people', byEmail, [map('email'), map('name')])]), rows);
	expect(done.map(({outcome, reason, warnings}) => [outcome, reason, warnings])).toEqual([
		['errored', 'email: blank, and a new record needs its unique identifier', []],
		['errored', 'email: "nobody" is not an email address, and a new record needs its unique identifier', []],
		['errored', 'name: blank, and a new record needs it', []],
	]);
});

test('a blank never clears the identifier; overwriting it renames, and a rename can clash', async () => {
	const store = new MemoryStore(objects);
	store.add('people', first, {email: 'a@x', badge: 'B1'});
	store.add('people', second, {email: 'b@x', badge: 'B2'}, true);
	const configuration = configure([step('people', [match('badge')], [map('email')])]);
	const rows = rowsOf({badge: 'B1', email: null}, {badge: 'B1', email: 'b@x'}, {badge: 'B1', email: 'z@x'});
	const done = await loadRows(store, objects, configuration, rows);
	expect(done.map(({outcome, reason}) => [outcome, reason])).toEqual([
		['skipped', 'no change'],
		['errored', 'email: "b@x" is already held by the archived record b@x'],
		['updated', null],
	]);
});

test('related records are found by id or exactly by identifier; others leave the field, under every conflict mode', async () => {
	const store = new MemoryStore(objects);
	store.add('companies', first, {name: 'Acme'});
	store.add('companies', second, {name: 'Bolt'}, true);
	store.add('people', third, {email: 'e@x', company: first});
	const configuration = configure([step('people', byEmail, [map('email'), map('company', 'overwrite')])]);
	const rows = rowsOf(
		{email: 'a@x', company: 'Acme'},
		{email: 'b@x', company: first},
		{email: 'c@x', company: 'acme'},
		{email: 'd@x', company: second},
		{email: 'e@x', company: 'Bolt'},
	);
	const done = await loadRows(store, objects, configuration, rows);
	expect(done.map(({outcome, values}) => [outcome, values.company])).toEqual([
		['created', first],
		['created', first],
		['created', null],
		['created', null],
		['skipped', first],
	]);
	expect(done.map(({warnings}) => warnings)).toEqual([
		[],
		[],
		['company: no active record of companies is "acme", left blank'],
		[`company: no active record of companies is "${second}", left blank`],
		['company: no active record of companies is "Bolt", left as it was'],
	]);
});

test('a UUID is an id, even where a record is called by it', async () => {
	const store = new MemoryStore(objects);
	store.add('companies', first, {name: second});
	const configuration = configure([step('people', byEmail, [map('email'), map('company')])]);
	const done = await loadRows(store, objects, configuration, rowsOf({email: 'a@x', company: second}));
	expect(done[0]).toMatchObject({values: {company: null}, warnings: [`company: no active record of companies is "${second}", left blank`]});
});

test('a relation to the object itself finds records that earlier rows made, in this chunk and in others', async () => {
	for (const chunkSize of [1, 2, 100]) {
		const store = new MemoryStore(objects);
		const configuration = configure([step('people', byEmail, [map('email'), map('boss')])], chunkSize);
		const done = await loadRows(
			store,
			objects,
			configuration,
			rowsOf({email: 'a@x', boss: 'b@x'}, {email: 'b@x', boss: 'a@x'}, {email: 'a@x', boss: 'b@x'}),
		);
		expect(done.map(({outcome, values}) => [outcome, values.boss])).toEqual([
			['created', null],
			['created', done[0]?.recordId],
			['updated', done[1]?.recordId],
		]);
	}
});

test.each([
	['gold', 'tier: "gold" is not one of its options ("Gold" differs in case only), left blank'],
	['Gold\u200b', 'tier: "Gold␣U+200B" is not one of its options ("Gold" differs in characters that are not seen only), left blank'],
	[
		'Café\u00a0Noir',
		'tier: "Café␣U+00A0Noir" is not one of its options ("Café Noir" differs in characters that are not seen only), left blank',
	],
	['Cafe\u0301 Noir', 'tier: "Cafe\u0301 Noir" is not one of its options ("Café Noir" differs in Unicode form only), left blank'],
	['GoId', 'tier: "GoId" is not one of its options, left blank'],
])('an option that looks like another is named with what differs: %j', async (tier, warning) => {
	const options = objects.map((object) => ({
		...object,
		fields: object.fields.map((each) => (each.apiName === 'tier' ? {...each, options: ['Gold', 'Silver', 'Café Noir']} : each)),
	}));
	const plain = configure([step('people', byEmail, [map('email'), map('tier')])]);
	const [row] = await loadRows(new MemoryStore(options), options, plain, rowsOf({email: 'a@x', tier}));
	expect(row?.warnings).toEqual([warning]);
});

test('an option that is missing leaves the field with a warning, or is added once', async () => {
	const rows = rowsOf({email: 'a@x', tier: 'Lead'}, {email: 'b@x', tier: 'Lead'}, {email: 'c@x', tier: 'gold'});
	const refusing = new MemoryStore(objects);
	const plain = configure([step('people', byEmail, [map('email'), map('tier')])]);
	const refused = await loadRows(refusing, objects, plain, rows.slice(0, 1));
	expect(refused[0]).toMatchObject({
		outcome: 'created',
		values: {tier: null},
		warnings: ['tier: "Lead" is not one of its options, left blank'],
	});

	const adding = new MemoryStore(objects);
	const generous = configure([step('people', byEmail, [map('email'), map('tier', 'overwrite', {createOptions: true})])]);
	await loadRows(adding, objects, generous, rows);
	expect(adding.commits[0]?.options).toEqual([
		{field: 'tier', option: 'Lead'},
		{field: 'tier', option: 'gold'},
	]);
});

test('multi-values: repeats vanish, order does not matter, and adding removes nothing', async () => {
	const store = new MemoryStore(objects);
	store.add('people', first, {email: 'a@x', topics: ['red', 'blue']});
	const load = (conflict: 'overwrite' | 'only_add_options', topics: string) =>
		loadRows(store, objects, configure([step('people', byEmail, [map('email'), map('topics', conflict)])]), rowsOf({email: 'a@x', topics}));
	expect((await load('overwrite', '["blue","red","blue"]'))[0]?.reason).toBe('no change');
	expect((await load('only_add_options', '["green","red"]'))[0]?.changes).toBe('{"topics":[["red","blue"],["red","blue","green"]]}');
	expect((await load('only_add_options', '["red"]'))[0]?.reason).toBe('no change');
	expect((await load('overwrite', '["green"]'))[0]?.values.topics).toBe('["green"]');
});

test('numbers compare by value and keep every digit', async () => {
	const store = new MemoryStore(objects);
	store.add('people', first, {email: 'a@x', balance: '1.50', score: 7});
	const configuration = configure([step('people', byEmail, [map('email'), map('balance'), map('score')])]);
	const done = await loadRows(
		store,
		objects,
		configuration,
		rowsOf({email: 'a@x', balance: '1.5', score: '7.0'}, {email: 'a@x', balance: '1.51', score: '9007199254740993'}),
	);
	expect(done.map(({reason, changes}) => [reason, changes])).toEqual([
		['no change', ''],
		[null, '{"balance":["1.50","1.51"],"score":[7,9007199254740993]}'],
	]);
});

test('several variables are joined, blank ones left out, in their output format', async () => {
	const store = new MemoryStore(objects);
	const mapping = [map('email'), map('name', 'overwrite', {variables: ['given', 'family', 'born'], join: '-'})];
	const rows = rowsOf({email: 'a@x', given: 'Ann', family: ' ', born: '2001-02-03'}, {email: 'b@x', given: null, family: ' ', born: null});
	const done = await loadRows(store, objects, configure([step('people', byEmail, mapping)]), rows);
	expect(done.map(({values}) => values.name)).toEqual(['Ann-03/02/2001', null]);
});

test('a row keeps the warnings it came with, whatever becomes of it', async () => {
	const store = new MemoryStore(objects);
	const warning = 'variable "score": "abc" is not a number';
	const rows = [
		{number: 1, texts: {email: 'a@x', tier: 'Lead'}, warnings: [warning]},
		{number: 2, texts: {email: null}, warnings: [warning]},
	];
	const done = await loadRows(store, objects, configure([step('people', byEmail, [map('email'), map('tier')])]), rows);
	expect(done.map(({warnings}) => warnings)).toEqual([[warning, 'tier: "Lead" is not one of its options, left blank'], [warning]]);
	expect(store.commits[0]?.counts).toEqual({created: 1, updated: 0, skipped: 0, errored: 1, warnings: 2});
});

test('events carry what the step fires directly, and whether normal triggers may fire too', async () => {
	const automations = {onCreate: ['welcome'], onUpdate: ['ping'], suppressTriggers: true};
	const store = new MemoryStore(objects);
	const configuration = configure([step('people', byEmail, [map('email'), map('name')], {automations})]);
	await loadRows(store, objects, configuration, rowsOf({email: 'a@x', name: 'A'}, {email: 'a@x', name: 'B'}, {email: 'a@x', name: 'B'}));
	expect(store.events.map(({kind, direct, triggers}) => [kind, direct, triggers])).toEqual([
		['record_created', ['welcome'], false],
		['record_updated', ['ping'], false],
	]);
	expect(new Set(store.events.map(({id}) => id)).size).toBe(2);
});

test('a chunk of nothing but clashing pairs is planned in bounded time', async () => {
	const store = new MemoryStore(objects);
	const count = 400;
	for (let index = 0; index < count; index++)
		store.add('people', `0196f000-0000-7000-8000-${String(index).padStart(12, '0')}`, {email: `${index}@x`, badge: `B${index}`});
	store.add('people', 'f196f000-0000-7000-8000-000000000000', {email: 'stranger@x', badge: `B${count}`});
	const rows = rowsOf(...Array.from({length: count}, (_, index) => ({email: `${index}@x`, badge: `B${index + 1}`})));
	const configuration = configure([step('people', byEmail, [map('email'), map('badge')])], 1000);
	const done = await loadRows(store, objects, configuration, rows);
	expect(new Set(done.map(({outcome}) => outcome))).toEqual(new Set(['errored']));
});
