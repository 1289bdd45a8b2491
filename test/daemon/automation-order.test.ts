import {mkdtempSync, rmSync} from 'node:fs';
import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import fc from 'fast-check';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {type Control, control as openControl} from '../../source/daemon/control/control.js';
import type {Courier} from '../../source/daemon/deliveries/courier.js';
import {loopbackCourier} from './support/courier.js';

let folder: string;
let control: Control;
let courier: Courier | null;
const servers: Server[] = [];

/** A clock that was set back: to it every pause between two attempts is over at once. */
const setBack = () => new Date(Date.now() - 40 * 24 * 3_600_000).toISOString();

function open(now?: () => string): void {
	folder = mkdtempSync(join(tmpdir(), 'sluice-order-'));
	control = openControl(join(folder, 'control.db'), now);
	courier = null;
}

async function close(): Promise<void> {
	for (const server of servers.splice(0)) {
		server.closeAllConnections();
		server.close();
	}
	await courier?.stop();
	control.close();
	rmSync(folder, {recursive: true, force: true});
}

type Heard = {readonly id: string; readonly body: string; readonly request: IncomingMessage; readonly response: ServerResponse};

async function receiver(answer: (heard: Heard) => void): Promise<{readonly url: string; readonly connections: () => number}> {
	let connections = 0;
	const server = createServer(async (request, response) => {
		let body = '';
		for await (const part of request) body += String(part);
		answer({id: String(request.headers['webhook-id']), body, request, response});
	}).on('connection', () => connections++);
	servers.push(server);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, connections: () => connections};
}

const newCourier = (): Courier => loopbackCourier(control, join(folder, 'outbox'));

function event(id: string, record: string, url: string): void {
	const payload = {kind: 'automation', url, secret: null, headers: {}, body: JSON.stringify({record})} as const;
	control.deliveries.add({id, to: url, execution: null, connector: null, inOrderOf: record, payload});
}

/** How long a slow machine has. */
const waiting = {timeout: 60_000, interval: 10};
const stateOf = (id: string) => control.deliveries.known(id).state;

type Answer = 'takes it' | 'answers 500' | 'answers 503' | 'stalls a little' | 'hangs up' | 'takes it and hangs up';

test('events of one record arrive in their order, each of them, whatever the receiver does and when the daemon ends', async () => {
	const answers = fc.constantFrom<Answer>(
		'takes it',
		'takes it',
		'answers 500',
		'answers 503',
		'stalls a little',
		'hangs up',
		'takes it and hangs up',
	);
	const law = fc.asyncProperty(
		fc.array(fc.constantFrom('ann', 'ben', 'cy'), {minLength: 1, maxLength: 25}),
		fc.array(answers, {maxLength: 30}),
		fc.boolean(),
		async (records, script, restart) => {
			open(setBack);
			try {
				const left = [...script];
				const arrived: string[] = [];
				let asked = 0;
				const {url} = await receiver(({id, response, request}) => {
					asked++;
					const said = left.shift() ?? 'takes it';
					if (said.startsWith('takes') || said === 'stalls a little') arrived.push(id);
					if (said === 'hangs up' || said === 'takes it and hangs up') request.socket.destroy();
					else if (said === 'stalls a little') setTimeout(() => response.writeHead(204).end(), 5);
					else response.writeHead(said === 'takes it' ? 204 : Number(said.slice(-3))).end();
				});
				for (const [number, record] of records.entries()) event(`${record} ${number}`, record, url);
				courier = newCourier();
				courier.wake();
				if (restart) {
					await expect.poll(() => asked, waiting).toBeGreaterThan(0);
					await courier.stop();
					courier = newCourier();
					courier.wake();
				}
				const ids = records.map((record, number) => `${record} ${number}`);
				await expect.poll(() => ids.filter((id) => stateOf(id) !== 'delivered'), waiting).toEqual([]);
				for (const record of new Set(records)) {
					const first = [...new Set(arrived)].filter((id) => id.startsWith(record));
					expect(first).toEqual(ids.filter((id) => id.startsWith(record)));
				}
			} finally {
				await close();
			}
		},
	);
	await fc.assert(law, {numRuns: process.env.SLUICE_LONG ? 300 : 12});
}, 900_000);

/** A receiver that holds its answers until it has as many requests as it waits for. */
const onceThereAre = (count: number) => {
	const held: ServerResponse[] = [];
	let open = false;
	return ({response}: Heard) => {
		held.push(response);
		open ||= held.length >= count;
		if (open) for (const one of held.splice(0)) one.writeHead(204).end();
	};
};

