import {expect, test} from 'vitest';
import {rememberingSession} from '../../source/daemon/browse/cached-session.js';
import {toJson} from '../../source/model/json.js';
import {type RowsRequest, readRows} from '../../source/report/rows.js';
import {listTables} from '../../source/report/tables.js';
import {columnValues, similarReasons} from '../../source/report/values.js';
import {connector, contacts, keep, keepLoad, keepSql, keepVariables, keptRun, textColumns, variable} from './kept-run.js';

const engine = keptRun();

const request = (table: string, more: Partial<RowsRequest> = {}): RowsRequest => ({
	table,
	mode: 'live',
	connector: connector(),
	objects: [contacts],
	...more,
});
const rows = async (table: string, more: Partial<RowsRequest> = {}) => await readRows(engine.session, request(table, more));
const numbers = async (table: string, more: Partial<RowsRequest> = {}) => (await rows(table, more)).items.map(({row}) => row);

test('tables are listed by kind, load steps by number', async () => {
	await keepLoad(engine.session, 10, ['email'], []);
	await keepLoad(engine.session, 2, ['email'], [{outcome: 'created', values: ['a@x']}]);
	await keepVariables(engine.session, 'b', ['email'], []);
	await keepSql(engine.session, 'b', textColumns('x'), [['1'], ['2']]);
	await keepSql(engine.session, 'a', textColumns('x'), []);
	await keep(engine.session, 'diff:b', {__row: 'UInt64', __since: 'String'}, []);
	expect(await listTables(engine.session)).toEqual([
		{table: 'sql:a', rows: 0},
		{table: 'sql:b', rows: 2},
		{table: 'variables:b', rows: 0},
		{table: 'load:2', rows: 1},
		{table: 'load:10', rows: 0},
	]);
});

test('rows of the SQL output have the values the SQL left', async () => {
	const types = {sku: 'Nullable(String)', n: 'Nullable(Int64)', price: 'Decimal(10, 2)', ok: 'Bool', tags: 'Array(String)', day: 'Date'};
	await keepSql(engine.session, 'products', types, [
		['0012', '9007199254740993', '9.90', true, ['a', 'b'], '2024-02-29'],
		[null, null, '0', false, [], '1970-01-01'],
	]);
	const {items, total} = await rows('sql:products');
	expect(total).toBe(2);
	expect(items.map((item) => toJson(item))).toEqual([
		'{"row":1,"values":{"sku":"0012","n":9007199254740993,"price":"9.90","ok":true,"tags":["a","b"],"day":"2024-02-29"}}',
		'{"row":2,"values":{"sku":null,"n":null,"price":"0.00","ok":false,"tags":[],"day":"1970-01-01"}}',
	]);
});

test('rows of variables join raw text, value and problem, and say what is unchanged since when', async () => {
	const variables = [
		variable('price', 'number', {from: {column: 'cost'}}),
		variable('on', 'boolean'),
		variable('origin', 'string', {from: {value: 'file'}}),
		variable('tags', 'string', {array: true}),
	];
	await keepSql(engine.session, 'people', textColumns('cost', 'on'), [
		['9,90 EUR', 'true'],
		['x', null],
		['', ''],
	]);
	await keepVariables(
		engine.session,
		'people',
		['price', 'on', 'origin', 'tags'],
		[
			{values: ['9.90', 'true', 'file', '["a"]']},
			{values: [null, null, 'file', null], problems: ['price'], warnings: ['variable "price": "x" is not a number']},
			{state: 'skipped', reason: 'required variable "price" is blank', values: [null, null, 'file', null]},
		],
	);
	await keep(engine.session, 'diff:people', {__row: 'UInt64', __since: 'String'}, [[1, 'run-7']]);
	const {items} = await rows('variables:people', {connector: connector({variables})});
	expect(items).toEqual([
		{
			row: 1,
			state: 'unchanged',
			reason: 'unchanged since run-7',
			variables: {
				price: {raw: '9,90 EUR', value: '9.90', problem: null},
				on: {raw: 'true', value: true, problem: null},
				origin: {raw: 'file', value: 'file', problem: null},
				tags: {raw: null, value: ['a'], problem: null},
			},
		},
		{
			row: 2,
			state: 'ok',
			reason: null,
			variables: {
				price: {raw: 'x', value: null, problem: '"x" is not a number'},
				on: {raw: null, value: null, problem: null},
				origin: {raw: 'file', value: 'file', problem: null},
				tags: {raw: null, value: null, problem: null},
			},
		},
		expect.objectContaining({row: 3, state: 'skipped', reason: 'required variable "price" is blank'}),
	]);
	const states = async (state: string) => await numbers('variables:people', {state, connector: connector({variables})});
	expect([await states('ok'), await states('skipped'), await states('unchanged')]).toEqual([[2], [3], [1]]);
});

