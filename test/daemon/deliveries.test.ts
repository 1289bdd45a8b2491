import {createHmac} from 'node:crypto';
import {readdirSync, readFileSync} from 'node:fs';
import {createServer, type IncomingHttpHeaders, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {setTimeout as pause} from 'node:timers/promises';
import {afterEach, beforeEach, expect, test} from 'vitest';
import type {Client} from '../../source/api/client.js';
import type {Delivery} from '../../source/api/contract.js';
import {firedBy} from '../../source/daemon/automations/outbox.js';
import {retryAt} from '../../source/daemon/deliveries/backoff.js';
import {isPrivateAddress} from '../../source/daemon/outgoing/private-address.js';
import {ended, until, World} from './support/world.js';

type Received = {headers: IncomingHttpHeaders; body: string};

let world: World;
let receiver: Server;
let answers: number[];
let received: Received[];

beforeEach(async () => {
	answers = [];
	received = [];
	receiver = createServer(async (request, response) => {
		let body = '';
		for await (const part of request) body += String(part);
		received.push({headers: request.headers, body});
		response.writeHead(answers.shift() ?? 200, {Location: 'http://169.254.169.254/latest'}).end();
	});
	await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
	process.env.SLUICE_SECRET_HOOK_KEY = 'a key that signs';
});

afterEach(async () => {
	delete process.env.SLUICE_SECRET_HOOK_KEY;
	receiver.close();
	await world.end();
});

const hookUrl = (): string => `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
const hook = (): string =>
	`settings:\n  notify_on: all\n  notification_emails: [ops@example.com]\n  execution_ended_webhook: {url: "${hookUrl()}", secret: hook_key}\n`;

async function runOnce(client: Client, more = {}): Promise<string> {
	const {id} = await client.run(world.request('people', 'quick.csv', more));
	await until(client, id, ended);
	return id;
}

/** Asks until no delivery waits for its first attempt. */
async function attempted(client: Client): Promise<readonly Delivery[]> {
	for (;;) {
		const {items} = await client.deliveries();
		if (items.length > 0 && items.every(({attempts}) => attempts > 0)) return items;
		await pause(20);
	}
}

test('the end of a live run is told by mail and by a signed webhook', async () => {
	world = new World('name: Acme\nhttp: {allow_hosts: ["127.0.0.1"]}\nusers: {ann: ann@example.com}\n');
	world.connector('people', hook());
	const client = await world.start();
	await client.activate('people');
	const id = await runOnce(client);
	const deliveries = await attempted(client);
	expect(deliveries.map(({kind, to, state}) => `${kind} ${to} ${state}`).sort()).toEqual([
		'mail ann@example.com delivered',
		'mail ops@example.com delivered',
		`webhook ${hookUrl()} delivered`,
	]);
	const [{headers, body}] = received as [Received];
	const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
	expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', 'a key that signs').update(signed).digest('base64')}`);
	expect(JSON.parse(body)).toMatchObject({type: 'execution.ended', data: {id, status: 'completed', counts: {created: 2}}});
	const outbox = world.path('.sluice', 'outbox');
	const mails = readdirSync(outbox).map((name) => readFileSync(`${outbox}/${name}`, 'utf8'));
	expect(mails).toHaveLength(2);
	expect(mails.join()).toContain('Subject: [Acme] people: completed');
	expect(mails.join()).toContain('To: ann@example.com');
});

