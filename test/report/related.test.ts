import {beforeEach, expect, test} from 'vitest';
import {keepRelatedNames} from '../../source/engine/load/results/related-names.js';
import type {ExecutionMode} from '../../source/model/execution.js';
import type {ObjectDefinition} from '../../source/model/object.js';
import {relatedValue} from '../../source/model/related-record.js';
import {explainRow} from '../../source/report/explain.js';
import {findRows} from '../../source/report/find.js';
import type {LoadRow} from '../../source/report/rows/shapes.js';
import {readRows} from '../../source/report/rows.js';
import {loadSheet} from '../../source/report/sheets/load.js';
import {columnValues} from '../../source/report/values.js';
import {connector, field, keepLoad, keepSql, keepVariables, keptRun, step, textColumns, variable} from './kept-run.js';

const engine = keptRun();

const companies: ObjectDefinition = {
	apiName: 'companies',
	name: 'Companies',
	fields: [field('code', 'text', {identifier: true})],
	filterGroups: [],
};
const people: ObjectDefinition = {
	apiName: 'people',
	name: 'People',
	fields: [
		field('email', 'email', {identifier: true}),
		field('company', 'relationship', {object: 'companies'}),
		field('clients', 'relationship', {object: 'companies', multiple: true}),
	],
	filterGroups: [],
};
const objects = [companies, people];
const match = (name: string, variableName: string) => ({
	field: name,
	variable: variableName,
	noMatch: 'create_new' as const,
	singleMatch: 'update_current' as const,
	multipleMatch: 'do_not_upload' as const,
	archivedMatch: 'unarchive_and_update' as const,
});
const map = (name: string, variableName: string) => ({
	field: name,
	variables: [variableName],
	join: ' ',
	conflict: 'overwrite' as const,
	createOptions: false,
});
const run = connector({
	variables: [variable('code'), variable('email', 'email'), variable('clients', 'string', {array: true})],
	loadSteps: [
		step({
			name: 'Companies',
			object: 'companies',
			matching: [match('code', 'code')],
			mapping: [map('code', 'code')],
			exposeAs: 'company_id',
		}),
		step({
			name: 'People',
			object: 'people',
			matching: [match('email', 'email')],
			mapping: [map('email', 'email'), map('company', 'company_id'), map('clients', 'clients')],
		}),
	],
});

const id = (digit: number) => `01a22e28-0000-7000-8000-00000000000${digit}`;
/** In the store before the run; 3 and 4 are created by it. */
const stored = new Map([
	[id(1), 'OLD-1'],
	[id(2), 'OLD-2'],
]);
const store = {
	async read(_object: string, ids: readonly string[]) {
		return new Map(
			ids.flatMap((one) => (stored.has(one) ? [[one, {id: one, archived: false, values: [stored.get(one) ?? null]}] as const] : [])),
		);
	},
};

beforeEach(async () => {
	await keepSql(engine.session, 'people', textColumns('code', 'email', 'clients'), [
		['NEW-3', 'ann@x', 'NEW-3,OLD-2'],
		['OLD-1', 'bob@x', null],
		['NEW-4', 'cy@x', null],
	]);
	await keepVariables(
		engine.session,
		'people',
		['code', 'email', 'clients'],
		[{values: ['NEW-3', 'ann@x', '["NEW-3","OLD-2"]']}, {values: ['OLD-1', 'bob@x', null]}, {values: ['NEW-4', 'cy@x', null]}],
	);
	await keepLoad(
		engine.session,
		1,
		['code'],
		[
			{outcome: 'created', id: id(3), record: 'NEW-3', rule: 1, values: ['NEW-3']},
			{outcome: 'skipped', reason: 'no change', id: id(1), record: 'OLD-1', rule: 1, values: ['OLD-1']},
			{outcome: 'created', id: id(4), record: 'NEW-4', rule: 1, values: ['NEW-4']},
		],
	);
	await keepLoad(
		engine.session,
		2,
		['email', 'company', 'clients'],
		[
			{outcome: 'created', id: id(5), record: 'ann@x', rule: 1, values: ['ann@x', id(3), JSON.stringify([id(3), id(2)])]},
			{
				outcome: 'updated',
				id: id(6),
				record: 'bob@x',
				rule: 1,
				changes: {company: [id(2), id(1)]},
				values: ['bob@x', id(1), null],
			},
			{outcome: 'errored', reason: 'email: taken', record: 'cy@x', rule: 1, values: ['cy@x', id(4), null]},
		],
	);
	for (const number of [1, 2]) await keepRelatedNames(engine.session, store, {connector: run, objects, step: number});
});

const rows = async (mode: ExecutionMode, more = {}) =>
	(await readRows(engine.session, {table: 'load:2', mode, connector: run, objects, ...more})).items as readonly LoadRow[];