const loaded = async () =>
	await keepLoad(
		engine.session,
		1,
		['email', 'age', 'balance', 'active', 'topics', 'tier'],
		[
			{outcome: 'created', id: 'id-1', record: 'ann@x.io', rule: 1, values: ['ann@x.io', '42', '1.50', 'false', '["a","b"]', null]},
			{
				outcome: 'updated',
				id: 'id-2',
				record: 'bob@x.io',
				rule: 1,
				warnings: ['tier: no option'],
				changes: {tier: [null, 'Gold'], age: [9_007_199_254_740_991, 7]},
				values: ['bob@x.io', '7', '10', null, null, 'Gold'],
			},
			{
				outcome: 'errored',
				reason: 'badge: "B1" is already held by a@x.io',
				record: 'c@x.io',
				rule: 1,
				line: null,
				values: ['c@x.io', '9007199254740993', '9', null, null, null],
			},
			{outcome: 'errored', reason: 'badge: "B2" is already held by b@x.io', values: ['d@x.io', null, null, null, null, null]},
			{outcome: 'skipped', reason: 'no change', values: [null, null, null, null, null, null]},
		],
	);

test('rows of a load step have values as records print them, and changes from old to new', async () => {
	await loaded();
	const {items, total} = await rows('load:1');
	expect(total).toBe(5);
	expect(items[0]).toEqual({
		row: 1,
		line: 2,
		outcome: 'created',
		reason: null,
		record_id: 'id-1',
		record: 'ann@x.io',
		rule: 1,
		warnings: [],
		values: {email: 'ann@x.io', age: 42, balance: '1.50', active: false, topics: ['a', 'b']},
		changes: {email: [null, 'ann@x.io'], age: [null, 42], balance: [null, '1.50'], active: [null, false], topics: [null, ['a', 'b']]},
	});
	expect(items[1]).toMatchObject({
		outcome: 'updated',
		warnings: ['tier: no option'],
		changes: {tier: [null, 'Gold'], age: [9_007_199_254_740_991, 7]},
	});
	expect(items[2]).toMatchObject({line: null, values: {age: 9_007_199_254_740_993n}, changes: {}});
	expect(toJson(items[2])).toContain('"age":9007199254740993');
	expect(items[4]).toMatchObject({rule: null, record: null, values: {}, changes: {}});
});

test('old values beyond a double keep every digit', async () => {
	await keepLoad(engine.session, 1, ['age'], [{outcome: 'updated', values: ['5'], changes: {}}]);
	await engine.session.execute(
		'ALTER TABLE run.`load:1` UPDATE __changes = \'{"age":[9007199254740993,5]}\' WHERE 1 SETTINGS mutations_sync = 2',
	);
	expect((await rows('load:1')).items[0]).toMatchObject({changes: {age: [9_007_199_254_740_993n, 5]}});
});

test('a dry run shows no record id, and finds nothing by one', async () => {
	await loaded();
	const {items} = await rows('load:1', {mode: 'dry'});
	expect(items.map((item) => 'record_id' in item && item.record_id)).toEqual([null, null, null, null, null]);
	expect(await numbers('load:1', {mode: 'dry', find: 'id-1'})).toEqual([]);
	expect(await numbers('load:1', {mode: 'live', find: 'id-1'})).toEqual([1]);
	await expect(rows('load:1', {mode: 'dry', column: 'record_id', value: 'id-1'})).rejects.toMatchObject({code: 'report.no_column'});
});

test('rows are filtered by outcome, reason, similar reasons, text and column value, and all at once', async () => {
	await loaded();
	expect(await numbers('load:1', {outcome: 'errored'})).toEqual([3, 4]);
	expect(await numbers('load:1', {reason: 'no change'})).toEqual([5]);
	const [group] = await similarReasons(engine.session, {table: 'load:1'});
	expect(group).toMatchObject({rows: 2, example: expect.stringContaining('is already held by')});
	expect(await numbers('load:1', {reason: group?.pattern})).toEqual([3, 4]);
	expect(await numbers('load:1', {find: 'ANN@'})).toEqual([1]);
	expect(await numbers('load:1', {find: 'Option'})).toEqual([2]);
	expect(await numbers('load:1', {column: 'age', value: '7'})).toEqual([2]);
	expect(await numbers('load:1', {column: 'age', value: null})).toEqual([4, 5]);
	expect(await numbers('load:1', {column: 'record', value: 'c@x.io'})).toEqual([3]);
	expect(await rows('load:1', {outcome: 'errored', find: 'B2', limit: 1})).toMatchObject({total: 1, items: [{row: 4}]});
	expect((await readRows(engine.session, request('load:1', {outcome: 'errored', limit: 1}))).total).toBe(2);
	expect((await rows('load:1', {outcome: 'errored', limit: 1})).total).toBe(2);
});

