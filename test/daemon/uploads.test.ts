import {execFile} from 'node:child_process';
import {chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {request} from 'node:http';
import {connect} from 'node:net';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {afterAll, beforeAll, expect, test} from 'vitest';
import type {Client} from '../../source/api/client.js';
import type {Execution} from '../../source/model/execution.js';
import {mayBeAnother} from '../support/other-user.js';
import {freePort} from '../webhooks/support.js';
import {ended, until, World} from './support/world.js';

/* Files go to the daemon and come from it as bytes, over the socket and over TCP alike: it opens and writes none by a path that it is told. */

let world: World;
let client: Client;
let port: number;
/** The group of ordinary users of a Debian system. */
const users = 100;

beforeAll(async () => {
	port = await freePort();
	const access = mayBeAnother ? 'access: {group: users}\n' : '';
	world = new World(`name: test\n${access}api: {listen: "127.0.0.1:${port}", token: api_token}\nlimits: {max_input_bytes: 1MB}\n`);
	process.env.XDG_CONFIG_HOME = world.path('config');
	process.env.SLUICE_SECRET_API_TOKEN = 'a token';
	world.connector('people');
	client = await world.start();
}, 60_000);

afterAll(async () => {
	await world.end();
	delete process.env.SLUICE_SECRET_API_TOKEN;
	process.env.XDG_CONFIG_HOME = '';
});

const token = {Authorization: 'Bearer a token'};
const bytes = {...token, 'Content-Type': 'application/octet-stream'};

type Sent = {method?: string; path: string; headers?: Record<string, string>; body?: string | Buffer};

function send({method = 'POST', path, headers = bytes, body = ''}: Sent): Promise<{status: number; body: Buffer; json: () => unknown}> {
	return new Promise((resolve, reject) => {
		const outgoing = request({host: '127.0.0.1', port, method, path, headers, agent: false}, async (response) => {
			const parts: Buffer[] = [];
			for await (const part of response) parts.push(part as Buffer);
			const whole = Buffer.concat(parts);
			resolve({status: response.statusCode ?? 0, body: whole, json: () => JSON.parse(whole.toString('utf8'))});
		});
		outgoing.on('error', reject);
		outgoing.end(body);
	});
}

const run = (more = '') => `/executions?connector=people&mode=dry${more}`;

/** Waits until the last part of what was sent or broken off is tidied away. */
async function noScratch(): Promise<void> {
	while (readdirSync(world.path('.sluice', 'tasks')).length > 0) await client.daemon();
}

/** What is there of files that were sent: scratch, folders of executions, and executions. */
async function kept(): Promise<readonly number[]> {
	const {total} = await client.executions();
	return [readdirSync(world.path('.sluice', 'tasks')).length, readdirSync(world.path('.sluice', 'executions')).length, total];
}

test('another system starts a run with its file and fetches what came of it, with the token alone', async () => {
	const rows = `email\n${'a@x\n'.repeat(200_000)}`;
	const started = await send({path: run('&input=quick%20%C3%A4.csv'), headers: {...bytes, 'X-Sluice-User': 'erp'}, body: rows});
	expect(started).toMatchObject({status: 201});
	const {id, input_file: name, started_by: who} = started.json() as Execution;
	expect([name, who]).toEqual(['quick ä.csv', 'erp']);
	expect(await until(client, id, ended)).toMatchObject({status: 'completed'});
	const fetched = await send({method: 'GET', path: `/executions/${id}/artifacts/input`, headers: token});
	expect(fetched.status).toBe(200);
	expect(fetched.body.equals(Buffer.from(rows))).toBe(true);
	expect((await client.history()).items[0]).toMatchObject({what: 'export', detail: {artifact: 'input', bytes: rows.length, execution: id}});
	expect(await send({method: 'GET', path: `/executions/${id}/artifacts/other`, headers: token})).toMatchObject({status: 404});
	expect(await send({method: 'POST', path: '/backup', headers: token})).toMatchObject({status: 200, body: {0: 0x50, 1: 0x4b}});
	await noScratch();
});

test('what is refused is refused before it is read, and leaves nothing behind', async () => {
	const before = await kept();
	const named = '&input=quick.csv';
	const cases: [Sent, number, string][] = [
		[{path: run(named), headers: {'Content-Type': 'application/octet-stream'}}, 401, 'api.unauthorised'],
		[{path: run(named), headers: {...token, 'Content-Type': 'text/csv'}}, 415, 'api.not_json'],
		[{path: run(named), headers: {...bytes, Origin: 'https://evil.example'}}, 403, 'api.cross_site'],
		[{path: '/validate', headers: bytes, body: '{}'}, 415, 'api.not_json'],
		[{path: run('')}, 400, 'usage.invalid'],
		[{path: run('&input=')}, 400, 'usage.invalid'],
		[{path: run('&input=..')}, 400, 'usage.invalid'],
		[{path: run('&input=..%2F..%2Fsluice.db')}, 400, 'usage.invalid'],
		[{path: run(`&input=${'x'.repeat(252)}.csv`)}, 400, 'usage.invalid'],
		[{path: run(`${named}&unknown=1`)}, 400, 'usage.invalid'],
		[{path: `/executions?connector=nobody${named}`}, 404, 'usage.unknown'],
		[{path: run('&input=quick.exe')}, 422, 'intake.type'],
		[{path: run(named), body: 'email\n"a'.padEnd(1_000_001, 'x')}, 422, 'intake.too_large'],
		[{path: run(named), headers: {...bytes, 'Transfer-Encoding': 'chunked'}, body: 'x'.repeat(1_000_001)}, 422, 'intake.too_large'],
		[{path: run(named), body: ''}, 422, 'intake.empty'],
		[
			{path: '/executions', headers: {...token, 'Content-Type': 'application/json'}, body: '{"connector":"people","input":"/etc/passwd"}'},
			400,
			'usage.invalid',
		],
	];
	for (const [sent, status, code] of cases) {
		const answer = await send(sent);
		expect({path: sent.path, status: answer.status, ...(answer.json() as object)}).toMatchObject({path: sent.path, status, code});
	}
	const error = await client
		.run({...world.request('people', 'empty.csv'), input: world.write('files/empty.csv', '')})
		.catch((thrown) => thrown);
	expect(error).toMatchObject({code: 'intake.empty', where: expect.stringMatching(/empty\.csv$/)});
	expect(await kept()).toEqual(before);
});

test.each([
	['announced', 'Content-Length: 1000', 'email\na@x\n'],
	['in chunks', 'Transfer-Encoding: chunked', 'a\r\nemail\na@x\n\r\n'],
])('an upload that breaks off leaves nothing behind: its length %s', async (_what, length, part) => {
	const before = await kept();
	const head = `POST ${run('&input=quick.csv')} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer a token\r\nContent-Type: application/octet-stream\r\n`;
	const socket = connect(port, '127.0.0.1');
	socket.on('error', () => undefined);
	socket.write(`${head}${length}\r\n\r\n${part}`);
	const uploads = () =>
		readdirSync(world.path('.sluice', 'tasks')).some((name) => existsSync(world.path('.sluice', 'tasks', name, 'upload')));
	while (!uploads()) await client.daemon();
	socket.destroy();
	await noScratch();
	expect(await kept()).toEqual(before);
});

test('a file that shrinks while it is sent starts nothing', async () => {
	const before = await kept();
	const {openInputFile} = await import('../../source/platform/files/input-file.js');
	const path = world.write('files/shrinks.csv', 'email\na@x\n');
	const {file, sizeBytes} = await openInputFile(path, 'shrinks.csv');
	writeFileSync(path, 'email\n');
	const {sendFile} = await import('../../source/api/upload.js');
	const call = {socket: client.socket, identity: client.identity, path: run('&input=shrinks.csv')};
	await expect(sendFile(call, {file, sizeBytes, from: path, name: 'shrinks.csv'})).rejects.toMatchObject({
		code: 'intake.unreadable',
		message: 'shrinks.csv became shorter while it was read',
		where: path,
	});
	await file.close();
	await noScratch();
	expect((await kept()).slice(1)).toEqual(before.slice(1));
});

test('a member of the group reads and writes with his own rights, never with those of the daemon', async ({skip}) => {
	if (!mayBeAnother) skip('another user can be become as root alone');
	const built = (path: string) => JSON.stringify(fileURLToPath(new URL(`../../dist/source/${path}`, import.meta.url)));
	const {id} = await client.run(world.request('people', 'quick.csv', {mode: 'dry'}));
	await until(client, id, ended);
	chmodSync(world.dir, 0o711);
	mkdirSync(world.path('theirs'));
	chmodSync(world.path('theirs'), 0o777);
	const [secret, own, old] = [
		world.write('files/secret.csv', 'email\nroot@x\n'),
		world.write('theirs/own.csv', 'email\na@x\n'),
		world.write('files/old', 'old'),
	];
	chmodSync(secret, 0o600);
	chmodSync(world.path('files'), 0o755);
	const script = `
		const {createClient} = await import(${built('api/client.js')});
		await import(${built('api/upload.js')});
		await import(${built('api/download.js')});
		await import(${built('api/write-proposals.js')});
		process.setgroups([]);
		process.setgid(${users});
		process.setuid(65534);
		const client = createClient(${JSON.stringify(client.socket)}, {user: 'member', from: 'cli'});
		const said = async (asked) => await asked.then((answer) => answer.status ?? answer.path, (error) => error.code + ': ' + error.message);
		const request = {connector: 'people', mode: 'dry', diff_check: true, accept_incomplete: false, notify: null, confirm: null};
		const fetch = (to) => said(client.export(${JSON.stringify(id)}, {artifact: 'input', to}));
		console.log(JSON.stringify([
			await said(client.run({...request, input: ${JSON.stringify(secret)}})),
			await said(client.run({...request, input: ${JSON.stringify(own)}})),
			await said(client.run({...request, input: null, input_of: ${JSON.stringify(id)}})),
			await said(client.run({...request, input: null, input_of: '/etc/passwd'})),
			await fetch(${JSON.stringify(old)}),
			await fetch(${JSON.stringify(world.path('files', 'new'))}),
			await fetch(${JSON.stringify(world.path('theirs'))}),
			await said(client.backup(${JSON.stringify(world.path('files', 'b.zip'))})),
			await fetch(${JSON.stringify(world.path('.sluice', 'sluice.db'))}),
			await said(client.infer('people', {write: true})),
		]));`;
	const denied = (what: string) => `export.failed: The ${what} could not be written: permission denied (EACCES)`;
	const {stdout} = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
	expect(JSON.parse(stdout)).toEqual([
		'intake.unreadable: secret.csv may not be read',
		expect.stringMatching(/^(queued|running|completed)$/),
		expect.stringMatching(/^(queued|running|completed)$/),
		expect.stringMatching(/^usage\.unknown: /),
		denied('input file'),
		denied('input file'),
		world.path('theirs', 'quick.csv'),
		denied('backup'),
		'export.refused: This would write onto the state of the workspace',
		'file.not_written: connector.yaml could not be written: permission denied (EACCES)',
	]);
	const {items: ran} = await client.executions({connector: 'people', limit: 2});
	expect(ran.map(({input_file}) => input_file)).toEqual(['quick.csv', 'own.csv']);
	expect((await client.history()).items.find(({what}) => what === 'run')).toMatchObject({who: 'member', detail: {input_of: id}});
	expect(readFileSync(old, 'utf8')).toBe('old');
	expect(statSync(world.path('theirs', 'quick.csv'))).toMatchObject({uid: 65_534, gid: users});
	rmSync(world.path('theirs'), {recursive: true});
});
