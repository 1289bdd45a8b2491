import {mkdtempSync, rmSync} from 'node:fs';
import {createServer as createHttpServer, type Server as HttpServer} from 'node:http';
import {type AddressInfo, createServer, type Server, type Socket} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import Database from 'better-sqlite3';
import {SMTPServer} from 'smtp-server';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {type Control, control as openControl} from '../../source/daemon/control/control.js';
import {waitingLanes} from '../../source/daemon/control/deliveries.js';
import {Courier} from '../../source/daemon/deliveries/courier.js';
import {sendMail} from '../../source/daemon/deliveries/mail.js';
import {directNetwork} from '../../source/daemon/outgoing/network.js';

let folder: string;
let control: Control;
let courier: Courier | null;
let smtpUrl: string;
const closing: (() => void)[] = [];

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'sluice-lanes-'));
	control = openControl(join(folder, 'control.db'));
	smtpUrl = '';
	courier = null;
});

afterEach(async () => {
	for (const close of closing.splice(0)) close();
	await courier?.stop();
	control.close();
	rmSync(folder, {recursive: true, force: true});
});

const portOf = (server: Server | HttpServer) => (server.address() as AddressInfo).port;
const listening = (server: Server | HttpServer) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

/** Takes connections and never says a word. */
async function stalled(): Promise<number> {
	const open = new Set<Socket>();
	const server = createServer((socket) => open.add(socket.on('error', () => undefined)));
	await listening(server);
	closing.push(() => {
		for (const socket of open) socket.destroy();
		server.close();
	});
	return portOf(server);
}

async function receiver(): Promise<{readonly port: number; readonly paths: string[]}> {
	const paths: string[] = [];
	const server = createHttpServer((request, response) => {
		paths.push(request.url ?? '');
		request.resume();
		response.writeHead(204).end();
	});
	await listening(server);
	closing.push(() => server.close());
	return {port: portOf(server), paths};
}

type Refuse = (error: Error | null) => void;

type Answer = {readonly code: number; readonly text: string} | null;

/** A mail server that answers to the end of a mail as it is told; null takes it. */
async function mailServer(
	answer: () => Answer,
	options = {},
): Promise<{readonly port: number; readonly seen: {passwords: unknown[]; mails: number}}> {
	const seen = {passwords: [] as unknown[], mails: 0};
	const smtp = new SMTPServer({
		authOptional: true,
		disabledCommands: ['STARTTLS'],
		onAuth({password}, _session, done) {
			seen.passwords.push(password);
			done(null, {user: 'me'});
		},
		onData(stream, _session, done) {
			stream.resume();
			stream.on('end', () => {
				seen.mails++;
				const said = answer();
				done(said === null ? null : Object.assign(new Error(said.text), {responseCode: said.code}));
			});
		},
		...options,
	});
	await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
	closing.push(() => smtp.close(() => undefined));
	return {port: (smtp.server.address() as AddressInfo).port, seen};
}

function newCourier(): Courier {
	courier = new Courier({
		control,
		log: {warn: () => undefined, error: () => undefined} as never,
		outbox: join(folder, 'outbox'),
		ready: () => true,
		mailServer: () => ({url: smtpUrl, from: 'sluice@example.com'}),
		secret: () => null,
		allowHosts: () => ['127.0.0.1'],
		network: () => directNetwork,
		redact: (text) => text,
	});
	return courier;
}

function post(id: string, kind: 'webhook' | 'automation', port: number): void {
	const url = `http://127.0.0.1:${port}/${id}`;
	control.deliveries.add({id, to: url, execution: null, connector: null, payload: {kind, url, secret: null, headers: {}, body: '{}'}});
}

function mail(id: string): void {
	const payload = {kind: 'mail', subject: id, text: id, attachment: null} as const;
	control.deliveries.add({id, to: 'ops@example.com', execution: null, connector: null, payload});
}

const states = () => Object.fromEntries(control.deliveries.list(0, 500).items.map(({id, state}) => [id, state]));