test('find knows accents and any script, and cannot break out of its quotes', async () => {
	await keepSql(engine.session, 'people', textColumns('s'), [['ÉMILE'], ["it's \\ a `test`"], ['%']]);
	expect(await numbers('sql:people', {find: 'émile'})).toEqual([1]);
	expect(await numbers('sql:people', {find: "'s \\ a `"})).toEqual([2]);
	expect(await numbers('sql:people', {find: '%'})).toEqual([3]);
	expect(await numbers('sql:people', {find: "' OR 1 --"})).toEqual([]);
});

test('rows are sorted by what a column means, blanks last in both directions', async () => {
	await loaded();
	expect(await numbers('load:1', {sort: 'balance'})).toEqual([1, 3, 2, 4, 5]);
	expect(await numbers('load:1', {sort: 'balance', descending: true})).toEqual([2, 3, 1, 4, 5]);
	expect(await numbers('load:1', {sort: 'outcome', limit: 2})).toEqual([1, 3]);
	expect(await numbers('load:1', {descending: true, limit: 2})).toEqual([5, 4]);
});

test('a page is the rows of its place, in the middle, past the end and in a table with gaps', async () => {
	await keepSql(
		engine.session,
		'people',
		{n: 'UInt32'},
		Array.from({length: 1000}, (_, index) => [index]),
	);
	expect(await numbers('sql:people', {offset: 500, limit: 3})).toEqual([501, 502, 503]);
	expect((await numbers('sql:people')).length).toBe(200);
	expect((await numbers('sql:people', {limit: 0, offset: 990})).length).toBe(10);
	expect(await rows('sql:people', {offset: 2000})).toEqual({items: [], total: 1000});
	await keep(engine.session, 'sql:gaps', {__row: 'UInt64', __line: 'Nullable(UInt64)', n: 'UInt32'}, [
		[2, 3, 1],
		[5, 6, 2],
		[9, 10, 3],
	]);
	expect(await numbers('sql:gaps', {offset: 1, limit: 1})).toEqual([5]);
	expect(await numbers('sql:gaps', {column: 'row', value: '9'})).toEqual([9]);
});

test('pages of a filter, wherever they begin, are the rows it leaves cut into pages', async () => {
	const count = 20_000;
	const column = "concat(toString(number % 7), if(number < 6000, 'x', ''))";
	await engine.session.execute(
		`CREATE TABLE run.\`sql:people\` ENGINE = MergeTree ORDER BY __row AS SELECT number + 1 AS __row, CAST(NULL AS Nullable(UInt64)) AS __line, CAST(${column} AS Nullable(String)) AS v FROM numbers(${count})`,
	);
	await engine.session.execute(
		"CREATE TABLE run.`variables:people` ENGINE = MergeTree ORDER BY __row AS SELECT __row, __line, 'ok' AS __state, CAST(NULL AS Nullable(String)) AS __reason, CAST([] AS Array(String)) AS __problems, CAST([] AS Array(String)) AS __notes, CAST([] AS Array(String)) AS __warnings, v FROM run.`sql:people`",
	);
	const left = Array.from({length: count}, (_, at) => at).flatMap((at) => (at % 7 === 3 && at >= 6000 ? [at + 1] : []));
	for (const table of ['sql:people', 'variables:people']) {
		for (const offset of [0, 1, 999, 1000, 1001, 1900, left.length - 1, left.length, left.length + 5000]) {
			const page = await rows(table, {column: 'v', value: '3', offset, limit: 150});
			expect([page.total, page.items.map(({row}) => row)]).toEqual([left.length, left.slice(offset, offset + 150)]);
		}
		expect(await numbers(table, {column: 'v', value: '3', offset: 1500, limit: 3, descending: true})).toEqual(
			left.toReversed().slice(1500, 1503),
		);
	}
});

