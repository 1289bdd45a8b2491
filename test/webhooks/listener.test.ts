import {createHmac, randomUUID} from 'node:crypto';
import {connect, createServer} from 'node:net';
import {setTimeout as pause} from 'node:timers/promises';
import {brotliCompressSync, deflateRawSync, deflateSync, gzipSync} from 'node:zlib';
import {Webhook} from 'standardwebhooks';
import {afterAll, beforeAll, expect, test} from 'vitest';
import type {Client} from '../../source/api/client.js';
import {World} from '../daemon/support/world.js';
import {freePort, ordersFiles, ordersYaml, rowsOnDisk} from './support.js';

const key = `whsec_${Buffer.from('the key of the signed one').toString('base64')}`;
let world: World;
let client: Client;
let port: number;

beforeAll(async () => {
	port = await freePort();
	world = new World();
	for (const [path, text] of Object.entries(ordersFiles(port, '{cadence: 1, auth: {bearer: hook_token}}'))) world.write(path, text);
	copyConnector('signed', '{cadence: 1, auth: {hmac: [hook_key]}}');
	copyConnector('hourly', '{cadence: 86400, auth: {bearer: hook_token}}');
	copyConnector('keyless', '{cadence: 1, auth: {bearer: nobody_set_it}}');
	copyConnector('open', '{cadence: 1}');
	copyConnector('broken', '{cadence: soon}');
	world.connector('files');
	client = await world.start();
	await client.setSecret('hook_token', 'a long token');
	await client.setSecret('hook_key', key);
});

afterAll(() => world.end());

function copyConnector(name: string, webhook: string): void {
	const files = ordersFiles(0, webhook);
	for (const file of ['sample.csv', 'transform.sql']) world.write(`connectors/${name}/${file}`, files[`connectors/orders/${file}`] ?? '');
	world.write(`connectors/${name}/connector.yaml`, ordersYaml(webhook));
}

const token = {Authorization: 'Bearer a long token'};
type Sent = {path?: string; method?: string; body?: string | Uint8Array<ArrayBuffer>; headers?: Record<string, string>};

async function send({path = '/hooks/orders', method = 'POST', body, headers = token}: Sent = {}) {
	const answer = await fetch(`http://127.0.0.1:${port}${path}`, {method, headers, ...(body !== undefined && {body})});
	const text = await answer.text();
	const parsed = text.startsWith('{') ? (JSON.parse(text) as {id?: string; code?: string}) : {};
	return {status: answer.status, headers: answer.headers, ...parsed};
}

function signed(body: string, {id = randomUUID() as string, offSeconds = 0} = {}): Record<string, string> {
	const at = new Date(Math.floor(Date.now() / 1000 + offSeconds) * 1000);
	return {
		'webhook-id': id,
		'webhook-timestamp': String(at.getTime() / 1000),
		'webhook-signature': new Webhook(key).sign(id, at, body),
	};
}

/** Waits until the row with this body stands in an input file. */
async function rowOf(body: string) {
	for (;;) {
		const found = rowsOnDisk(world.dir).filter((row) => row.body === body);
		if (found.length > 0) return found;
		await pause(50);
	}
}

test('a request is answered 201 with an id, and stands in the file of its window as it was sent', async () => {
	const before = new Date().toISOString();
	const body = `{"code": "first", "text": "${randomUUID()}"}`;
	const {status, id, headers} = await send({path: '/hooks/orders?a=1&b=%20x', body});
	expect(status).toBe(201);
	expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
	const [start, end] = (headers.get('x-sluice-window') ?? '').split('/').map(Date.parse);
	const [row, ...more] = await rowOf(body);
	expect(more).toEqual([]);
	expect(row).toMatchObject({
		employee_id: 'hook_token',
		querystring: 'a=1&b=%20x',
		file: `orders_webhooks_${Number(start) / 1000}_${Number(end) / 1000}.csv`,
	});
	expect(row?.timestamp.localeCompare(before)).toBeGreaterThanOrEqual(0);
	expect(Date.parse(row?.timestamp ?? '')).toBeGreaterThanOrEqual(Number(start));
	expect(Date.parse(row?.timestamp ?? '')).toBeLessThan(Number(end));
});

