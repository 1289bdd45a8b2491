import {expect, test} from 'vitest';
import type {Automation} from '../../source/model/automation.js';
import {type ExplainRequest, explainRow} from '../../source/report/explain.js';
import {countRows, findRows} from '../../source/report/find.js';
import {connector, contacts, keep, keepLoad, keepSql, keepVariables, keptRun, step, textColumns, variable} from './kept-run.js';

const engine = keptRun();

const mapping = [
	{field: 'email', variables: ['email'], join: ' ', conflict: 'overwrite', createOptions: false},
	{field: 'name', variables: ['first', 'last'], join: ' ', conflict: 'overwrite_skip_blank', createOptions: false},
	{field: 'age', variables: ['age'], join: ' ', conflict: 'only_update_blank', createOptions: false},
] as const;
const matching = [
	{
		field: 'email',
		variable: 'email',
		noMatch: 'next_rule_ignore_matches',
		singleMatch: 'update_current',
		multipleMatch: 'do_not_upload',
		archivedMatch: 'next_rule_ignore_matches',
	},
	{
		field: 'name',
		variable: 'first',
		noMatch: 'create_new',
		singleMatch: 'update_current',
		multipleMatch: 'do_not_upload',
		archivedMatch: 'unarchive_and_update',
	},
] as const;
const steps = [step({matching, mapping, automations: {onCreate: ['welcome'], onUpdate: ['greet'], suppressTriggers: false}})];
const people = connector({
	loadSteps: steps,
	variables: [variable('email', 'email'), variable('first'), variable('last'), variable('age', 'number')],
});
const request = (more: Partial<ExplainRequest> = {}): ExplainRequest => ({
	row: 1,
	mode: 'live',
	connector: people,
	objects: [contacts],
	...more,
});
const explain = async (more: Partial<ExplainRequest> = {}) => await explainRow(engine.session, request(more));

async function kept() {
	await keepSql(engine.session, 'people', textColumns('email', 'first', 'last', 'age'), [
		['ANN@x', 'Ann', 'Lee', '42'],
		['b@x', 'Bob', null, 'x'],
		['c@x', 'Cy', 'C', '3'],
	]);
	await keepVariables(
		engine.session,
		'people',
		['email', 'first', 'last', 'age'],
		[
			{values: ['ann@x', 'Ann', 'Lee', '42']},
			{values: ['b@x', 'Bob', null, null], problems: ['age'], warnings: ['variable "age": "x" is not a number']},
			{values: ['c@x', 'Cy', 'C', '3']},
		],
	);
	await keep(engine.session, 'diff:people', {__row: 'UInt64', __since: 'String'}, [[3, 'run-1']]);
	await keepLoad(
		engine.session,
		1,
		['email', 'name', 'age'],
		[
			{
				outcome: 'updated',
				id: 'id-1',
				record: 'ann@x',
				rule: 1,
				changes: {name: ['Anne Lee', 'Ann Lee']},
				values: ['ann@x', 'Ann Lee', '41'],
			},
			{
				outcome: 'created',
				id: 'id-2',
				record: 'b@x',
				rule: 2,
				warnings: ['variable "age": "x" is not a number'],
				values: ['b@x', 'Bob', null],
			},
			{outcome: 'skipped', reason: 'unchanged since run-1', values: [null, null, null]},
		],
	);
}

test('an updated row is told from its line to each field, with the rule that decided', async () => {
	await kept();
	const told = await explain({
		inputText: async (line) => ({texts: [{page: 'people.csv', text: `line ${line} of the file`}], note: null}),
		candidates: async (object, field, value) => [{id: `${object}.${field}=${value}`, archived: false}],
	});
	expect(Object.keys(told)).toEqual(['row', 'scope', 'intake', 'sql', 'variables', 'diff', 'load:1']);
	expect(told.intake).toEqual({line: 2, text: 'line 2 of the file', texts: [], note: null});
	expect(told.sql).toEqual({table: 'people', values: {email: 'ANN@x', first: 'Ann', last: 'Lee', age: '42'}});
	expect(told.variables?.values.email).toEqual({raw: 'ANN@x', value: 'ann@x', type: 'email', problem: null});
	expect(told.diff).toEqual({unchanged: false, since: null});
	expect(told['load:1']).toMatchObject({outcome: 'updated', record_id: 'id-1', record: 'ann@x', rule: 1, reason: null, warnings: []});
	expect(told['load:1']?.rules).toEqual([
		{
			rule: 1,
			field: 'email',
			variable: 'email',
			value: 'ann@x',
			state: 'decided',
			possible: [{match: 'single_match', action: 'update_current'}],
			candidates_now: [{id: 'contacts.email=ann@x', archived: false}],
		},
		{rule: 2, field: 'name', variable: 'first', value: 'Ann', state: 'not reached', possible: [], candidates_now: null},
	]);
	expect(told['load:1']?.fields).toEqual([
		{field: 'email', variables: {email: 'ann@x'}, incoming: 'ann@x', conflict: 'overwrite', old: 'ann@x', new: 'ann@x', changed: false},
		{
			field: 'name',
			variables: {first: 'Ann', last: 'Lee'},
			incoming: 'Ann Lee',
			conflict: 'overwrite_skip_blank',
			old: 'Anne Lee',
			new: 'Ann Lee',
			changed: true,
		},
		{field: 'age', variables: {age: '42'}, incoming: '42', conflict: 'only_update_blank', old: 41, new: 41, changed: false},
	]);
	expect(told['load:1']?.automations).toEqual([{automation: 'greet', because: 'on_update of the step'}]);
});