describe('with a clock as it is', () => {
	beforeEach(() => open());
	afterEach(close);

	test('32 automations are on their way to one receiver at once, over connections that are kept', async () => {
		const {url, connections} = await receiver(onceThereAre(32));
		for (let number = 0; number < 300; number++) event(`e${number}`, `record ${number}`, url);
		courier = newCourier();
		courier.wake();
		await expect.poll(() => control.deliveries.list(0, 300).items.filter(({state}) => state !== 'delivered'), waiting).toEqual([]);
		// One more for each that undici opens before another is free again; without keeping there are 300.
		expect(connections()).toBeLessThan(100);
	});

	test('a kept connection that the receiver closes as a request is sent on it costs no attempt', async () => {
		const used = new Set<unknown>();
		const {url} = await receiver(({request, response}) => {
			if (used.has(request.socket)) {
				request.socket.destroy();
				return;
			}
			used.add(request.socket);
			response.writeHead(204).end();
		});
		for (let number = 0; number < 80; number++) event(`e${number}`, 'ann', url);
		courier = newCourier();
		courier.wake();
		await expect.poll(() => stateOf('e79'), waiting).toBe('delivered');
		expect(control.deliveries.list(0, 80).items.filter(({attempts}) => attempts !== 1)).toEqual([]);
	});

	test.each([429, 503])('%i with Retry-After holds all that goes to that receiver for so long, and nothing else', async (status) => {
		let asked = 0;
		const busy = await receiver(({response}) => {
			asked++;
			response.writeHead(status, {'Retry-After': '600'}).end();
		});
		const free = await receiver(({response}) => response.writeHead(204).end());
		for (let number = 0; number < 100; number++) event(`busy ${number}`, `record ${number}`, busy.url);
		courier = newCourier();
		courier.wake();
		await expect.poll(() => control.deliveries.known('busy 0').attempts, waiting).toBe(1);
		const told = Date.now();
		for (let number = 0; number < 100; number++) event(`free ${number}`, `record ${number}`, free.url);
		courier.wake();
		await expect.poll(() => stateOf('free 99'), waiting).toBe('delivered');
		expect(asked).toBeLessThanOrEqual(32);
		expect(control.deliveries.known('busy 99')).toMatchObject({attempts: 0, state: 'waiting'});
		expect(Date.parse(control.deliveries.known('busy 0').next_attempt_at ?? '')).toBeGreaterThan(told + 500_000);
	});

	test('an event that fails holds those of its record; asking for one of them asks for the first', async () => {
		let takes = false;
		const {url} = await receiver(({response}) => response.writeHead(takes ? 204 : 500).end());
		for (const [id, record] of [
			['ann 1', 'ann'],
			['ann 2', 'ann'],
			['ben 1', 'ben'],
		] as const)
			event(id, record, url);
		courier = newCourier();
		courier.wake();
		await expect
			.poll(() => [control.deliveries.known('ann 1').attempts, control.deliveries.known('ben 1').attempts], waiting)
			.toEqual([1, 1]);
		expect(control.deliveries.known('ann 2')).toMatchObject({attempts: 0, state: 'waiting', next_attempt_at: null});
		takes = true;
		control.deliveries.redeliver('ann 2');
		courier.wake();
		await expect.poll(() => [stateOf('ann 1'), stateOf('ann 2')], waiting).toEqual(['delivered', 'delivered']);
	});

	test('an event that failed for good lets the next of its record go, and comes first when it is sent once more', () => {
		event('ann 1', 'ann', 'http://a.example.com/');
		event('ann 2', 'ann', 'http://a.example.com/');
		event('ann 2 elsewhere', 'ann', 'http://b.example.com/');
		const due = () =>
			control.deliveries.waitingLanes().flatMap(({kind, target}) => control.deliveries.due(kind, target, 9).map(({id}) => id));
		expect(due()).toEqual(['ann 1', 'ann 2 elsewhere']);
		control.deliveries.failed('ann 1', 'no', null);
		expect(due()).toEqual(['ann 2', 'ann 2 elsewhere']);
		control.deliveries.redeliver('ann 1');
		expect(due()).toEqual(['ann 1', 'ann 2 elsewhere']);
		control.deliveries.delivered('ann 1');
		expect(due()).toEqual(['ann 2', 'ann 2 elsewhere']);
	});
});