test('a GET counts with its query string, a form and a text as they are', async () => {
	const query = `ping=${randomUUID()}`;
	expect((await send({path: `/hooks/orders?${query}`, method: 'GET'})).status).toBe(201);
	const form = `name=ann&id=${randomUUID()}`;
	expect((await send({body: form, headers: {...token, 'Content-Type': 'application/x-www-form-urlencoded'}})).status).toBe(201);
	const text = `naïve ${randomUUID()}`;
	const latin = new Uint8Array(Buffer.from(text, 'latin1'));
	expect((await send({body: latin, headers: {...token, 'Content-Type': 'text/plain; charset=ISO-8859-1'}})).status).toBe(201);
	await rowOf(form);
	await rowOf(text);
	expect(rowsOnDisk(world.dir).filter((row) => row.querystring === query)).toMatchObject([{body: ''}]);
});

test('content of any kind stays what it is', async () => {
	const hostile = [
		'"',
		'""",\n"x",,',
		'\r\n\r',
		'\u0000\u0001\u001b[2J',
		'=cmd|1',
		'\\N',
		',;\t|',
		'😀\u202e',
		'{"a":"\\u0000"}',
		'   ',
	].map((text) => `${text}${randomUUID()}${text}`);
	for (const body of hostile) expect((await send({body})).status).toBe(201);
	for (const body of hostile) expect(await rowOf(body)).toHaveLength(1);
});

test('a body in another charset is read as that charset', async () => {
	const id = randomUUID();
	const body = new Uint8Array([0x80, 0x20, 0x96, 0x20, 0x92, ...Buffer.from(id)]);
	expect((await send({body, headers: {...token, 'Content-Type': 'text/plain; charset=windows-1252'}})).status).toBe(201);
	expect(await rowOf(`€ – ’${id}`)).toHaveLength(1);
});

test('a packed body is kept unpacked, within the same bounds; another coding is refused as that', async () => {
	const sent: string[] = [];
	const packed = (bytes: Buffer, coding: string) => ({body: new Uint8Array(bytes), headers: {...token, 'Content-Encoding': coding}});
	for (const [coding, pack] of [
		['gzip', gzipSync],
		['X-GZIP', gzipSync],
		['deflate', deflateSync],
		['deflate', deflateRawSync],
	] as const) {
		const body = `{"n": "${randomUUID()}"}`;
		expect((await send(packed(pack(body), coding))).status).toBe(201);
		sent.push(body);
	}
	for (const body of sent) expect(await rowOf(body)).toHaveLength(1);
	expect(await send(packed(brotliCompressSync('{}'), 'br'))).toMatchObject({status: 415, code: 'webhook.encoding'});
	expect(await send(packed(gzipSync(gzipSync('{}')), 'gzip, gzip'))).toMatchObject({status: 415, code: 'webhook.encoding'});
	expect(await send(packed(gzipSync('{"cut": "off"}').subarray(0, 20), 'gzip'))).toMatchObject({status: 415, code: 'webhook.encoding'});
	expect(await send(packed(gzipSync(Buffer.alloc(50_000_000)), 'gzip'))).toMatchObject({status: 413, code: 'webhook.too_large'});
});

test('a signature may be that of the bytes that are sent, or of what they unpack to', async () => {
	for (const signs of ['sent', 'unpacked'] as const) {
		const body = `{"n": "${randomUUID()}"}`;
		const sent = gzipSync(body);
		const id = randomUUID();
		const timestamp = String(Math.floor(Date.now() / 1000));
		const mac = createHmac('sha256', 'the key of the signed one').update(`${id}.${timestamp}.`);
		const headers = {
			'webhook-id': id,
			'webhook-timestamp': timestamp,
			'webhook-signature': `v1,${mac.update(signs === 'sent' ? sent : body).digest('base64')}`,
			'Content-Encoding': 'gzip',
		};
		expect((await send({path: '/hooks/signed', body: new Uint8Array(sent), headers})).status).toBe(201);
		expect(await rowOf(body)).toHaveLength(1);
		expect(await send({path: '/hooks/signed', body: new Uint8Array(gzipSync(`${body} `)), headers})).toMatchObject({status: 401});
	}
});

