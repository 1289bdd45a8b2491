import {existsSync} from 'node:fs';
import {createServer as createHttpServer} from 'node:http';
import {type AddressInfo, createServer, type Server} from 'node:net';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {attempts, type Targets} from './escapes.js';
import {aimed, hostileProbes} from './hostile-probes.js';
import {build, canSandbox, failure, newFolder, newWorker, page, write} from './world.js';

const canaryText = 'the canary sings';
/** Every statement that tries to get out, and the rule that stops it. */
function statements(aims: Targets, withSecrets: boolean): readonly (readonly [rule: string, sql: string])[] {
	const probes = hostileProbes.map((probe) => {
		const sql = aimed(probe, aims);
		return [!withSecrets && /FROM (?:url|s3)\(vendor, /.test(sql) ? 'secrets' : probe.rule, sql] as const;
	});
	return [...attempts.map(([rule, attempt]) => [rule, attempt(aims)] as const), ...probes];
}

const secrets = {vendor: {url: 'http://127.0.0.1:9/feed', headers: 'x-secret-token-1234'}};
let server: Server;
let port = 0;
let connections = 0;

beforeAll(async () => {
	server = createServer((socket) => {
		connections++;
		socket.destroy();
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	port = typeof address === 'object' && address !== null ? address.port : 0;
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

function targets(): Targets {
	const folder = newFolder();
	return {canary: write(folder, 'canary.txt', canaryText), out: join(folder, 'out'), port};
}

async function prepared(sqlSandbox: 'required' | 'off', withSecrets: boolean) {
	const worker = await build(await newWorker({sqlSandbox}, withSecrets ? secrets : {}), {pages: [page('records', ['a'], [['1']])]});
	await worker.execute("CREATE TABLE run.hidden ENGINE = MergeTree ORDER BY a AS SELECT 'hidden' AS a");
	return worker;
}

const ready = `CREATE TABLE IF NOT EXISTS output.ok (b String) ENGINE = Log;
CREATE TABLE IF NOT EXISTS output.tree (b String) ENGINE = MergeTree ORDER BY tuple();
`;

const modes = [
	{walls: 'guard and sandbox', sandbox: 'required', withSecrets: false},
	{walls: 'the guard alone', sandbox: 'off', withSecrets: false},
	{walls: 'the guard alone, with secrets and so with a network', sandbox: 'off', withSecrets: true},
] as const;

describe.each(modes)('behind $walls', ({sandbox, withSecrets}) => {
	test(`each of ${attempts.length + hostileProbes.length} attempts to get out is refused by its rule, at its line; none reads, writes or connects`, async (context) => {
		if (sandbox === 'required' && !(await canSandbox())) return context.skip();
		const worker = await prepared(sandbox, withSecrets);
		const aims = targets();
		const before = connections;
		let unread = 0;
		for (const [rule, sql] of statements(aims, withSecrets)) {
			const error = await failure(worker, `${ready}${sql};`);
			const told = `${sql}\n${error.code} ${error.where} ${error.message}`;
			expect(['sql.forbidden', 'sql.syntax'], told).toContain(error.code);
			if (error.code === 'sql.forbidden') expect(error.message, told).toContain(`(rule: ${rule})`);
			if (error.code === 'sql.syntax') unread++;
			expect(error.where, told).toMatch(/transform\.sql:[3-9]:\d+$/);
			expect(JSON.stringify(error), told).not.toContain(canaryText);
			expect(existsSync(aims.out), told).toBe(false);
			expect(connections, told).toBe(before);
		}
		// What is stopped is stopped by the guard, but for the few attempts that are no SQL at all.
		expect(unread).toBeLessThan(5);
		expect(await worker.rows("SELECT name FROM system.tables WHERE database = 'output' AND name NOT IN ('ok', 'tree')")).toEqual([]);
		await worker.open('trusted');
		expect(await worker.rows('SELECT * FROM run.hidden')).toEqual([{a: 'hidden'}]);
	});
});

test.each(['required', 'off'] as const)(
	'a secret is used by name; its address cannot be overridden in the call (sandbox: %s)',
	async (sqlSandbox) => {
		if (sqlSandbox === 'required' && !(await canSandbox())) return;
		const open = {vendor: {url: `http://127.0.0.1:${port}/feed`}};
		const worker = await build(await newWorker({sqlSandbox}, open));
		const before = connections;

		const elsewhere = await failure(worker, "SELECT * FROM url(vendor, url = 'http://127.0.0.1:1/', structure = 'a String')");
		const headers = await failure(worker, "SELECT * FROM url(vendor, headers('a' = 'b'), structure = 'a String')");
		expect([elsewhere.code, headers.code, connections]).toEqual(['sql.forbidden', 'sql.forbidden', before]);

		const used = await failure(worker, "SELECT * FROM url(vendor, structure = 'a String', format = 'CSV')");
		expect(used.code).toBe('source.connection_lost');
		expect(connections).toBeGreaterThan(before);
	},
);

test('what a server answers is never run as SQL, even in a format whose rows may be expressions', async ({onTestFinished}) => {
	const canary = write(newFolder(), 'canary.txt', canaryText);
	const answers = createHttpServer((_, response) => response.end(`(file('${canary}'))`));
	onTestFinished(() => void answers.close());
	await new Promise<void>((resolve) => answers.listen(0, '127.0.0.1', resolve));
	const {port: at} = answers.address() as AddressInfo;
	const secret = {url: `http://127.0.0.1:${at}/`, format: 'Values', structure: 'b String'};
	const worker = await build(await newWorker({sqlSandbox: 'off'}, {vendor: secret}));

	const error = await failure(worker, 'CREATE TABLE output.x AS SELECT * FROM url(vendor)');

	expect(error).toMatchObject({code: 'sql.failed', message: expect.stringContaining('Interpreting expressions is disabled')});
	expect(JSON.stringify(error)).not.toContain(canaryText);
});

test('without secrets the sandbox has no network, even for what no guard has seen', async (context) => {
	if (!(await canSandbox())) return context.skip();
	const read = `SELECT * FROM url('http://127.0.0.1:${port}/', 'CSV', 'a String') SETTINGS http_max_tries = 1`;
	const before = connections;
	await expect((await newWorker({sqlSandbox: 'required'})).rows(read)).rejects.toMatchObject({code: expect.stringMatching(/^source\./)});
	expect(connections).toBe(before);
	await expect((await newWorker({sqlSandbox: 'off'})).rows(read)).rejects.toMatchObject({code: expect.stringMatching(/^source\./)});
	expect(connections).toBeGreaterThan(before);
});

test('a secret appears neither in an error nor in a file of the execution', async () => {
	const folder = newFolder();
	const worker = await build(await newWorker({sqlSandbox: 'off'}, {vendor: {url: 'http://127.0.0.1:1/?key=topsecret99'}}, folder));

	const error = await failure(worker, "SELECT * FROM url(vendor, structure = 'a String', format = 'CSV'); SELECT 'topsecret99'");

	expect(error.code).toBe('source.unreachable');
	expect(JSON.stringify(error)).not.toContain('topsecret99');
	const {execFileSync} = await import('node:child_process');
	expect(execFileSync('sh', ['-c', `grep -rl topsecret99 '${folder}' || true`], {encoding: 'utf8'})).toBe('');
	expect(await worker.rows('SELECT * FROM system.named_collections')).toEqual([]);
});