test('a receiver that fails is tried again with the same id, and people can redeliver', async () => {
	world = new World('name: Acme\nhttp: {allow_hosts: ["127.0.0.1"]}\n');
	world.connector('people', `settings:\n  execution_ended_webhook: {url: "${hookUrl()}", secret: hook_key}\n`);
	answers = Array.from({length: 50}, () => 500);
	const client = await world.start();
	await client.activate('people');
	await runOnce(client);
	const [first] = await attempted(client);
	expect(first).toMatchObject({
		state: 'waiting',
		last_error: 'The receiver answered 500',
		next_attempt_at: expect.any(String),
	});
	answers = [];
	await client.redeliver(first?.id ?? '');
	for (let again = first; again?.state === 'waiting'; ) [again] = (await client.deliveries()).items;
	const {state, attempts} = (await client.deliveries()).items[0] ?? {};
	expect([state, attempts]).toEqual(['delivered', received.length]);
	expect(received.length).toBeGreaterThan(1);
	expect(new Set(received.map(({headers}) => headers['webhook-id']))).toEqual(new Set([first?.id]));
});

test('requests do not go to this machine unless its host is listed, and follow no redirect elsewhere', async () => {
	world = new World('name: Acme\n');
	world.connector('people', hook());
	let client = await world.start();
	await client.activate('people');
	await runOnce(client);
	const refused = (await attempted(client)).find(({kind}) => kind === 'webhook');
	expect(refused).toMatchObject({state: 'waiting', last_error: expect.stringContaining('is an address of this machine')});
	expect(received).toEqual([]);
	await world.daemon?.stop();
	world.write('sluice.yaml', 'name: Acme\nhttp: {allow_hosts: ["127.0.0.1"]}\n');
	answers = Array.from({length: 50}, () => 302);
	client = await world.start();
	await client.redeliver(refused?.id ?? '');
	let after = refused;
	while (after?.attempts === refused?.attempts) {
		await pause(20);
		after = (await client.deliveries()).items.find(({id}) => id === refused?.id);
	}
	expect(after?.last_error).toContain('leads to another place');
});

test('a dry run tells who started it and the address that was named for it, and no other', async () => {
	world = new World('name: Acme\nusers: {ann: ann@example.com}\n');
	world.connector('people', hook());
	const client = await world.start();
	await runOnce(client, {mode: 'dry', notify: 'me@example.com'});
	expect((await attempted(client)).map(({to}) => to).sort()).toEqual(['ann@example.com', 'me@example.com']);
	const outbox = world.path('.sluice', 'outbox');
	expect(readdirSync(outbox).map((name) => /^Subject: .*$/m.exec(readFileSync(`${outbox}/${name}`, 'utf8'))?.[0])).toEqual(
		Array(2).fill('Subject: [Acme] people: dry run completed'),
	);
});

test.each([
	['', ['ann@example.com']],
	['  notify_starter: false\n', []],
])('who starts a run gets its mail however it ends, though the list is told of failures alone; with "%s": not', async (more, wanted) => {
	world = new World('name: Acme\nhttp: {allow_hosts: ["127.0.0.1"]}\nusers: {ann: ann@example.com, ben: ANN@example.com}\n');
	const mails = `  notify_on: [failed]\n  notification_emails: [ops@example.com]\n${more}`;
	world.connector('people', `settings:\n${mails}  execution_ended_webhook: {url: "${hookUrl()}", secret: hook_key}\n`);
	const client = await world.start();
	await client.activate('people');
	await runOnce(client);
	const told = (await attempted(client)).filter(({kind}) => kind === 'mail');
	expect(told.map(({to}) => to)).toEqual(wanted);
});

test('the webhook of an end has the headers it is given, with their secrets, and an error does not tell them', async () => {
	process.env.SLUICE_SECRET_GATE = 'the key of the gate';
	try {
		world = new World('name: Acme\nhttp: {allow_hosts: ["127.0.0.1"]}\n');
		const headers = '{Authorization: "Bearer ${secret:gate}", content-type: application/cloudevents+json, X-Team: data}';
		world.connector('people', `settings:\n  execution_ended_webhook: {url: "${hookUrl()}", secret: hook_key, headers: ${headers}}\n`);
		const client = await world.start();
		await client.activate('people');
		await runOnce(client);
		const deliveries = await attempted(client);
		expect(received[0]?.headers).toMatchObject({
			authorization: 'Bearer the key of the gate',
			'content-type': 'application/cloudevents+json',
			'x-team': 'data',
			'webhook-id': deliveries[0]?.id,
		});
		expect(JSON.stringify(deliveries)).not.toContain('the key of the gate');
		expect(readFileSync(world.path('.sluice', 'control.db'), 'latin1')).not.toContain('the key of the gate');
	} finally {
		delete process.env.SLUICE_SECRET_GATE;
	}
});