type Lane = 'mail' | 'webhook' | 'automation';
const lanes = ['mail', 'webhook', 'automation'] as const;
/** More of each than its lane has on its way at once. */
const each: Readonly<Record<Lane, number>> = {mail: 6, webhook: 6, automation: 40};

/** How many of each kind arrived. What stalls for long on a slow machine fails, and waits for another attempt. */
function arrived(): Record<string, string> {
	const items = control.deliveries.list(0, 1000).items;
	const ofKind = (lane: Lane) => items.filter(({kind}) => kind === lane);
	return Object.fromEntries(
		lanes.map((lane) => [lane, `${ofKind(lane).filter(({state}) => state === 'delivered').length} of ${ofKind(lane).length}`]),
	);
}

const slowMachine = {timeout: 100_000, interval: 100};

test.each([
	['mail', {mail: '0 of 12', webhook: '12 of 12', automation: '80 of 80'}],
	['webhook', {mail: '12 of 12', webhook: '0 of 12', automation: '80 of 80'}],
	['automation', {mail: '12 of 12', webhook: '12 of 12', automation: '0 of 80'}],
] as const)('nothing waits for another: the receiver of every %s stalls, and all others arrive', async (stalls, wanted) => {
	const stall = await stalled();
	const {port} = await receiver();
	const mails = await mailServer(() => null);
	const to = (lane: Lane, answers: number) => (lane === stalls ? stall : answers);
	smtpUrl = `smtp://127.0.0.1:${to('mail', mails.port)}`;
	newCourier();
	const add = (lane: Lane, round: number) => {
		for (let number = 0; number < each[lane]; number++) {
			if (lane === 'mail') mail(`mail ${round} ${number}`);
			else post(`${lane} ${round} ${number}`, lane, to(lane, port));
		}
	};
	// What stalls has its lane full before anything else is asked for, and again when the second half comes.
	for (const round of [1, 2]) {
		add(stalls, round);
		courier?.wake();
		await new Promise(setImmediate);
		for (const lane of lanes) if (lane !== stalls) add(lane, round);
		courier?.wake();
		const done = Object.entries(wanted).map(([lane, text]) => [lane, text.startsWith('0') ? 0 : each[lane as Lane] * round]);
		const counts = () => Object.entries(arrived()).map(([lane, text]) => [lane, Number.parseInt(text, 10)]);
		await expect.poll(counts, slowMachine).toEqual(done);
	}
	expect(arrived()).toEqual(wanted);
});

test('however many receivers stall, each other one has its turn', async () => {
	const {port, paths} = await receiver();
	for (let host = 0; host < 10; host++) {
		const stall = await stalled();
		for (let number = 0; number < 5; number++) post(`w ${host} ${number}`, 'webhook', stall);
		if (host < 5) for (let number = 0; number < 33; number++) post(`a ${host} ${number}`, 'automation', stall);
	}
	newCourier().wake();
	await new Promise(setImmediate);
	for (const kind of ['webhook', 'automation'] as const) for (let number = 0; number < 20; number++) post(`${kind}-${number}`, kind, port);
	courier?.wake();
	// Before any that stalls is given up, and so makes room.
	await expect.poll(() => ['/webhook-0', '/automation-0'].every((path) => paths.includes(path)), slowMachine).toBe(true);
	expect(['w 0 0', 'a 0 0'].map((id) => control.deliveries.known(id).attempts)).toEqual([0, 0]);
	await expect.poll(() => paths.length, slowMachine).toBe(40);
});

test('a mail goes out while its neighbours stall, and what comes later does too', async () => {
	const stall = await stalled();
	const server = await mailServer(() => null);
	smtpUrl = `smtp://127.0.0.1:${server.port}`;
	for (let number = 0; number < 30; number++) post(`auto-${number}`, 'automation', stall);
	newCourier().wake();
	mail('first');
	courier?.wake();
	await expect.poll(states, slowMachine).toMatchObject({first: 'delivered'});
	mail('second');
	courier?.wake();
	await expect.poll(states, slowMachine).toMatchObject({second: 'delivered', 'auto-0': 'waiting'});
});

