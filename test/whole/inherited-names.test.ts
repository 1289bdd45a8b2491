import {afterEach, beforeEach, expect, test} from 'vitest';
import type {HistoryEntry} from '../../source/api/contract.js';
import {TestWorkspace} from './workspace.js';

/*
 * Names that every object of the language inherits: a look-up that forgets this finds a function where nothing was set.
 */

let workspace: TestWorkspace;
let user: string | undefined;

beforeEach(() => {
	user = process.env.SLUICE_USER;
	process.env.SLUICE_USER = 'constructor';
});

afterEach(async () => {
	if (user === undefined) delete process.env.SLUICE_USER;
	else process.env.SLUICE_USER = user;
	await workspace.close();
});

type Row = {readonly values: Readonly<Record<string, unknown>>};

test.runIf(process.env.SLUICE_LONG)(
	'objects, fields, connectors, variables, columns, secrets, users and options may be called like what every object inherits',
	async () => {
		workspace = new TestWorkspace({
			'sluice.yaml': 'name: test\nusers: {toString: to@example.com}\n',
			'objects/constructor.yaml': `name: C
fields:
  - {api_name: constructor, name: constructor, type: text, identifier: true}
  - {api_name: valueof, name: valueOf, type: text, unique: true}
  - {api_name: tostring, name: toString, type: dropdown, options: [constructor, __proto__, hasOwnProperty]}
`,
			'automations/constructor.yaml': 'name: A\ntrigger: record_updated\nobject: constructor\naction: log\n',
			'connectors/constructor/sample.jsonl':
				'{"__proto__":"a","constructor":"b","toString":"constructor","valueOf":"c","hasOwnProperty":"d"}\n',
			'connectors/constructor/transform.sql':
				"CREATE TABLE output.constructor AS SELECT *, (SELECT value FROM meta.parameters WHERE name = 'region') r FROM input.page_idx_0 ORDER BY _line;",
			'connectors/constructor/connector.yaml': `name: constructor
type: spreadsheet
object: constructor
sample_file: sample.jsonl
sql: transform.sql
sql_parameters: {region: EU}
secrets: [constructor]
variables:
  - {name: constructor, scope: constructor, column: constructor, type: string, required: true}
  - {name: toString, scope: constructor, column: tostring, type: string}
  - {name: valueOf, scope: constructor, column: valueof, type: string}
  - {name: hasOwnProperty, scope: constructor, column: __proto__, type: string}
load_steps:
  - name: constructor
    object: constructor
    scope: constructor
    matching: [{field: constructor, variable: constructor}]
    mapping:
      - {field: constructor, variables: [constructor]}
      - {field: tostring, variables: [toString], conflict: overwrite}
      - {field: valueof, variables: [valueOf], conflict: overwrite}
settings: {notify_on: all}
`,
		});
		await workspace.client().then((client) => client.setSecret('constructor', 'a-secret-text'));
		const said = await workspace.cli('activate', 'constructor');
		expect(said).toMatchObject({code: 0, err: ''});
		const line = (id: string, option: string, more: string) =>
			`{"__proto__":"p${id}","constructor":"${id}","toString":"${option}","valueOf":"${more}","hasOwnProperty":"h"}\n`;
		const first = workspace.write('a.jsonl', line('1', 'constructor', 'x') + line('2', '__proto__', 'y') + line('3', 'valueOf', 'z'));
		for (const more of [['--dry-run'], []]) {
			const run = await workspace.run('constructor', first, ...more);
			expect(run.error).toBeNull();
			expect([run.status, run.counts.created, run.counts.warnings]).toEqual(['warning', 3, 1]);
			expect(run.rows.by_scope).toEqual({constructor: 3});
		}
		const second = workspace.write('b.jsonl', line('1', 'hasOwnProperty', 'x'));
		for (const more of [['--dry-run'], []]) {
			const run = await workspace.run('constructor', second, ...more);
			expect([run.status, run.counts.updated]).toEqual(['completed', 1]);
		}
		const [page] = await workspace.json<Row>(['rows', 'last', 'sql:constructor']);
		expect(Object.entries(page?.values ?? {}).map(([name, value]) => `${name}=${value}`)).toEqual(
			expect.arrayContaining(['__proto__=p1', 'constructor=1', 'tostring=hasOwnProperty', 'valueof=x', 'hasownproperty=h', 'r=EU']),
		);
		expect((await workspace.cli('rows', 'last', 'sql:constructor')).out).toContain('p1');
		expect((await workspace.cli('records', 'constructor')).out).not.toContain('function');
		const explained = await workspace.cli('explain', 'last', '--row', '1', '--scope', 'constructor');
		expect(explained).toMatchObject({code: 0});
		expect(explained.out).not.toContain('function');
		expect((await workspace.json<HistoryEntry>(['history'])).some(({who}) => who === 'constructor')).toBe(true);
		expect(await workspace.json(['deliveries'])).toEqual([]);
		expect(await workspace.cli('secret', 'remove', 'constructor')).toMatchObject({code: 0});
		for (const words of [
			['rows', 'last', 'constructor:1'],
			['completion', 'constructor'],
			['secret', 'remove', 'constructor'],
			['show', 'constructor'],
			['records', 'constructor', '--where', 'hasownproperty=1'],
			['status', '--constructor'],
			['constructor'],
		]) {
			const {code, err} = await workspace.cli(...words);
			expect([words, code, err.includes('internal'), err.includes('not a function')]).toEqual([words, code === 2 ? 2 : 1, false, false]);
		}
	},
	120_000,
);
