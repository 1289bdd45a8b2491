import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {afterAll, beforeAll, expect, test} from 'vitest';
import type {WebhookTested} from '../../source/api/contract.js';
import type {Execution} from '../../source/model/execution.js';
import {windowOfFile} from '../../source/model/webhook-window.js';
import {freePort, ordersFiles, ordersObject, rowsOnDisk} from '../webhooks/support.js';
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
/** Lists of events, each a record; proven by the query string. */
const eventsYaml = `name: Events
type: webhook
object: events
sample_file: sample.csv
sql: transform.sql
webhook: {cadence: 2, auth: {query: {token: hook_token}}, events: array, headers: [X-Kind], id: {query: id}}
variables:
  - {name: code, scope: events, column: code, type: string, required: true}
  - {name: body, scope: events, column: body, type: string}
load_steps:
  - name: Events
    object: events
    scope: events
    matching: [{field: code, variable: code}]
    mapping:
      - {field: code, variables: [code]}
      - {field: body, variables: [body], conflict: overwrite}
`;
const eventsSql = `CREATE TABLE output.events AS
SELECT w._line AS _line, w._item AS _item, w.body.code::Nullable(String) AS code,
	concat(toString(w.body.price), ' ', JSONExtractString(r.headers, 'x-kind'), ' ', r.querystring) AS body
FROM input.webhooks AS w JOIN input.webhooks_raw AS r ON r._line = w._line
ORDER BY _line, _item;
`;
const variable = 'SLUICE_SECRET_HOOK_TOKEN';

let workspace: TestWorkspace;
let port: number;

beforeAll(async () => {
	port = await freePort();
	workspace = new TestWorkspace({
		...ordersFiles(port, '{cadence: 2, auth: {bearer: hook_token}}'),
		'connectors/orders/transform.sql': sql,
		'objects/events.yaml': ordersObject.replace('Orders', 'Events'),
		'connectors/events/connector.yaml': eventsYaml,
		'connectors/events/sample.csv':
			'timestamp,employee_id,querystring,body,headers\n2026-11-20T10:00:00.000Z,ann,,"[{""code"": ""s""}]",\n',
		'connectors/events/transform.sql': eventsSql,
	});
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
async function ended(startSeconds: number, connector = 'orders'): Promise<Execution> {
	for (;;) {
		const all = await workspace.json<Execution>(['executions', connector]);
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

test('the events of a list become records that lead back to their request, and the run says what came otherwise than it is kept', async () => {
	await workspace.cli('activate', 'events');
	const send = async (body: string | Buffer) => {
		const headers = {'X-Kind': 'price'};
		const answer = await fetch(`http://127.0.0.1:${port}/hooks/events?token=a%20long%20token&id=${body.length}&x=1`, {
			method: 'POST',
			headers,
			body,
		});
		expect(answer.status).toBe(201);
		return answer;
	};
	const first = '[{"code": "a", "price": 12.10}, {"code": "b", "price": 1, "price": 1234567890123456.78}]';
	const answers = [await send(first), await send(first.replace('12.10', '12.11'))];
	answers.push(await send(Buffer.from('[{"code": "caf\xe9", "price": 3}]', 'latin1')));
	expect(answers.map(({headers}) => headers.get('idempotency-replayed'))).toEqual([null, 'true', null]);
	// The requests may lie in two windows. One that came again opens none.
	const kept = answers.filter(({headers}) => !headers.has('idempotency-replayed'));
	const starts = new Set(kept.map(({headers}) => Date.parse(headers.get('x-sluice-window')?.split('/')[0] ?? '') / 1000));
	const runs = await Promise.all([...starts].map((start) => ended(start, 'events')));
	const run = runs.find(({warnings}) => warnings.length > 0);

	const stored = rowsOnDisk(workspace.dir).filter(({file}) => file.startsWith('events_'));
	expect(stored.map(({employee_id, querystring, body}) => [employee_id, querystring, body])).toEqual([
		['hook_token', `id=${first.length}&x=1`, first],
		['hook_token', 'id=30&x=1', '[{"code": "café", "price": 3}]'],
	]);
	expect(stored.map(({headers}) => JSON.parse(headers) as unknown)).toEqual([
		{'content-type': 'text/plain;charset=UTF-8', 'x-kind': 'price'},
		{'x-kind': 'price'},
	]);
	const records = await workspace.json<{fields: {code: string; body: string}}>(['records', 'events']);
	expect(records.map(({fields}) => `${fields.code}: ${fields.body}`).sort()).toEqual([
		`a: 12.10 price id=${first.length}&x=1`,
		`b: 1234567890123456.78 price id=${first.length}&x=1`,
		'café: 3 price id=30&x=1',
	]);

	const logs = await Promise.all(runs.map(({id}) => workspace.json<{message: string}>(['logs', id])));
	const said = logs.flat().map(({message}) => message);
	expect(said).toContain('1 request that named no charset came in bytes that are not UTF-8, read as Windows-1252');
	expect(said).toContain(
		'1 request came again under an id that had come before, with other content: each id counts once, as it first came',
	);

	const warning = `${run?.input_file}, line 2, item 2: "[2].price" comes more than once; its last value counts`;
	expect(run).toMatchObject({status: 'warning', warnings: [{stage: 'sql', line: 2, message: warning}]});
	const [explained] = await workspace.json<{intake: {text: string}}>(['explain', run?.id ?? '', '--row', '2']);
	expect(explained).toMatchObject({intake: {line: 2}, sql: {values: {_line: 2, _item: 2, code: 'b'}}});
	expect(explained?.intake.text).toContain('1234567890123456.78}]');
	const rows = await workspace.json<{warnings: readonly string[]}>(['rows', run?.id ?? '', 'load:1', '--limit', '2']);
	expect(rows.map(({warnings}) => warnings)).toEqual([[], [warning]]);
});

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