test('every kind and every receiver has its turn among many that wait', () => {
	for (let number = 0; number < 50; number++) post(`a-${number}`, 'automation', 1);
	post('b', 'automation', 2);
	post('c', 'webhook', 1);
	mail('m');
	expect(control.deliveries.waitingLanes().map(({kind, target}) => [kind, target === null ? null : new URL(target).port])).toContainEqual([
		'automation',
		'2',
	]);
	expect(control.deliveries.due('mail', null, 5).map(({id}) => id)).toEqual(['m']);
	expect(control.deliveries.due('webhook', 'http://127.0.0.1:1/c', 5).map(({id}) => id)).toEqual(['c']);
});

test('what waits is found by seeks, not by reading all of it', () => {
	const database = new Database(join(folder, 'control.db'), {readonly: true});
	const plan = (database.prepare(`EXPLAIN QUERY PLAN ${waitingLanes}`).all() as {detail: string}[]).map(({detail}) => detail);
	database.close();
	expect(plan.filter((step) => step.includes('deliveries'))).toEqual([
		'SEARCH deliveries USING COVERING INDEX deliveries_by_target (kind=?)',
		'SEARCH deliveries USING COVERING INDEX deliveries_by_target (kind=? AND target>?)',
	]);
	expect(plan.filter((step) => step.includes('TEMP B-TREE'))).toEqual([]);
});

test.each([
	[550, 'failed'],
	[552, 'failed'],
	[451, 'waiting'],
])('a mail that is answered with %i is %s', async (code, state) => {
	const server = await mailServer(() => ({code, text: 'no'}));
	smtpUrl = `smtp://127.0.0.1:${server.port}`;
	mail('m');
	newCourier().wake();
	await expect.poll(() => control.deliveries.known('m').attempts, slowMachine).toBe(1);
	expect(control.deliveries.known('m').state).toBe(state);
	expect(server.seen.mails).toBe(1);
});

test('a mailbox that the server does not know is not asked for again', async () => {
	const onRcptTo = (_address: unknown, _session: unknown, done: Refuse) =>
		done(Object.assign(new Error('no such user here'), {responseCode: 550}));
	const server = await mailServer(() => null, {onRcptTo});
	smtpUrl = `smtp://127.0.0.1:${server.port}`;
	mail('m');
	newCourier().wake();
	await expect.poll(states, slowMachine).toEqual({m: 'failed'});
	expect(control.deliveries.known('m')).toMatchObject({attempts: 1, next_attempt_at: null, last_error: expect.stringContaining('550')});
});

test('a password is not sent to a server without TLS, unless the address says insecure', async () => {
	const server = await mailServer(() => null);
	const about = {execution: 'e', connector: 'c', state: 'waiting', attempts: 0, last_error: null, next_attempt_at: null} as const;
	const payload = {kind: 'mail', subject: 'x', text: 'x', attachment: null} as const;
	const one = {id: 'm', kind: 'mail', to: 'ops@example.com', created_at: '2026-11-20T00:00:00.000Z', payload, ...about} as const;
	const send = (query: string) =>
		sendMail(one, {server: {url: `smtp://me:pw@127.0.0.1:${server.port}${query}`, from: 'a@example.com'}, outbox: folder});
	for (const query of ['', '?ignoreTLS=true', '?requireTLS=false', '?opportunisticTLS=true', '?insecure=false'])
		await expect(send(query)).rejects.toMatchObject({code: 'outgoing.failed', message: expect.stringContaining('offers no TLS')});
	expect(server.seen).toEqual({passwords: [], mails: 0});
	await send('?insecure=true');
	expect(server.seen).toEqual({passwords: ['pw'], mails: 1});
});

test('a password goes to a server with STARTTLS', async () => {
	const server = await mailServer(() => null, {disabledCommands: [], hideSTARTTLS: false});
	smtpUrl = `smtp://me:pw@127.0.0.1:${server.port}?tls.rejectUnauthorized=false`;
	mail('m');
	newCourier().wake();
	await expect.poll(states, slowMachine).toMatchObject({m: 'delivered'});
	expect(server.seen.passwords).toEqual(['pw']);
});
