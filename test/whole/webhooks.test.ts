import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {afterAll, beforeAll, expect, test} from 'vitest';
import type {WebhookTested} from '../../source/api/contract.js';
import type {Execution} from '../../source/model/execution.js';
import {windowOfFile} from '../../source/model/webhook-window.js';
import {freePort, ordersFiles} from '../webhooks/support.js';
import {TestWorkspace} from './workspace.js';

const sql = `CREATE TABLE output.orders AS
SELECT r._line AS _line,
	coalesce(w.body.code::Nullable(String), extractURLParameter(concat('?', r.body), 'code')) AS code,
	concat(r.employee_id, ' ', if(w.body IS NULL, 'raw', 'typed'), ' ', e.trigger_type, ' ', e.cadence, ' ', toString(e.timeframe_start)) AS body
FROM input.webhooks_raw AS r
JOIN input.webhooks AS w ON w._line = r._line
CROSS JOIN meta.current_execution AS e
ORDER BY _line;
`;
const variable = 'SLUICE_SECRET_HOOK_TOKEN';

let workspace: TestWorkspace;
let port: number;

beforeAll(async () => {
	port = await freePort();
	workspace = new TestWorkspace({...ordersFiles(port, '{cadence: 2, auth: {bearer: hook_token}}'), 'connectors/orders/transform.sql': sql});
	process.env[variable] = 'a long token';
	await workspace.cli('daemon', 'start');
});

afterAll(async () => {
	delete process.env[variable];
	await workspace.close();
});

/** Sends a request. @returns the second its window begins at: those of one test may lie in two */
async function post(body: string): Promise<number> {
	const headers = {Authorization: 'Bearer a long token'};
	const answer = await fetch(`http://127.0.0.1:${port}/hooks/orders`, {method: 'POST', headers, body});
	expect(answer.status).toBe(201);
	return Date.parse(answer.headers.get('x-sluice-window')?.split('/')[0] ?? '') / 1000;
}

/** The execution of a window, once it has ended. */
async function ended(startSeconds: number): Promise<Execution> {
	for (;;) {
		const all = await workspace.json<Execution>(['executions', 'orders']);
		const found = all.find(({input_file: file}) => windowOfFile(file ?? '')?.startSeconds === startSeconds);
		if (found) return (await workspace.json<Execution>(['show', found.id, '--follow'], [0, 3]))[0] ?? found;
		await pause(50);
	}
}

/** The execution that holds the request whose body is an object. */
let original: Execution;

test('a dry run reads the sample where nothing else is named', async () => {
	const [execution] = await workspace.json<Execution>(['run', 'orders', '--dry-run']);
	expect(execution).toMatchObject({status: 'completed', input_file: 'sample.csv', rows: {input: 1}, counts: {created: 1}});
	expect((await workspace.cli('run', 'orders')).code).toBe(2);
});

test('requests become records, in the order they came; what is no object is read from its raw text', async () => {
	await workspace.cli('activate', 'orders');
	const typed = await post('{"code": "typed"}');
	const form = await post('code=form&x=1');
	const last = await post('["code"]');
	original = await ended(typed);
	for (const window of [form, last]) await ended(window);
	const said = (kind: string, startSeconds: number) => `hook_token ${kind} webhook 2 ${startSeconds}`;

	expect(original).toMatchObject({mode: 'live', started_by: 'webhook', objects: ['orders']});
	const records = await workspace.json<{fields: {code: string; body: string}}>(['records', 'orders']);
	expect(records.map(({fields}) => fields).sort((a, b) => a.code.localeCompare(b.code))).toEqual([
		{code: 'form', body: said('raw', form)},
		{code: 'typed', body: said('typed', typed)},
	]);
});

test.runIf(process.env.SLUICE_LONG)(
	'the file of a window runs again, by rerun and as a file of its own, and still knows its window',
	async () => {
		const name = original.input_file ?? '';
		const start = windowOfFile(name)?.startSeconds;
		const [again] = await workspace.json<Execution>(['rerun', original.id], [0, 3]);
		expect(again).toMatchObject({input_file: name, rows: original.rows, counts: {created: 0, errored: 0}});
		await workspace.cli('input', original.id, '--to', join(workspace.dir, name));
		const file = await workspace.run('orders', name, '--dry-run');
		expect(file.rows).toEqual(original.rows);
		const [row] = await workspace.json<{values: {body: string}}>(['rows', file.id, 'sql:orders', '--limit', '1']);
		expect(row?.values.body).toBe(`hook_token typed manual 2 ${start}`);
	},
);

test('a file that is none of a webhook is refused before anything is read, with all that it lacks', async () => {
	workspace.write('other.csv', 'code,time_stamp\nA,1\n');
	const said = await workspace.cli('run', 'orders', '--input', join(workspace.dir, 'other.csv'), '--dry-run');
	expect(said.code).toBe(1);
	expect(said.err).toContain('other.csv lacks 4 columns');
	expect(said.err).toContain('timestamp, employee_id, querystring, body');
});

test('webhook test says what was answered and when it runs, and why it was not', async () => {
	const [tested] = await workspace.json<WebhookTested>(['webhook', 'test', 'orders']);
	expect(tested).toMatchObject({connector: 'orders', body: '{"code": "sample"}'});
	const said = await workspace.cli('webhook', 'test', 'orders');
	expect(said.out).toContain('answered 201');
	expect(await workspace.cli('webhook', 'test', 'nothing')).toMatchObject({code: 2});
	expect(await workspace.cli('webhook', 'send', 'orders')).toMatchObject({code: 2});
	workspace.write('sluice.yaml', 'name: test\n');
	const off = await workspace.cli('webhook', 'test', 'orders');
	expect(off.code).toBe(1);
	expect(off.err).toContain('http: {listen:');
});
