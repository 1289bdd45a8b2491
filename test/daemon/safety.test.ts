import {chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync} from 'node:fs';
import {request} from 'node:http';
import {afterEach, expect, test} from 'vitest';
import {connect} from '../../source/api/connect.js';
import {socketPath} from '../../source/api/socket-path.js';
import {ended, until, World, working} from './support/world.js';

let world: World;

afterEach(() => world.end());

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

test('state and socket are private from their first moment, and a second daemon is refused', async () => {
	world = new World();
	world.connector('people');
	const client = await world.start();
	expect(modeOf(world.path('.sluice'))).toBe('700');
	expect(modeOf(client.socket)).toBe('600');
	const {id} = await client.run(world.request('people', 'quick.csv', {mode: 'dry'}));
	await until(client, id, ended);
	expect(modeOf(world.path('.sluice', 'executions', id, 'configuration.json'))).toBe('600');
	expect(modeOf(world.path('.sluice', 'executions', id, 'input', 'quick.csv'))).toBe('600');
	const other = new World();
	await expect(other.start.call(world)).rejects.toMatchObject({code: 'daemon.running'});
	await other.end();
});

test('a state folder that others can write is refused', async () => {
	world = new World();
	mkdirSync(world.path('.sluice'));
	chmodSync(world.path('.sluice'), 0o777);
	await expect(world.start()).rejects.toMatchObject({code: 'daemon.folder_open', where: world.path('.sluice')});
});

test('a long path gets a socket elsewhere, in a folder of its owner alone', () => {
	world = new World();
	const long = `/${'deep/'.repeat(30)}workspace`;
	const {path, folder} = socketPath(long, {XDG_RUNTIME_DIR: ''});
	expect(Buffer.byteLength(path)).toBeLessThan(100);
	expect(folder).not.toBeNull();
	expect(socketPath(`${long}2`, {XDG_RUNTIME_DIR: ''}).path).not.toBe(path);
	expect(socketPath('/w', {}).path).toBe('/w/.sluice/daemon.sock');
});

test('live runs and cancels on production name the connector', async () => {
	world = new World('name: test\nenvironment: production\n');
	world.connector('people');
	const client = await world.start();
	await client.activate('people');
	await expect(client.run(world.request('people', 'hold.csv'))).rejects.toMatchObject({
		code: 'run.confirm_needed',
		expected: '--confirm people',
	});
	const {id} = await client.run(world.request('people', 'hold.csv', {confirm: 'people'}));
	await until(client, id, working);
	await expect(client.cancel(id, {confirm: 'poeple'})).rejects.toMatchObject({code: 'run.confirm_needed'});
	expect(await client.cancel(id, {confirm: 'people'})).toMatchObject({status: 'cancelled'});
	expect(await client.run(world.request('people', 'quick.csv', {mode: 'dry'}))).toMatchObject({mode: 'dry'});
});

test('a secret never shows in a log, and never stands in the execution folder', async () => {
	world = new World();
	world.connector('people', 'secrets: [vendor_db]\n', 'CREATE TABLE output.input AS SELECT * FROM input.page_idx_0;\n');
	process.env.XDG_CONFIG_HOME = world.path('config');
	const client = await world.start();
	await client.setSecret('vendor_db', '{"host":"db.example.com","password":"correct-horse"}');
	const {id} = await client.run(world.request('people', 'quick.csv', {mode: 'dry'}));
	await until(client, id, ended);
	expect((await client.log(id)).items.map(({message}) => message)).toContain('lease 1 with ***');
	expect(readFileSync(world.path('.sluice', 'executions', id, 'configuration.json'), 'utf8')).not.toContain('correct-horse');
	expect(JSON.stringify(await client.history())).not.toContain('correct-horse');
	expect(await client.secrets()).toMatchObject({items: [{name: 'vendor_db', from: 'store'}]});
	process.env.XDG_CONFIG_HOME = '';
});

test('nonsense of any kind is answered with an error and leaves the daemon alive', async () => {
	world = new World();
	world.connector('people');
	const client = await world.start();
	const send = (method: string, path: string, body: string, headers = {}) =>
		new Promise<{status: number; text: string}>((resolve, reject) => {
			const outgoing = request({socketPath: client.socket, method, path, headers}, async (response) => {
				let text = '';
				for await (const part of response) text += String(part);
				resolve({status: response.statusCode ?? 0, text});
			});
			outgoing.on('error', reject);
			outgoing.end(body);
		});
	const nonsense: [string, string, string][] = [
		['POST', '/executions', '{'],
		['POST', '/executions', '[]'],
		['POST', '/executions', '{"connector":7}'],
		['POST', '/connectors/people/activate', '{"decision":{"keep":"some"}}'],
		['GET', '/executions?limit=-1', ''],
		['GET', '/executions?status=nonsense', ''],
		['GET', '/executions/%00', ''],
		['GET', '/connectors/..%2f..%2fetc', ''],
		['GET', '/nowhere', ''],
		['DELETE', '/status', ''],
	];
	for (const [method, path, body] of nonsense) {
		const {status, text} = await send(method, path, body);
		expect({path, body, status}).toMatchObject({status: expect.toSatisfy((code: number) => code >= 400 && code < 500)});
		expect(JSON.parse(text)).toMatchObject({code: expect.stringMatching(/^usage\./), message: expect.any(String)});
	}
	expect((await client.status()).daemon.pid).toBe(process.pid);
});

test('a client that reads nothing of its events costs nothing', async () => {
	world = new World();
	world.connector('people');
	const client = await world.start();
	const stalled = await new Promise<{destroy(): void}>((resolve) => {
		const outgoing = request({socketPath: client.socket, path: '/events'}, (response) => {
			response.pause();
			resolve(outgoing);
		});
		outgoing.end();
	});
	const {id} = await client.run(world.request('people', 'chunks-200.csv', {mode: 'dry'}));
	expect(await until(client, id, ended)).toMatchObject({status: 'completed', counts: {created: 200}});
	stalled.destroy();
});

test('a command starts the daemon when none runs, and hears its own words when it cannot', async () => {
	world = new World();
	const launcher = world.write(
		'launch.mjs',
		`process.stderr.write(JSON.stringify({error: {code: 'daemon.folder_open', message: 'The folder can be written by others', where: '/x', expected: null, cure: null}}) + '\\n'); process.exit(1);`,
	);
	const start = connect({workspaceDir: world.dir, program: [process.execPath, launcher]});
	await expect(start).rejects.toMatchObject({code: 'daemon.folder_open', where: '/x'});
	await expect(connect({workspaceDir: world.dir, start: false})).rejects.toMatchObject({code: 'daemon.not_running'});
	rmSync(launcher);
	expect(readdirSync(world.path('.sluice'))).toContain('log');
});
