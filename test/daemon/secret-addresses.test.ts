import {readdirSync, readFileSync, statSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {SMTPServer} from 'smtp-server';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {sendMail} from '../../source/daemon/deliveries/mail.js';
import {mailServerOf} from '../../source/daemon/deliveries/mail-server.js';
import {fillAddress} from '../../source/daemon/secrets/fill.js';
import {downloadName} from '../../source/daemon/source/fingerprints.js';
import {ended, until, World} from './support/world.js';

const secret = 'p@ss/w:rd#1 %41é';
const reader = {read: () => secret};

beforeEach(() => {
	process.env.SLUICE_SECRET_FEED = secret;
});

afterEach(() => {
	delete process.env.SLUICE_SECRET_FEED;
});

test.each([
	['https://h/feed.csv?token=${secret:feed}', 'feed.csv'],
	['https://h/${secret:feed}', 'download.csv'],
	['https://h/a/${secret:feed}.json', 'download.json'],
	['https://h/orders-${secret:feed}.csv', 'orders.csv'],
	['https://h/orders_${secret:feed}_eu.zip', 'orders-eu.zip'],
	['https://h/${secret:a}${secret:b}', 'download.csv'],
	['https://h/', 'download.csv'],
	['https://h:${secret:port}/x.csv', 'download.csv'],
	['https://${secret:tenant}.example.com/x.tsv', 'x.tsv'],
])('the name of what %s brings is %s', (template, name) => {
	expect(downloadName(template, 'text/csv')).toBe(name);
	expect(downloadName(template, 'constructor')).toBe(name);
});

test('a secret in an address arrives as it is at the place it was put, and is never the host', () => {
	const url = new URL(fillAddress('https://me:${secret:feed}@example.com/in/${secret:feed}/x?key=${secret:feed}#${secret:feed}', reader));
	expect(url.host).toBe('example.com');
	expect(decodeURIComponent(url.password)).toBe(secret);
	expect(url.pathname.split('/').map(decodeURIComponent)).toEqual(['', 'in', secret, 'x']);
	expect(url.searchParams.get('key')).toBe(secret);
	expect(URL.canParse(fillAddress('https://${secret:feed}.example.com/', reader))).toBe(false);
});

/** Every file of a folder, and every name, as one text. */
function everythingIn(folder: string): string {
	return readdirSync(folder, {recursive: true, encoding: 'utf8'})
		.map((name) => `${name}\n${statSync(join(folder, name)).isFile() ? readFileSync(join(folder, name), 'latin1') : ''}`)
		.join('\n');
}

test('a source and a webhook with a secret in their addresses: the servers get it whole, nothing that is kept holds it', async () => {
	const asked: string[] = [];
	const server = createServer((request, response) => {
		asked.push(`${request.method} ${request.url}`);
		request.resume();
		if (request.url?.includes('refused')) response.writeHead(403).end(`no ${secret}`);
		else
			response
				.writeHead(request.method === 'GET' ? 200 : 204, {'Content-Type': 'text/csv'})
				.end(request.method === 'GET' ? 'email\na@x\n' : '');
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	process.env.SLUICE_SECRET_HOOK_KEY = 'a key that signs';
	const world = new World('name: test\nhttp: {listen: "127.0.0.1:65001", allow_hosts: ["127.0.0.1"]}\n');
	try {
		const hook = 'settings:\n  execution_ended_webhook: {url: "ORIGIN/hook/${secret:feed}", secret: hook_key}\n'.replace('ORIGIN', origin);
		world.connector('feed', `${hook}source: {url: "${origin}/feeds/\${secret:feed}?key=\${secret:feed}"}\n`);
		world.connector('refused', `source: {url: "${origin}/refused/\${secret:feed}"}\n`);
		const client = await world.start();
		await client.activate('feed');
		const {id} = await client.run({...world.request('feed', 'x.csv'), input: null});
		const execution = await until(client, id, ended);
		expect(execution.input_file).toBe('download.csv');
		for (let sent = false; !sent; ) sent = (await client.deliveries()).items.some(({state}) => state === 'delivered');
		const [get = '', post = ''] = asked.filter((line) => !line.includes('refused'));
		const url = new URL(get.slice(4), origin);
		expect([decodeURIComponent(url.pathname), url.searchParams.get('key')]).toEqual([`/feeds/${secret}`, secret]);
		expect(decodeURIComponent(post)).toBe(`POST /hook/${secret}`);

		const refusal = await client.testSource('refused').catch((thrown: unknown) => thrown);
		const said = JSON.stringify([
			refusal,
			String(refusal),
			await client.history({}),
			await client.deliveries(),
			await client.execution(id),
			await client.log(id, {}),
			await client.status(),
		]);
		const kept = everythingIn(world.path('.sluice'));
		for (const text of [said, kept]) {
			for (const spelling of [secret, encodeURIComponent(secret), encodeURI(secret), Buffer.from(secret, 'utf8').toString('latin1')])
				expect(text).not.toContain(spelling);
			expect(text).not.toMatch(/p(@|%40)ss/i);
		}
		expect(said).toContain('/refused/secret');
	} finally {
		await world.end();
		server.close();
		delete process.env.SLUICE_SECRET_HOOK_KEY;
	}
});

test('a mail server gets a password of any characters', async () => {
	let heard: string | null | undefined;
	const smtp = new SMTPServer({
		disabledCommands: ['STARTTLS'],
		onAuth({password}, _session, done) {
			heard = password;
			done(null, {user: 'me'});
		},
		onData(stream, _session, done) {
			stream.resume();
			stream.on('end', () => done());
		},
	});
	await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
	const world = new World(
		`name: Acme\nsmtp: {url: "smtp://me:\${secret:feed}@127.0.0.1:${(smtp.server.address() as AddressInfo).port}?insecure=true", from: sluice@example.com}\n`,
	);
	try {
		await world.start();
		const {configuration, vault} = world.daemon?.services ?? {};
		if (!configuration || !vault) throw new Error('no daemon');
		const payload = {kind: 'mail', subject: 'x', text: 'x', attachment: null} as const;
		const about = {execution: 'e', connector: 'c', state: 'waiting', attempts: 0, last_error: null, next_attempt_at: null} as const;
		const mail = {id: 'm', kind: 'mail', to: 'ops@example.com', created_at: '2026-11-20T00:00:00.000Z', payload, ...about} as const;
		await sendMail(mail, {server: mailServerOf(configuration, vault), outbox: world.path('outbox')});
		expect(heard).toBe(secret);
	} finally {
		await world.end();
		await new Promise<void>((resolve) => smtp.close(resolve));
	}
});
