import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import type {Connector} from '../../source/model/connector.js';
import {defaultReadOptions} from '../../source/model/read-options.js';
import {read, told} from './workspace-files.js';

const objects = {
	'objects/vendors.yaml': `name: Vendors
fields:
  - {api_name: code, type: text, identifier: true}
  - {api_name: name, type: text}
filter_groups: [{api_name: active, where: {field: name, is: is_blank, value: false}}]
`,
	'objects/products.yaml': `name: Products
fields:
  - {api_name: sku, type: text, identifier: true}
  - {api_name: price, type: money}
  - {api_name: listed_on, type: date}
  - {api_name: tags, type: dynamic_tags}
`,
	'automations/welcome.yaml': 'trigger: manual\nobject: vendors\naction: log\n',
};

/** SPEC 2.2, as it stands there. */
const specified = `name: Vendor products
description: The weekly vendor file.
type: spreadsheet                 # spreadsheet | webhook | schedule
object: products                  # the primary object
sample_file: sample.csv           # the reference file
sql: transform.sql                # optional for a one-page spreadsheet, else required
sql_parameters: {region: EU}      # -> meta.parameters
secrets: [vendor_db]              # -> ClickHouse named collections (section 5.4)
reference_data:
  - {object: vendors, fields: [code, name], filter_group: active}   # -> kizen.vendors (no fields: kizen_id alone)
variables:
  - {name: sku,         scope: products, column: sku,   type: string, required: true}
  - {name: vendor_code, scope: vendors,  column: code,  type: string, required: true}
  - {name: price,       scope: products, column: price, type: number}
  - {name: listed_on,   scope: products, column: listed_on, type: date, input_format: DD/MM/YYYY}
  - {name: tags,        scope: products, column: tags,  type: string, array: true, delimiter: ";"}
  - {name: origin,      scope: products, value: vendor-file, type: string}        # a literal
additional_variables:
  - {name: run_day, type: date, from: execution.started_at}
diff_check: true
load_steps:
  - name: Vendors
    object: vendors
    scope: vendors
    matching:
      - {field: code, variable: vendor_code, no_match: create_new, single_match: update_current,
         multiple_match: do_not_upload, archived_match: unarchive_and_update}
    mapping:
      - {field: code, variables: [vendor_code], conflict: overwrite}
    expose_as: vendor_id          # the record's id, as a variable of later steps on the same scope
    automations: {on_create: [welcome], on_update: [], suppress_triggers: false}
  - name: Products
    object: products
    scope: products
    matching: [{field: sku, variable: sku}]
    mapping:
      - {field: sku, variables: [sku], conflict: overwrite}
      - {field: price, variables: [price], conflict: overwrite_skip_blank}
settings:
  max_concurrent_executions: 1    # 0 = queue, run nothing
  chunk_size: 5000
  notification_emails: [ops@example.com]
  notify_on: [failed, warning]    # or: all
  execution_ended_webhook: {url: "https://example.com/hook", secret: hook_key}
  stop_after: {errors: 1000, percent: 20}   # a live run that goes this wrong stops at its chunk, failed; default: never
schedule: {every: daily, at: "06:30", timezone: Europe/Paris}     # or cron: "30 6 * * 1-5", or cadence: 300 (seconds)
source: {file: "/data/drop/*.csv"}                                # for scheduled spreadsheet runs (section 11)
`;

const sql = 'CREATE TABLE output.vendors AS SELECT 1;\nCREATE TABLE output.products AS SELECT 1;\n';

async function only(files: Readonly<Record<string, string>>) {
	const workspace = await read({...objects, 'connectors/c/sample.csv': 'a\n', ...files});
	const [entry] = workspace.connectors;
	if (!entry) throw new Error('There is no connector');
	return {...entry, told: told(workspace), dir: workspace.dir};
}

/** A connector without problems. */
async function sound(files: Readonly<Record<string, string>>): Promise<Connector & {dir: string; missing: readonly string[]}> {
	const {connector, told: problems, dir, missing} = await only(files);
	expect(problems).toEqual([]);
	if (!connector) throw new Error('The connector is unusable');
	return {...connector, dir, missing};
}