test.each(['sql:people', 'variables:people', 'load:1'])(
	'few rows far apart are set aside, and are the same rows on every page: %s',
	async (table) => {
		const count = 60_000;
		const text = (expression: string, name: string) => `CAST(${expression} AS Nullable(String)) AS ${name}`;
		const create = (name: string, columns: string) =>
			engine.session.execute(
				`CREATE TABLE run.\`${name}\` ENGINE = MergeTree ORDER BY __row AS SELECT number + 1 AS __row, CAST(number + 2 AS Nullable(UInt64)) AS __line, ${columns} FROM numbers(${count})`,
			);
		const [v, none] = [text('toString(number % 151)', 'v'), 'CAST([] AS Array(String))'];
		await create('sql:people', text("concat(' ', toString(number % 151))", 'v'));
		await create(
			'variables:people',
			`'ok' AS __state, ${text('NULL', '__reason')}, ${none} AS __problems, ${none} AS __notes, ${none} AS __warnings, ${v}`,
		);
		await create(
			'load:1',
			`'created' AS __outcome, ${text('NULL', '__reason')}, ${none} AS __warnings, ${text("'id'", '__record_id')}, ${text("'r'", '__record')}, CAST(NULL AS Nullable(UInt16)) AS __rule, '' AS __changes, ${v}`,
		);
		const asked: string[] = [];
		const settled = rememberingSession({
			rows: (sql) => engine.session.rows(sql),
			blocks(sql) {
				asked.push(sql);
				return engine.session.blocks(sql);
			},
			execute: (sql) => engine.session.execute(sql),
			insert: (name, columns, block) => engine.session.insert(name, columns, block),
		});
		const one = {connector: connector({variables: [variable('v')]})};
		for (const filter of [{column: 'v', value: table === 'sql:people' ? ' 77' : '77'}, {find: '150'}, {column: 'v', value: 'no such'}]) {
			for (const more of [{}, {sort: 'v'}, {descending: true}]) {
				for (const offset of [0, 199, 200, 350, 396, 500]) {
					const page = request(table, {...one, ...filter, ...more, offset, limit: 30});
					expect(await readRows(settled, page)).toEqual(await readRows(engine.session, page));
				}
			}
		}
		expect(asked.filter((sql) => sql.includes('aside.')).length).toBeGreaterThan(30);
	},
);

test.each([{}, {find: '7'}, {sort: 'v'}, {descending: true}])(
	'a whole table streams row by row in order, with its raw texts: %o',
	async (filter) => {
		const count = 12_000;
		const one = connector({variables: [variable('v')]});
		await engine.session.execute(
			`CREATE TABLE run.\`sql:people\` ENGINE = MergeTree ORDER BY __row AS SELECT number + 1 AS __row, CAST(number + 2 AS Nullable(UInt64)) AS __line, CAST(concat(' ', toString(number)) AS Nullable(String)) AS v FROM numbers(${count})`,
		);
		await engine.session.execute(
			"CREATE TABLE run.`variables:people` ENGINE = MergeTree ORDER BY __row AS SELECT __row, __line, 'ok' AS __state, CAST(NULL AS Nullable(String)) AS __reason, CAST([] AS Array(String)) AS __problems, CAST([] AS Array(String)) AS __notes, CAST([] AS Array(String)) AS __warnings, CAST(trim(v) AS Nullable(String)) AS v FROM run.`sql:people`",
		);
		const {items: all} = await readRows(engine.session, request('variables:people', {limit: 0, connector: one, ...filter}));
		const expected = Array.from({length: count}, (_, index) => String(index)).filter((v) => !filter.find || v.includes(filter.find));
		if ('sort' in filter) expected.sort();
		if ('descending' in filter) expected.reverse();
		expect(all.map((item) => ('variables' in item ? item.variables.v : null))).toEqual(
			expected.map((v) => ({raw: ` ${v}`, value: v, problem: null})),
		);
	},
);

test('an unknown table or column is refused with what there is', async () => {
	await loaded();
	await expect(rows('load:2')).rejects.toMatchObject({code: 'report.no_table'});
	await expect(rows('system.tables')).rejects.toMatchObject({code: 'report.no_table'});
	await expect(rows('load:1', {sort: 'agee'})).rejects.toMatchObject({code: 'report.no_column', cure: 'Did you mean "age"?'});
});

test('the values of a column are counted within a filter', async () => {
	await loaded();
	expect(await columnValues(engine.session, {...request('load:1'), column: 'outcome'})).toEqual([
		{value: 'errored', rows: 2},
		{value: 'created', rows: 1},
		{value: 'skipped', rows: 1},
		{value: 'updated', rows: 1},
	]);
	expect(await columnValues(engine.session, {...request('load:1', {outcome: 'errored'}), column: 'age'})).toEqual([
		{value: '9007199254740993', rows: 1},
		{value: null, rows: 1},
	]);
});