test('requests that wait for the end of their window are seen, and when they are queued', async () => {
	const {headers} = await send({path: '/hooks/hourly', body: '{"n": 1}'});
	await send({path: '/hooks/hourly', body: '{"n": 2}'});
	const end = (headers.get('x-sluice-window') ?? '').split('/')[1];
	const of = async (name: string) => (await client.status()).connectors.find(({api_name}) => api_name === name)?.gathering;
	expect(await of('hourly')).toEqual({requests: 2, bytes: expect.any(Number), queued_at: end});
	expect((await client.connector('hourly')).gathering?.requests).toBe(2);
	expect(await of('keyless')).toBe(null);
});

test('who is not known, and what is no webhook, is refused with a reason', async () => {
	const refusals: readonly [Sent, number, string][] = [
		[{path: '/hooks/nothing'}, 404, 'webhook.unknown'],
		[{path: '/hooks/files'}, 404, 'webhook.unknown'],
		[{path: '/'}, 404, 'webhook.unknown'],
		[{path: '/status', method: 'GET'}, 404, 'webhook.unknown'],
		[{method: 'DELETE'}, 405, 'webhook.method'],
		[{headers: {}}, 401, 'webhook.unauthorised'],
		[{headers: {Authorization: 'Bearer wrong'}}, 401, 'webhook.unauthorised'],
		[{path: '/hooks/keyless'}, 503, 'webhook.closed'],
		[{path: '/hooks/open'}, 503, 'webhook.closed'],
		[{path: '/hooks/broken'}, 503, 'webhook.closed'],
		[{body: new Uint8Array([0xff, 0x00, 0xfd])}, 400, 'webhook.not_text'],
		[{body: new Uint8Array([0xff, 0xfe]), headers: {...token, 'Content-Type': "text/plain; charset='utf-8'"}}, 400, 'webhook.not_text'],
		[{headers: {...token, 'Idempotency-Key': 'x'.repeat(256)}}, 400, 'webhook.key_invalid'],
	];
	for (const [sent, status, code] of refusals) {
		const answer = await send(sent);
		expect([sent, answer.status, answer.code]).toEqual([sent, status, code]);
	}
	expect((await send({method: 'PUT'})).headers.get('Allow')).toBe('GET, HEAD, OPTIONS, POST');
});

test('a body of 256 KiB and a query of 4 KiB are taken, a byte more is not', async () => {
	const largest = 256 * 1024;
	expect((await send({body: 'x'.repeat(largest)})).status).toBe(201);
	expect(await send({body: 'x'.repeat(largest + 1)})).toMatchObject({status: 413, code: 'webhook.too_large'});
	expect((await send({path: `/hooks/orders?${'q'.repeat(4096)}`, method: 'GET'})).status).toBe(201);
	expect(await send({path: `/hooks/orders?${'q'.repeat(4097)}`, method: 'GET'})).toMatchObject({
		status: 414,
		code: 'webhook.query_too_long',
	});
	expect((await send({path: `/hooks/orders?${'q'.repeat(100_000)}`, method: 'GET'})).status).toBe(414);
});

test('a body whose length nobody announced is cut off at the limit', async () => {
	const socket = connect(port, '127.0.0.1');
	socket.write(`POST /hooks/orders HTTP/1.1\r\nHost: x\r\nAuthorization: ${token.Authorization}\r\nTransfer-Encoding: chunked\r\n\r\n`);
	let answer = '';
	socket.on('data', (piece) => {
		answer += String(piece);
	});
	const over = new Promise((resolve) => socket.once('close', resolve));
	socket.on('error', () => undefined);
	const piece = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
	for (let pieces = 0; pieces < 200 && !socket.destroyed && answer === ''; pieces++) {
		socket.write(piece);
		await pause(1);
	}
	await over;
	expect(answer).toMatch(/^HTTP\/1\.1 413 /);
});