test('the connector of the specification is read whole', async () => {
	const {dir, missing, ...connector} = await sound({'connectors/c/connector.yaml': specified, 'connectors/c/transform.sql': sql});
	expect(missing).toEqual([]);
	expect(connector).toMatchObject({
		apiName: 'c',
		name: 'Vendor products',
		operation: 'import',
		type: 'spreadsheet',
		object: 'products',
		sampleFile: join(dir, 'connectors/c/sample.csv'),
		read: defaultReadOptions,
		sql: {text: sql, file: 'connectors/c/transform.sql'},
		sqlParameters: {region: 'EU'},
		secrets: ['vendor_db'],
		referenceData: [{object: 'vendors', fields: ['code', 'name'], filterGroup: 'active'}],
		additionalVariables: [{name: 'run_day', type: 'date', source: {from: 'execution.started_at'}, outputFormat: null}],
		diffCheck: true,
		settings: {
			maxConcurrentExecutions: 1,
			chunkSize: 5000,
			notificationEmails: ['ops@example.com'],
			notifyOn: ['failed', 'warning'],
			notifyStarter: true,
			executionEndedWebhook: {url: 'https://example.com/hook', secret: 'hook_key', headers: {}},
			stopAfter: {errors: 1000, percent: 20},
			keepExecutionsDays: 90,
		},
		schedule: {every: 'daily', on: null, at: '06:30', timezone: 'Europe/Paris'},
		source: {file: '/data/drop/*.csv', freshness: null, retention: null},
		webhook: null,
		export: null,
		engine: null,
	});
	expect(connector.variables[3]).toEqual({
		name: 'listed_on',
		scope: 'products',
		from: {column: 'listed_on'},
		type: 'date',
		array: false,
		delimiter: ',',
		required: false,
		inputFormat: 'DD/MM/YYYY',
		outputFormat: null,
		decimalComma: false,
	});
	expect(connector.variables[4]).toMatchObject({array: true, delimiter: ';'});
	expect(connector.variables[5]).toMatchObject({from: {value: 'vendor-file'}});
	expect(connector.loadSteps[0]).toMatchObject({
		exposeAs: 'vendor_id',
		automations: {onCreate: ['welcome'], onUpdate: [], suppressTriggers: false},
	});
	expect(connector.loadSteps[1]?.matching).toEqual([
		{
			field: 'sku',
			variable: 'sku',
			noMatch: 'create_new',
			singleMatch: 'update_current',
			multipleMatch: 'do_not_upload',
			archivedMatch: 'unarchive_and_update',
		},
	]);
});

