import {setTimeout as pause} from 'node:timers/promises';
import {afterEach, expect, test} from 'vitest';
import {TestWorkspace} from './workspace.js';

let workspace: TestWorkspace;

afterEach(async () => {
	delete process.env.SLUICE_SECRET_WAREHOUSE;
	await workspace.close();
});

/** One block of many rows that take seconds each: the engine looks at its clock between blocks. */
const deafQuery = "SELECT sum(editDistance(repeat('ab', 30000 + number), repeat('ba', 30000))) AS code FROM numbers(200)";

test('the daemon stops while the SQL of a source runs, the engine is gone, and no failed execution is left', async () => {
	workspace = new TestWorkspace({
		'objects/items.yaml': 'name: Items\nfields:\n  - {api_name: code, name: Code, type: text, identifier: true}\n',
		'connectors/items/sample.csv': 'code\nA\n',
		'connectors/items/connector.yaml': `name: Items
type: spreadsheet
object: items
sample_file: sample.csv
secrets: [warehouse]
source: {sql: "${deafQuery}"}
schedule: {every: manual_only}
variables: [{name: code, column: code, type: string, required: true}]
load_steps:
  - {name: Items, object: items, matching: [{field: code, variable: code}], mapping: [{field: code, variables: [code]}]}
`,
	});
	process.env.SLUICE_SECRET_WAREHOUSE = '{"host": "127.0.0.1", "port": "1", "user": "u", "password": "a-long-password", "database": "d"}';
	const testing = workspace.cli('source', 'test', 'items', '--json');
	while (workspace.pids('worker').length === 0) {
		if (await Promise.race([testing, pause(20)])) throw new Error((await testing).err);
	}

	expect(await workspace.cli('daemon', 'stop')).toMatchObject({code: 0});

	expect([...workspace.pids('worker'), ...workspace.pids('runner'), ...workspace.pids('daemon')]).toEqual([]);
	expect((await testing).code).not.toBe(0);
	expect(await workspace.json(['executions', 'items'])).toEqual([]);
}, 60_000);