test('a retry is harmless: the same id, and one row', async () => {
	const body = `{"code": "again", "n": "${randomUUID()}"}`;
	const headers = {...token, 'Idempotency-Key': randomUUID()};
	const first = await send({body, headers});
	const retries = await Promise.all([1, 2, 3].map(() => send({body, headers})));
	expect(first.status).toBe(201);
	expect(retries.map(({status, id}) => ({status, id}))).toEqual([1, 2, 3].map(() => ({status: 201, id: first.id})));
	expect(retries[0]?.headers.get('Idempotency-Replayed')).toBe('true');
	expect(await send({body: '{}', headers})).toMatchObject({status: 409, code: 'webhook.key_reused'});
	expect(await send({body, headers, path: '/hooks/orders?x=1'})).toMatchObject({status: 409});
	expect(await rowOf(body)).toHaveLength(1);
	expect((await send({body, headers})).id).toBe(first.id);
	const marker = randomUUID();
	await send({body: marker});
	await rowOf(marker);
	expect(await rowOf(body)).toHaveLength(1);
});

test('requests of one moment with the same key become one row, whichever comes first', async () => {
	const body = `{"n": "${randomUUID()}"}`;
	const headers = {...token, 'Idempotency-Key': randomUUID()};
	const answers = await Promise.all(Array.from({length: 20}, () => send({body, headers})));
	expect(new Set(answers.map(({status, id}) => `${status} ${id}`)).size).toBe(1);
	expect(await rowOf(body)).toHaveLength(1);
});

test('a signed request that somebody overheard does not count again, under a key of his own either', async () => {
	const body = `{"n": "${randomUUID()}"}`;
	const headers = signed(body);
	const first = await send({path: '/hooks/signed', body, headers});
	expect(first.status).toBe(201);
	const replayed = await send({path: '/hooks/signed', body, headers: {...headers, 'Idempotency-Key': randomUUID()}});
	expect(replayed).toMatchObject({status: 201, id: first.id});
	expect(await rowOf(body)).toMatchObject([{employee_id: 'hook_key'}]);
	expect(await send({path: '/hooks/signed', body, headers: signed(body, {offSeconds: -310})})).toMatchObject({status: 401});
	expect(await send({path: '/hooks/signed', body: `${body} `, headers})).toMatchObject({status: 401});
});

test('a key means its connector alone', async () => {
	const id = randomUUID();
	const first = await send({body: 'a', headers: {...token, 'Idempotency-Key': id}});
	const other = await send({path: '/hooks/signed', body: 'b', headers: {...signed('b'), 'Idempotency-Key': id}});
	expect([first.status, other.status]).toEqual([201, 201]);
	expect(other.id).not.toBe(first.id);
});

test('requests are gathered while the connector is inactive, and each window is one execution in the queue', async () => {
	const marker = randomUUID();
	await send({body: marker});
	const [row] = await rowOf(marker);
	const {items} = await client.queue('orders');
	const mine = items.filter(({input_file}) => input_file === row?.file);
	expect(mine).toMatchObject([
		{started_by: 'webhook', done: null, rows: rowsOnDisk(world.dir).filter(({file}) => file === row?.file).length},
	]);
	expect(new Set(items.map(({input_file}) => input_file)).size).toBe(items.length);
});

