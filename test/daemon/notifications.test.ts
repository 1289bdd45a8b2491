import {mkdtempSync, rmSync, truncateSync, writeFileSync} from 'node:fs';
import {createServer, type IncomingHttpHeaders, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {SMTPServer} from 'smtp-server';
import {Webhook} from 'standardwebhooks';
import {afterEach, beforeEach, expect, test} from 'vitest';
import type {Client} from '../../source/api/client.js';
import type {Delivery} from '../../source/api/contract.js';
import {control as openControl} from '../../source/daemon/control/control.js';
import type {StoredDelivery} from '../../source/daemon/control/deliveries.js';
import {sendMail} from '../../source/daemon/deliveries/mail.js';
import {webhookHeaders} from '../../source/daemon/outgoing/signature.js';
import {ended, until, World} from './support/world.js';

type Mail = {readonly from: string; readonly to: readonly string[]; readonly text: string};

let mails: Mail[];
let smtp: SMTPServer;
let folder: string;

beforeEach(async () => {
	mails = [];
	folder = mkdtempSync(join(tmpdir(), 'sluice-mail-'));
	smtp = new SMTPServer({
		authOptional: true,
		disabledCommands: ['STARTTLS'],
		onAuth: ({username, password}, _session, done) =>
			password === 'the mail password' ? done(null, {user: username}) : done(new Error('not you: the mail password')),
		onData(stream, {envelope}, done) {
			const parts: Buffer[] = [];
			stream.on('data', (part: Buffer) => parts.push(part));
			stream.on('end', () => {
				const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
				mails.push({from, to: envelope.rcptTo.map(({address}) => address), text: Buffer.concat(parts).toString('utf8')});
				done();
			});
		},
	});
	await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
	await new Promise<void>((resolve) => smtp.close(resolve));
	rmSync(folder, {recursive: true, force: true});
	delete process.env.SLUICE_SECRET_SMTP;
	delete process.env.SLUICE_SECRET_HOOK_KEY;
});

const smtpUrl = (user = '') => `smtp://${user}127.0.0.1:${(smtp.server.address() as AddressInfo).port}`;

function mail(attachment: string | null): StoredDelivery {
	const payload = {kind: 'mail', subject: 'Caf\u00e9: warning', text: 'Created 1\n- load:1, row 3 errored: no', attachment} as const;
	const about = {execution: 'e', connector: 'c', state: 'waiting', attempts: 0, last_error: null, next_attempt_at: null} as const;
	return {id: 'mail_1', kind: 'mail', to: 'ops@example.com', created_at: '2026-11-20T00:00:00.000Z', payload, ...about};
}

test('a mail server receives the counts, the first reasons, and the report', async () => {
	const report = join(folder, 'report.xlsx');
	writeFileSync(report, 'the bytes of a report');
	await sendMail(mail(report), {server: {url: smtpUrl(), from: 'sluice@example.com'}, outbox: folder});
	const [received] = mails;
	expect([received?.from, received?.to]).toEqual(['sluice@example.com', ['ops@example.com']]);
	expect(received?.text).toContain('Message-ID: <mail_1@example.com>');
	expect(received?.text).toContain('- load:1, row 3 errored: no');
	expect(received?.text).toMatch(/filename=report\.xlsx/);
	expect(received?.text).toContain(Buffer.from('the bytes of a report').toString('base64'));
});

test('programs see what a mail belongs to, that a program sent it, and both of its forms', async () => {
	const payload = {kind: 'mail', subject: 'x', text: 'Created 1', html: '<p>Created 1</p>', thread: 'a1b2', attachment: null} as const;
	const from = 'Sluice <ops@mail.example.com>';
	for (const id of ['one', 'two']) await sendMail({id, to: 'ops@example.com', payload}, {server: {url: smtpUrl(), from}, outbox: folder});
	const headersOf = (text = '') =>
		Object.fromEntries([...text.matchAll(/^([A-Z][\w-]*): (.*?)\r$/gm)].map(([, name, value]) => [name, value]));
	for (const [index, id] of ['one', 'two'].entries()) {
		const text = mails[index]?.text;
		expect(headersOf(text)).toMatchObject({
			'Message-ID': `<${id}@mail.example.com>`,
			'In-Reply-To': '<thread.a1b2@mail.example.com>',
			References: '<thread.a1b2@mail.example.com>',
			'Auto-Submitted': 'auto-generated',
		});
		expect(text).toMatch(/Content-Type: multipart\/alternative[\s\S]*Content-Type: text\/plain[\s\S]*Content-Type: text\/html/);
	}
	expect(mails.map((received) => received.from)).toEqual(['ops@mail.example.com', 'ops@mail.example.com']);
});

test('a report too large for a mail is named by a line instead', async () => {
	const report = join(folder, 'report.xlsx');
	writeFileSync(report, '');
	truncateSync(report, 20_000_001);
	await sendMail(mail(report), {server: {url: smtpUrl(), from: 'sluice@example.com'}, outbox: folder});
	expect(mails[0]?.text.replaceAll('=\r\n', '')).toContain(`The report is too large for a mail: ${report}`);
	expect(mails[0]?.text).not.toContain('filename=');
});

/** Asks until `wanted` holds of the deliveries. */
async function deliveriesThat(client: Client, wanted: (all: readonly Delivery[]) => boolean): Promise<readonly Delivery[]> {
	for (;;) {
		const {items} = await client.deliveries();
		if (wanted(items)) return items;
		await pause(20);
	}
}

test('a wrong mail password fails the attempt, and is nowhere to be read', async () => {
	process.env.SLUICE_SECRET_SMTP = 'the mail password ';
	const world = new World(`name: Acme\nsmtp: {url: "${smtpUrl('me:${secret:smtp}@')}?insecure=true", from: sluice@example.com}\n`);
	try {
		world.connector('people', 'settings: {notify_on: all, notification_emails: [ops@example.com]}\n');
		const client = await world.start();
		await client.activate('people');
		const {id} = await client.run(world.request('people', 'quick.csv'));
		await until(client, id, ended);
		const [failed] = await deliveriesThat(client, ([first]) => (first?.attempts ?? 0) > 0);
		expect([failed?.state, failed?.tried?.length]).toEqual(['waiting', 1]);
		expect(JSON.stringify(failed)).not.toContain('the mail password ');
		expect(mails).toEqual([]);
	} finally {
		await world.end();
	}
});

test('a receiver that fails five times and then answers has the message once in effect, signed as others check it, each attempt listed', async () => {
	const standard = `whsec_${Buffer.from('twenty-four bytes of key').toString('base64')}`;
	process.env.SLUICE_SECRET_HOOK_KEY = standard;
	const answers = [500, 503, 404, 429, 500];
	const received: {headers: IncomingHttpHeaders; body: string}[] = [];
	const receiver: Server = createServer(async (request, response) => {
		let body = '';
		for await (const part of request) body += String(part);
		received.push({headers: request.headers, body});
		response.writeHead(answers.shift() ?? 204).end();
	});
	await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
	const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
	const world = new World('name: Acme\nhttp: {allow_hosts: ["127.0.0.1"]}\n');
	try {
		world.connector('people', `settings:\n  execution_ended_webhook: {url: "${url}", secret: hook_key}\n`);
		const client = await world.start();
		await client.activate('people');
		const run = await client.run(world.request('people', 'quick.csv'));
		await until(client, run.id, ended);
		// why not five times: on a slow machine the next attempt may come due by itself before it is asked for
		for (let attempts = 1; ; attempts++) {
			const [now] = await deliveriesThat(client, ([first]) => (first?.attempts ?? 0) >= attempts);
			if (now?.state === 'delivered') break;
			expect(now?.next_attempt_at).not.toBeNull();
			await client.redeliver(now?.id ?? '');
		}
		const [done] = await deliveriesThat(client, ([first]) => first?.state === 'delivered');
		expect(done?.tried?.map(({error}) => error)).toEqual([
			...[500, 503, 404, 429, 500].map((status) => `The receiver answered ${status}`),
			null,
		]);
		expect(new Set(received.map(({headers}) => headers['webhook-id']))).toEqual(new Set([done?.id]));
		const judge = new Webhook(standard);
		for (const {headers, body} of received) {
			const told = judge.verify(body, headers as Record<string, string>) as {data: {id: string}};
			expect(told.data.id).toBe(run.id);
		}
	} finally {
		await world.end();
		receiver.close();
	}
});

test('a key that is plain text signs with its own bytes', () => {
	const headers = webhookHeaders('a key that signs', 'msg_1', new Date(), '{}');
	const judge = new Webhook(Buffer.from('a key that signs').toString('base64'));
	expect(judge.verify('{}', headers as Record<string, string>)).toEqual({});
	expect(() => judge.verify('{ }', headers as Record<string, string>)).toThrow();
});

test('a clock that is set back does not hold a delivery: what is due later than any pause lasts is due now', () => {
	const control = openControl(join(folder, 'control.db'));
	const payload = {kind: 'mail', subject: '', text: '', attachment: null} as const;
	for (const id of ['soon', 'never', 'now']) control.deliveries.add({id, to: 'a@b', execution: null, connector: null, payload});
	const from = (ms: number) => new Date(Date.now() + ms).toISOString();
	control.deliveries.failed('soon', 'no', from(1_800_000));
	control.deliveries.failed('never', 'no', from(40 * 24 * 3_600_000));
	expect(
		control.deliveries
			.due('mail', null, 10)
			.map(({id}) => id)
			.sort(),
	).toEqual(['never', 'now']);
	control.close();
});