test('a dry run tells a record to be created by its identifier, and one that is there by id and identifier', async () => {
	const [ann, bob] = await rows('dry');
	expect(ann?.values).toEqual({email: 'ann@x', company: 'NEW-3', clients: ['NEW-3', id(2)]});
	expect(ann?.related).toEqual({
		company: [{id: null, record: 'NEW-3', to_be_created: true}],
		clients: [
			{id: null, record: 'NEW-3', to_be_created: true},
			{id: id(2), record: 'OLD-2', to_be_created: false},
		],
	});
	expect(bob?.changes).toEqual({company: [id(2), id(1)]});
	expect(bob?.related?.company).toEqual([
		{id: id(1), record: 'OLD-1', to_be_created: false},
		{id: id(2), record: 'OLD-2', to_be_created: false},
	]);
	expect(relatedValue(ann?.values.clients, ann?.related?.clients, true)).toBe(`NEW-3 (to be created), OLD-2 (${id(2)})`);
	expect(relatedValue(bob?.values.company, bob?.related?.company, false)).toBe('OLD-1');
});

test('a live run keeps the ids, with the identifiers beside them', async () => {
	const [ann] = await rows('live');
	expect(ann?.values.company).toBe(id(3));
	expect(ann?.related?.company).toEqual([{id: id(3), record: 'NEW-3', to_be_created: false}]);
});

test('a row is found, filtered and sorted by the identifiers of its related records', async () => {
	const numbers = async (more: object) => (await rows('dry', more)).map(({row}) => row);
	expect(await numbers({find: 'old-2'})).toEqual([1]);
	expect(await numbers({column: 'company', value: 'OLD-1'})).toEqual([2]);
	expect(await numbers({column: 'company', value: id(1)})).toEqual([2]);
	expect(await numbers({sort: 'company', descending: true})).toEqual([2, 3, 1]);
	expect(await numbers({find: id(3)})).toEqual([]);
	expect((await rows('live', {find: id(3)})).map(({row}) => row)).toEqual([1]);
	const found = await findRows(engine.session, {text: 'OLD-1', mode: 'dry', connector: run, objects});
	expect(found).toContainEqual({table: 'load:2', row: 2, outcome: 'updated', reason: null, matched: 'company: OLD-1'});
	expect(await columnValues(engine.session, {table: 'load:2', column: 'company', mode: 'dry', connector: run, objects})).toEqual([
		{value: 'NEW-3', rows: 1},
		{value: 'NEW-4', rows: 1},
		{value: 'OLD-1', rows: 1},
	]);
});

test('while a step is under way, the records that the run itself would create are told already', async () => {
	await engine.session.execute('DROP TABLE run.`related:2` SYNC');
	const [ann, bob] = await rows('dry');
	expect(ann?.values).toMatchObject({company: 'NEW-3', clients: ['NEW-3', id(2)]});
	expect(bob?.related?.company?.[1]).toEqual({id: id(2), record: null, to_be_created: false});
});

test('a step whose relationships are all blank is read like any other', async () => {
	await engine.session.execute(
		"ALTER TABLE run.`load:2` UPDATE company = NULL, clients = NULL, __changes = '' WHERE 1 SETTINGS mutations_sync = 1",
	);
	await keepRelatedNames(engine.session, store, {connector: run, objects, step: 2});
	expect((await rows('dry', {find: 'bob'})).map(({values}) => values)).toEqual([{email: 'bob@x'}]);
});

test('the sheet of a step shows identifiers, marks those to be created, and keeps the ids of records that are there', async () => {
	const sheet = await loadSheet(engine.session, 'load:2', {connector: run, objects, mode: 'dry', clean: () => new Set()});
	const shown = sheet.columns.filter(({header}) => /company|clients/.test(header));
	expect(shown.map(({header}) => header)).toEqual(['company', 'company (id)', 'clients', 'clients (id)', 'company (old)', 'clients (old)']);
	const cells = await engine.session.rows<{cells: readonly (string | null)[]}>(
		`SELECT [${shown.map(({sql}) => sql).join(', ')}] AS cells FROM ${sheet.table} ORDER BY __row`,
	);
	expect(cells.map((row) => row.cells)).toEqual([
		['NEW-3 (to be created)', null, 'NEW-3 (to be created), OLD-2', id(2), null, null],
		['OLD-1', id(1), null, null, 'OLD-2', null],
		['NEW-4 (to be created)', null, null, null, null, null],
	]);
});

test('explain shows the id that an earlier step exposed: it decided what the row became', async () => {
	const explain = async (mode: ExecutionMode, row: number) =>
		(await explainRow(engine.session, {row, mode, connector: run, objects}))['load:2']?.fields.find(({field: name}) => name === 'company');
	expect(await explain('dry', 1)).toMatchObject({
		variables: {company_id: 'NEW-3'},
		incoming: 'NEW-3',
		new: 'NEW-3',
		related: [{id: null, record: 'NEW-3', to_be_created: true}],
	});
	expect(await explain('dry', 2)).toMatchObject({variables: {company_id: id(1)}, incoming: id(1), old: id(2), new: id(1)});
	expect(await explain('live', 1)).toMatchObject({
		variables: {company_id: id(3)},
		related: [{id: id(3), record: 'NEW-3', to_be_created: false}],
	});
});
