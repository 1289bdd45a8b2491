import {setTimeout as pause} from 'node:timers/promises';
import {afterEach, expect, test} from 'vitest';
import {startS3} from '../support/s3-server.js';
import {TestWorkspace} from './workspace.js';

let workspace: TestWorkspace;

afterEach(async () => {
	delete process.env.SLUICE_SECRET_WAREHOUSE;
	await workspace.close();
});

/** One block of many rows that take seconds each: the engine looks at its clock between blocks. */
const deafQuery = "SELECT sum(editDistance(repeat('ab', 30000 + number), repeat('ba', 30000))) AS code FROM numbers(200)";

/** A connector whose source is this query. */
function sourceOf(query: string): TestWorkspace {
	return new TestWorkspace({
		'objects/items.yaml': 'name: Items\nfields:\n  - {api_name: code, name: Code, type: text, identifier: true}\n',
		'connectors/items/sample.csv': 'code\nA\n',
		'connectors/items/connector.yaml': `name: Items
type: spreadsheet
object: items
sample_file: sample.csv
secrets: [warehouse]
source: {sql: "${query}"}
schedule: {every: manual_only}
variables: [{name: code, column: code, type: string, required: true}]
load_steps:
  - {name: Items, object: items, matching: [{field: code, variable: code}], mapping: [{field: code, variables: [code]}]}
`,
	});
}

test('the daemon stops while the SQL of a source runs, the engine is gone, and no failed execution is left', async () => {
	workspace = sourceOf(deafQuery);
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

test.runIf(process.env.SLUICE_LONG)(
	'the daemon stops at once while an S3 server that never answers is asked, and the engine is gone',
	async () => {
		const s3 = await startS3({'a.csv': 'code\nA\n'});
		s3.trouble = 'silence';
		try {
			workspace = sourceOf("SELECT code FROM s3(warehouse, format = 'CSVWithNames', structure = 'code String')");
			process.env.SLUICE_SECRET_WAREHOUSE = JSON.stringify({
				url: s3.address('a.csv'),
				access_key_id: 'k',
				secret_access_key: 'a-long-password',
			});
			const testing = workspace.cli('source', 'test', 'items', '--json');
			while (s3.asked.length === 0) {
				if (await Promise.race([testing, pause(20)])) throw new Error((await testing).err);
			}

			expect(await workspace.cli('daemon', 'stop')).toMatchObject({code: 0});

			expect([...workspace.pids('worker'), ...workspace.pids('runner'), ...workspace.pids('daemon')]).toEqual([]);
			expect((await testing).code).not.toBe(0);
		} finally {
			await s3.stop();
		}
	},
	60_000,
);