test('what keeps requests out is told by validate and status, where it stands', async () => {
	const {problems} = await client.validate();
	const told = problems.filter(({code}) => code.startsWith('webhook.')).map(({file, line, code}) => `${file}:${line} ${code}`);
	expect(told).toEqual(['connectors/keyless/connector.yaml:6 webhook.secret_missing', 'connectors/open/connector.yaml:6 webhook.closed']);
	const {needs_you: needsYou, daemon} = await client.status();
	expect(needsYou.map(({message}) => message).join('\n')).toContain('"nobody_set_it"');
	expect(daemon.webhooks).toEqual({listen: `127.0.0.1:${port}`, open: true, error: null});
	expect(await client.metrics()).toMatch(/sluice_webhook_requests_total\{connector="orders",answer="201"\} \d+/);
});

test('the log has the last requests of a connector, with the answer and its reason; names that are made up are one series', async () => {
	const body = randomUUID();
	await send({path: '/hooks/signed', body: `${body} `, headers: {...signed(body), 'X-Forwarded-For': '203.0.113.9, 10.0.0.1'}});
	for (const name of ['made-up-1', 'made-up-2']) await send({path: `/hooks/${name}`, body});
	const {items} = await client.webhookLog('signed');
	expect(items[0]).toMatchObject({method: 'POST', status: 401, code: 'webhook.unauthorised', client: '203.0.113.9'});
	expect(items[0]?.why).toBeTruthy();
	expect(JSON.stringify(items)).not.toContain(body);
	const metrics = await client.metrics();
	expect(metrics).toMatch(/requests_total\{connector="signed",answer="401"\} \d+/);
	expect(metrics).toMatch(/requests_total\{connector="",answer="404"\} \d+/);
	expect(metrics).not.toContain('made-up');
	for (let sent = 0; sent < 101; sent++) await send({path: '/hooks/signed', body: 'x', headers: {'X-Forwarded-For': 'no address'}});
	const last = (await client.webhookLog('signed')).items;
	expect(last).toHaveLength(100);
	expect(last.every(({client: address}) => address === '127.0.0.1')).toBe(true);
});

test('a sample request goes the way of all others', async () => {
	const tested = await client.testWebhook('signed');
	expect(tested).toMatchObject({connector: 'signed', url: `http://127.0.0.1:${port}/hooks/signed`, body: '{"code": "sample"}'});
	expect(Date.parse(tested.window.end) - Date.parse(tested.window.start)).toBe(1000);
	await rowOf('{"code": "sample"}');
	await expect(client.testWebhook('keyless')).rejects.toMatchObject({code: 'webhook.secret_missing'});
	await expect(client.testWebhook('open')).rejects.toMatchObject({code: 'webhook.closed'});
	await expect(client.testWebhook('files')).rejects.toMatchObject({code: 'usage.invalid'});
});

test('the listener follows sluice.yaml: another port, a port that is taken, none', async () => {
	const before = port;
	const other = await freePort();
	const listen = async (address: string) => {
		world.write('sluice.yaml', `name: test\n${address}`);
		await client.validate('orders');
		await world.daemon?.services.webhooks.follow();
	};
	await listen(`http: {listen: "127.0.0.1:${other}"}\n`);
	port = other;
	expect((await send({body: 'moved'})).status).toBe(201);
	await expect(fetch(`http://127.0.0.1:${before}/hooks/orders`)).rejects.toThrow();
	const taken = createServer().listen(before, '127.0.0.1');
	await listen(`http: {listen: "127.0.0.1:${before}"}\n`);
	const {daemon, needs_you: needsYou} = await client.status();
	expect(daemon.webhooks).toMatchObject({open: false, error: expect.stringContaining('EADDRINUSE')});
	expect(needsYou.map(({message}) => message)).toContain(daemon.webhooks.error);
	await expect(client.testWebhook('signed')).rejects.toMatchObject({code: 'webhook.listener_failed'});
	taken.close();
	await listen('');
	await expect(fetch(`http://127.0.0.1:${other}/hooks/orders`)).rejects.toThrow();
	await expect(client.testWebhook('signed')).rejects.toMatchObject({code: 'webhook.listener_off'});
	expect((await client.status()).daemon.webhooks).toEqual({listen: null, open: false, error: null});
});