test('an idle daemon stays until what it has to send has arrived', async () => {
	world = new World('name: Acme\nhttp: {allow_hosts: ["127.0.0.1"]}\n');
	world.connector('people', `settings:\n  execution_ended_webhook: {url: "${hookUrl()}", secret: hook_key}\n`);
	// The first attempt fails; the next daemon makes the second when it is due, although nobody asks that daemon for anything.
	answers = [500];
	const client = await world.start();
	await client.activate('people');
	await runOnce(client);
	await attempted(client);
	await world.daemon?.stop();
	await world.start(undefined, 1);
	await world.daemon?.ended;
	expect(received).toHaveLength(2);
});

test('a delivery is tried with growing pauses for a day, whatever the clock does meanwhile', () => {
	const pauses: number[] = [];
	let clock = Date.parse('2026-11-20T00:00:00.000Z');
	for (let next = retryAt(0, new Date(clock)); next !== null; next = retryAt(pauses.length, new Date(clock))) {
		pauses.push((Date.parse(next) - clock) / 1000);
		clock -= 40 * 24 * 3_600_000;
	}
	expect(pauses.slice(0, 6)).toEqual([5, 30, 120, 600, 1800, 3600]);
	const seconds = pauses.reduce((sum, pause) => sum + pause, 0);
	expect([seconds <= 24 * 3_600, seconds > 23 * 3_600 - 1]).toEqual([true, true]);
});

test('private, loopback, link-local and metadata addresses are known in every coat', () => {
	const closed = [
		'127.0.0.1',
		'10.1.2.3',
		'172.31.0.1',
		'192.168.1.1',
		'169.254.169.254',
		'100.64.0.1',
		'0.0.0.0',
		'::1',
		'::',
		'fe80::1',
		'fd00:ec2::254',
		'::ffff:127.0.0.1',
		'::ffff:7f00:1',
		'64:ff9b::a00:1',
	];
	expect(closed.filter((address) => !isPrivateAddress(address))).toEqual([]);
	expect(['1.1.1.1', '93.184.216.34', '172.32.0.1', '2606:4700:4700::1111'].filter(isPrivateAddress)).toEqual([]);
});

test('an event fires what its step names, and what listens unless triggers are suppressed', () => {
	const action = {log: {message: null}};
	const automation = (
		apiName: string,
		trigger: 'manual' | 'record_created' | 'record_updated' | 'field_updated',
		object: string | null,
		field: string | null = null,
	) => ({apiName, name: apiName, trigger, object, field, action});
	const all = [
		automation('welcome', 'manual', null),
		automation('born', 'record_created', 'people'),
		automation('moved', 'field_updated', 'people', 'city'),
		automation('other', 'record_updated', 'companies'),
	];
	const names = (event: Parameters<typeof firedBy>[0]) => firedBy(event, all).map(({apiName}) => apiName);
	expect(names({kind: 'record_created', object: 'people', changed: ['city'], direct: ['welcome'], triggers: true})).toEqual([
		'welcome',
		'born',
	]);
	expect(names({kind: 'record_updated', object: 'people', changed: ['city'], direct: [], triggers: true})).toEqual(['moved']);
	expect(names({kind: 'record_updated', object: 'people', changed: ['name'], direct: [], triggers: true})).toEqual([]);
	expect(names({kind: 'record_created', object: 'people', changed: [], direct: ['welcome'], triggers: false})).toEqual(['welcome']);
});