test('a created row shows which rules went on, and what of it a conversion lost', async () => {
	await kept();
	const told = await explain({row: 2, mode: 'dry'});
	expect(told.variables?.values.age).toEqual({raw: 'x', value: null, type: 'number', problem: '"x" is not a number'});
	expect(told['load:1']).toMatchObject({record_id: null, record: 'b@x', automations: [{automation: 'welcome'}]});
	expect(told['load:1']?.rules.map(({state, possible}) => [state, possible.map(({match}) => match)])).toEqual([
		['went on', ['no_match', 'archived_match']],
		['decided', ['no_match']],
	]);
	expect(told['load:1']?.fields[1]).toMatchObject({incoming: 'Bob', old: null, new: 'Bob', changed: true});
});

test('an unchanged row says since when, and reaches no rule', async () => {
	await kept();
	const told = await explain({row: 3});
	expect(told.diff).toEqual({unchanged: true, since: 'run-1'});
	expect(told.variables).toMatchObject({state: 'unchanged', reason: 'unchanged since run-1'});
	expect(told['load:1']?.rules.every(({state}) => state === 'not reached')).toBe(true);
	expect(told['load:1']?.automations).toEqual([]);
});

test('normal triggers fire with the step unless it suppresses them', async () => {
	await kept();
	const automation = (apiName: string, more: Partial<Automation>): Automation => ({
		apiName,
		name: apiName,
		trigger: 'record_updated',
		object: 'contacts',
		field: null,
		action: {log: {message: null}},
		...more,
	});
	const automations = [
		automation('any', {}),
		automation('named', {trigger: 'field_updated', field: 'name'}),
		automation('aged', {trigger: 'field_updated', field: 'age'}),
		automation('other', {object: 'companies'}),
		automation('new', {trigger: 'record_created'}),
	];
	const fired = async (suppressTriggers: boolean) => {
		const loadSteps = [{...step({matching, mapping}), automations: {onCreate: [], onUpdate: ['greet'], suppressTriggers}}];
		return (await explain({automations, connector: {...people, loadSteps}}))['load:1']?.automations.map((one) => one.automation);
	};
	expect(await fired(false)).toEqual(['greet', 'any', 'named']);
	expect(await fired(true)).toEqual(['greet']);
});

test('a failed execution explains the stages it reached', async () => {
	await keepSql(engine.session, 'people', textColumns('email'), [['a@x']]);
	expect(Object.keys(await explain())).toEqual(['row', 'scope', 'intake', 'sql', 'diff']);
});

test('a scope must be named where there are several, and a row must exist', async () => {
	await expect(explain()).rejects.toMatchObject({code: 'report.no_scope'});
	await keepSql(engine.session, 'people', textColumns('email'), [['a@x']]);
	await keepSql(engine.session, 'row_errors', textColumns('why'), [['bad']]);
	expect((await explain()).scope).toBe('people');
	expect((await explain({scope: 'row_errors'})).sql?.values).toEqual({why: 'bad'});
	await keepSql(engine.session, 'vendors', textColumns('code'), [['v1']]);
	await expect(explain()).rejects.toMatchObject({code: 'report.no_scope', expected: 'people, row_errors, vendors'});
	await expect(explain({scope: 'vendor'})).rejects.toMatchObject({code: 'report.no_scope'});
	await expect(explain({scope: 'vendors', row: 2})).rejects.toMatchObject({code: 'report.no_row'});
});

test('a value is found where it tells most, once a row of a scope', async () => {
	await kept();
	await keepSql(engine.session, 'notes', textColumns('text'), [['nothing'], ['about ANN@X']]);
	const {session} = engine;
	const facts = {mode: 'live', connector: people, objects: [contacts]} as const;
	expect(await findRows(session, {text: 'ann@x', ...facts})).toEqual([
		{table: 'load:1', row: 1, outcome: 'updated', reason: null, matched: 'email: ann@x'},
		{table: 'sql:notes', row: 2, outcome: null, reason: null, matched: 'text: about ANN@X'},
	]);
	expect(await findRows(session, {text: 'c@x', ...facts})).toEqual([
		{table: 'variables:people', row: 3, outcome: 'ok', reason: null, matched: 'email: c@x'},
	]);
	expect(await findRows(session, {text: 'x', limit: 2, ...facts})).toHaveLength(2);
	expect(await findRows(session, {text: 'nobody', ...facts})).toEqual([]);
	expect(await findRows(session, {text: 'id-1', ...facts, mode: 'dry'})).toEqual([]);
});

test('found rows are counted exactly, and their pages are all of them in order', async () => {
	await kept();
	const {session} = engine;
	const request = {text: '@x', mode: 'live', connector: people, objects: [contacts]} as const;
	expect(await countRows(session, request)).toEqual([
		{table: 'load:1', rows: 2},
		{table: 'variables:people', rows: 1},
	]);
	const all = await findRows(session, request);
	expect(all.map(({table, row}) => [table, row])).toEqual([
		['load:1', 1],
		['load:1', 2],
		['variables:people', 3],
	]);
	for (const offset of [0, 1, 2, 3]) expect(await findRows(session, {...request, offset, limit: 2})).toEqual(all.slice(offset, offset + 2));
});