test('a misspelling of any key of it is told at that key', async () => {
	const free = ['region'];
	const keys = [...specified.replaceAll(/#.*/g, (comment) => ' '.repeat(comment.length)).matchAll(/(?<=^|[\s{[])([a-z_]+):/gm)].filter(
		([, key = '']) => !free.includes(key),
	);
	expect(keys.length).toBeGreaterThan(80);
	for (const {index, 1: key = ''} of keys) {
		const before = specified.slice(0, index).split('\n');
		const place = `connectors/c/connector.yaml:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
		const yaml = `${specified.slice(0, index)}${key}x${specified.slice(index + key.length)}`;
		const {told: problems, connector} = await only({'connectors/c/connector.yaml': yaml, 'connectors/c/transform.sql': sql});
		expect(problems.filter((problem) => problem.startsWith(`${place}  Unknown key "${key}x". Did you mean "${key}"?`))).toHaveLength(1);
		expect(connector).toBeNull();
	}
});

const small = `type: spreadsheet
sample_file: sample.csv
variables: [{name: sku, column: sku, type: string}]
load_steps: [{object: products, matching: [{field: sku, variable: sku}], mapping: [{field: sku, variables: [sku]}]}]
`;

describe('defaults', () => {
	test('without SQL the scope is "input", the names those of the folder and the object', async () => {
		const connector = await sound({'connectors/c/connector.yaml': small});
		expect(connector).toMatchObject({name: 'c', object: 'products', sql: null, diffCheck: false});
		expect(connector.variables[0]?.scope).toBe('input');
		expect(connector.loadSteps[0]).toMatchObject({name: 'Products', scope: 'input'});
	});

	test('with SQL that makes one table, the scope is that one', async () => {
		const connector = await sound({
			'connectors/c/connector.yaml': `sql: transform.sql\n${small}`,
			'connectors/c/transform.sql': 'CREATE TABLE output.import_errors AS SELECT 1;\nCREATE OR REPLACE VIEW `output`.`items` AS SELECT 1;',
		});
		expect(connector.variables[0]?.scope).toBe('items');
		expect(connector.loadSteps[0]?.scope).toBe('items');
	});

	test('the unique identifier is not renamed by accident', async () => {
		const connector = await sound({
			'connectors/c/connector.yaml': small.replace('mapping: [', 'mapping: [{field: tags, variables: [sku]}, '),
		});
		expect(connector.loadSteps[0]?.mapping.map(({field, conflict, join: between}) => [field, conflict, between])).toEqual([
			['tags', 'overwrite_skip_blank', ' '],
			['sku', 'only_update_blank', ' '],
		]);
	});

	test('literals, parameters and versions keep what was typed', async () => {
		const connector = await sound({
			'connectors/c/connector.yaml': `${small}sql_parameters: {year: 02026, rate: 1.50}\nengine: 26.10\nadditional_variables: [{name: n, value: 007}]\n`,
		});
		expect(connector.sqlParameters).toEqual({year: '02026', rate: '1.50'});
		expect(connector.engine).toBe('26.10');
		expect(connector.additionalVariables[0]?.source).toEqual({value: '007'});
	});

	test('a webhook gathers for a minute, and relative paths start at the workspace', async () => {
		const hook = await sound({
			'connectors/c/connector.yaml': `${small.replace('spreadsheet', 'webhook')}sql: transform.sql\nwebhook: {auth: {hmac: [new_key, old_key]}}\n`,
			'connectors/c/transform.sql': 'CREATE TABLE output.a AS SELECT 1',
		});
		expect(hook.webhook).toMatchObject({
			cadenceSeconds: 60,
			auth: {sender: null, proofs: [{kind: 'hmac', secrets: ['new_key', 'old_key']}]},
		});
		const drop = await sound({
			'connectors/c/connector.yaml': `${small}source: {file: drop/*.csv, retention: {after_success: move, to: "done/{date}", keep_executions_days: 7}}\n`,
		});
		expect(drop.source).toEqual({
			file: join(drop.dir, 'drop/*.csv'),
			freshness: null,
			retention: {afterSuccess: 'move', to: join(drop.dir, 'done/{date}'), keepFailed: true, maskedSample: null},
		});
		expect(drop.settings.keepExecutionsDays).toBe(7);
	});

	test('a record id that a step exposed is a uuid for later steps of its scope', async () => {
		const connector = await sound({
			'connectors/c/connector.yaml':
				`${small.replace('mapping: [{', 'expose_as: who, mapping: [{')}  - {object: products, matching: [{field: id, variable: who}], mapping: [{field: sku, variables: [sku]}]}\n`.replace(
					'load_steps: [{object: products, matching: [{field: sku, variable: sku}], expose_as: who, mapping: [{field: sku, variables: [sku]}]}]',
					'load_steps:\n  - {object: products, matching: [{field: sku, variable: sku}], expose_as: who, mapping: [{field: sku, variables: [sku]}]}',
				),
		});
		expect(connector.loadSteps.map(({exposeAs}) => exposeAs)).toEqual(['who', null]);
	});
});

describe('an export', () => {
	test('of an object writes all its fields unless some are named', async () => {
		const connector = await sound({
			'connectors/c/connector.yaml':
				'operation: export\nexport: {object: products, format: xlsx, to: "out/{date}.xlsx"}\nschedule: {cadence: 300}\n',
		});
		expect(connector).toMatchObject({
			operation: 'export',
			type: null,
			object: 'products',
			sampleFile: null,
			loadSteps: [],
			schedule: {cadenceSeconds: 300},
			export: {
				from: {object: 'products', filterGroup: null, fields: ['sku', 'price', 'listed_on', 'tags']},
				format: 'xlsx',
				to: join(connector.dir, 'out/{date}.xlsx'),
			},
			missing: [],
		});
	});

	test('of SQL takes it from the file itself, or from one beside it', async () => {
		const inline = await sound({'connectors/c/connector.yaml': 'operation: export\nexport: {sql: SELECT 1, to: /tmp/a.csv}\n'});
		expect(inline.export?.from).toEqual({sql: 'SELECT 1', file: 'connectors/c/connector.yaml'});
		const beside = await sound({
			'connectors/c/connector.yaml': 'operation: export\nexport: {sql: all.sql, to: /tmp/a.csv}\n',
			'connectors/c/all.sql': 'SELECT 2',
		});
		expect(beside.export?.from).toEqual({sql: 'SELECT 2', file: 'connectors/c/all.sql'});
	});
});

describe('what is missing', () => {
	test('a connector that has only begun is no mistake, and says what it needs', async () => {
		const connector = await sound({'connectors/c/connector.yaml': 'type: spreadsheet\n'});
		expect(connector.missing).toEqual([
			'a sample file: put one beside connector.yaml and name it, sample_file: sample.csv',
			'variables: none is defined yet',
			'a complete load step: none is defined yet',
		]);
	});

	test('an incomplete step, and one that uses its id, are left out of a dry run', async () => {
		const connector = await sound({
			'connectors/c/connector.yaml': `type: spreadsheet
sample_file: sample.csv
variables: [{name: sku, column: sku, type: string}]
load_steps:
  - {name: First, object: vendors, expose_as: vendor_id}
  - {name: Second, object: products, matching: [{field: id, variable: vendor_id}], mapping: [{field: sku, variables: [sku]}]}
  - {name: Third, object: products, matching: [{field: sku, variable: sku}], mapping: [{field: sku, variables: [sku]}]}
`,
		});
		expect(connector.missing).toEqual([
			'load step 1, "First", complete: it lacks a matching rule and a mapping',
			'load step 2, "Second", complete: it lacks "vendor_id", which an incomplete step sets',
		]);
		expect(connector.loadSteps.map(({name}) => name)).toEqual(['Third']);
	});

	test('a sample that is not there does not keep it from a dry run on another file', async () => {
		const {connector, told: problems, missing} = await only({'connectors/c/connector.yaml': small.replace('sample.csv', 'other.csv')});
		expect(problems).toHaveLength(1);
		expect(missing).toEqual(['a sample file: "other.csv" is not there']);
		expect(connector?.loadSteps).toHaveLength(1);
	});

	test('a scheduled connector makes its own input and needs no sample', async () => {
		const connector = await sound({
			'connectors/c/connector.yaml': `${small.replace('spreadsheet', 'schedule').replace('sample_file: sample.csv\n', '')}sql: transform.sql\n`,
			'connectors/c/transform.sql': 'CREATE TABLE output.a AS SELECT 1',
		});
		expect(connector.missing).toEqual([]);
	});
});

describe('what a connector refers to', () => {
	test('an object with problems of its own keeps it from running, directly or through a relationship', async () => {
		const {told: problems, connector} = await only({
			'connectors/c/connector.yaml': small,
			'objects/vendors.yaml': 'fields: [{api_name: code, type: txt, identifier: true}]\n',
			'objects/products.yaml':
				'fields: [{api_name: sku, type: text, identifier: true}, {api_name: vendor, type: relationship, object: vendors}]\n',
		});
		expect(problems.filter((problem) => problem.startsWith('connectors/'))).toEqual([
			'connectors/c/connector.yaml:4:23  The object "products" has problems of its own: objects/vendors.yaml:1:33  "txt" is not a value of "type". Did you mean "text"?',
		]);
		expect(connector).toBeNull();
	});

	test('a name whose definition has a problem is not called unknown as well', async () => {
		const {told: problems} = await only({'connectors/c/connector.yaml': small.replace('type: string}', 'type: strin}')});
		expect(problems.map((problem) => problem.split('  ')[1])).toEqual([expect.stringContaining('"strin" is not a value of "type"')]);
	});

	test('its name and kind are known while it has problems', async () => {
		const entry = await only({'connectors/c/connector.yaml': `name: Mine\n${small}nonsense: 1\n`});
		expect([entry.connector, entry.name, entry.kind]).toEqual([null, 'Mine', 'spreadsheet']);
	});
});
