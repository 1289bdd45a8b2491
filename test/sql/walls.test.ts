import {execFile, spawn} from 'node:child_process';
import {accessSync, chmodSync, constants, existsSync, mkdirSync, readFileSync, realpathSync, statSync, symlinkSync} from 'node:fs';
import {createServer, type Server} from 'node:net';
import {dirname, join} from 'node:path';
import {promisify} from 'node:util';
import {afterAll, afterEach, beforeAll, describe, expect, test, vi} from 'vitest';
import {openingOf} from '../../source/engine/sql/sandbox/namespaces.js';
import {sharedLibraries} from '../../source/engine/sql/sandbox/shared-libraries.js';
import {systemProgram} from '../../source/engine/sql/sandbox/system-program.js';
import {wallKinds} from '../../source/engine/sql/sandbox/wall.js';
import {WorkerConnection} from '../../source/engine/sql/worker-connection.js';
import {findWorkerProgram, workerCommand} from '../../source/engine/sql/worker-program.js';
import type {SqlWorker} from '../../source/engine/sql/worker-session.js';
import {toSluiceError} from '../../source/model/errors.js';
import {attempts, type Targets} from './escapes.js';
import {aimed, hostileProbes} from './hostile-probes.js';
import {build, newFolder, page, reasonToSkip, type Setting, walledWorker, write} from './world.js';

const settings: readonly Setting[] = [...wallKinds, 'none'];
const secrets = {vendor: {url: 'http://127.0.0.1:9/feed'}};
const canaryText = 'the canary sings';
const ordinaryUser = 65534;
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

const environmentBefore = {...process.env};
afterEach(() => {
	process.env = {...environmentBefore};
});

/** What came out of a statement that no guard has seen: did it read, write or connect? */
async function outcomeOf(worker: SqlWorker, sql: string, aims: Targets) {
	const before = connections;
	const answer = await worker.rows(sql).catch((error: unknown) => `${toSluiceError(error).message} ${(error as Error).cause}`);
	const kept = await worker.rows('SELECT * FROM output.x').catch(() => []);
	const views = await worker.rows('SELECT * FROM output.ok').catch(() => []);
	const told = JSON.stringify([answer, kept, views]);
	await worker.execute('DROP TABLE IF EXISTS output.x').catch(() => undefined);
	return {read: told.includes(canaryText), written: existsSync(aims.out), connected: connections > before};
}

/** The long form (`SLUICE_LONG=1`) tries every probe; the short one every sixth, since most differ in how they pass a guard. */
const probes = hostileProbes.filter((_, index) => process.env.SLUICE_LONG === '1' || index % 6 === 0);
vi.setConfig({testTimeout: 600_000});

function statements(aims: Targets): readonly string[] {
	return [...attempts.map(([, attempt]) => attempt(aims)), ...probes.map((probe) => aimed(probe, aims))];
}

async function outcomesOf(setting: Setting, secretsOf: typeof secrets | Record<string, never>) {
	const folder = newFolder();
	const aims = {canary: write(folder, 'canary.txt', canaryText), out: join(folder, 'out'), port};
	const start = async () => {
		const worker = await build(await walledWorker(setting, secretsOf), {pages: [page('records', ['a'], [['1']])]});
		await worker.execute("CREATE TABLE run.hidden ENGINE = MergeTree ORDER BY a AS SELECT 'hidden' AS a");
		return worker;
	};
	let worker = await start();
	const outcomes = [];
	for (const sql of statements(aims)) {
		await worker.execute('CREATE TABLE IF NOT EXISTS output.ok (b String) ENGINE = Log').catch(() => undefined);
		await worker.execute('CREATE TABLE IF NOT EXISTS output.tree (b String) ENGINE = MergeTree ORDER BY tuple()').catch(() => undefined);
		outcomes.push({sql, ...(await outcomeOf(worker, sql, aims))});
		// An attempt may stop the engine or drop its databases: the next one gets a new engine.
		const whole = await worker.rows('SELECT * FROM run.hidden').catch(() => null);
		if (whole === null) {
			await worker.kill();
			worker = await start();
		}
	}
	return outcomes;
}

const got = (outcomes: readonly {read: boolean; written: boolean; connected: boolean}[]) => ({
	read: outcomes.filter(({read}) => read),
	written: outcomes.filter(({written}) => written),
	connected: outcomes.filter(({connected}) => connected),
});

describe('with the guard switched off', () => {
	test.for(wallKinds)(`none of ${attempts.length + probes.length} attempts reads, writes or connects behind %s`, async (kind, context) => {
		const skipped = await reasonToSkip(kind);
		if (skipped) return context.skip(skipped);
		expect(got(await outcomesOf(kind, {}))).toEqual({read: [], written: [], connected: []});
	});

	test.for(wallKinds)('none reads or writes behind %s where secrets give it a network', async (kind, context) => {
		const skipped = await reasonToSkip(kind);
		if (skipped) return context.skip(skipped);
		expect(got(await outcomesOf(kind, secrets))).toMatchObject({read: [], written: []});
	});

	test('the same attempts do read, write and connect where there is no wall', async () => {
		const {read, written, connected} = got(await outcomesOf('none', {}));
		expect([read.length > 10, written.length > 2, connected.length > 2]).toEqual([true, true, true]);
	});
});

test.for(wallKinds)(
	'behind %s there is no file of the machine, of its kernel, of other processes or of other executions',
	async (kind, context) => {
		const skipped = await reasonToSkip(kind);
		if (skipped) return context.skip(skipped);
		const executions = newFolder();
		const neighbour = write(executions, 'neighbour.txt', canaryText);
		const folder = join(executions, 'mine');
		mkdirSync(folder);
		const worker = await walledWorker(kind, {}, folder);
		const processes = [
			`/proc/${process.pid}/environ`,
			'/proc/1/environ',
			'/proc/self/environ',
			'/proc/1/root/etc/passwd',
			'/proc/self/maps',
		];
		const kernel = ['/proc/version', '/proc/cpuinfo', '/proc/net/tcp', '/proc/sys/kernel/hostname', '/sys/kernel/mm/ksm/run', '/dev/kmsg'];
		const system = ['/etc/passwd', '/etc/hostname', '/usr/lib/os-release', '/usr/bin/env', join(process.cwd(), 'tsconfig.json')];
		for (const path of [neighbour, ...processes, ...kernel, ...system]) {
			await expect(worker.rows(`SELECT file('${path}')`), path).rejects.toMatchObject({code: 'sql.failed'});
		}
	},
);

test.for(settings)('the environment and the home folder give the engine no credentials (%s)', async (setting, context) => {
	const skipped = await reasonToSkip(setting);
	if (skipped) return context.skip(skipped);
	for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_PROFILE', 'PGPASSWORD', 'PGSERVICEFILE', 'https_proxy', 'NODE_OPTIONS'])
		process.env[name] = '';
	process.env.AWS_SECRET_ACCESS_KEY = canaryText;
	const worker = await walledWorker(setting, secrets);
	const entries = readFileSync(`/proc/${worker.pid}/environ`, 'utf8').split('\0');
	const environment = Object.fromEntries(entries.filter(Boolean).map((entry) => entry.split(/=(.*)/s)));
	const {PWD: _folder, ...rest} = environment;
	expect(rest).toEqual({TZ: 'UTC', PGTZ: 'UTC', PGDATESTYLE: 'ISO, MDY', HOME: '/dev/null', AWS_EC2_METADATA_DISABLED: 'true'});
	expect(existsSync(join(rest.HOME ?? '', '.aws'))).toBe(false);
});

test.for(wallKinds)('%s takes any legal path as it is', async (kind, context) => {
	const skipped = await reasonToSkip(kind);
	if (skipped) return context.skip(skipped);
	const folder = join(newFolder(), `a b"c'd{e,f}*?[g]%20\\040$(id)\`id\`;#\t\n é`, '-- --');
	mkdirSync(folder, {recursive: true});
	const worker = await walledWorker(kind, {}, folder);
	await worker.execute('CREATE DATABASE t');
	await worker.execute('CREATE TABLE t.x ENGINE = MergeTree ORDER BY a AS SELECT 1 AS a');
	expect(await worker.rows('SELECT a FROM t.x')).toEqual([{a: 1}]);
	expect(existsSync(join(folder, 'chdb'))).toBe(true);
});

test.for(wallKinds)('%s stands for an ordinary user as well', async (kind, context) => {
	const skipped = await reasonToSkip(kind);
	if (skipped) return context.skip(skipped);
	if (process.getuid?.() !== 0) return context.skip('These tests already run as an ordinary user');
	const program = join(import.meta.dirname, 'guardless.mjs');
	const folder = newFolder();
	chmodSync(folder, 0o777);
	const run = promisify(execFile)(process.execPath, [program, join(folder, 'mine'), kind, 'SELECT 1 AS a', "SELECT file('/etc/passwd')"], {
		...{uid: ordinaryUser, gid: ordinaryUser, env: {}, cwd: '/'},
	});
	const {stdout} = await run.catch((error: unknown) => ({stdout: JSON.stringify({failed: String(error)})}));
	if (stdout.includes('EACCES')) return context.skip('An ordinary user cannot read the folder of these tests');
	expect(JSON.parse(stdout)).toEqual({walls: ['guard', 'sandbox'], answers: [[{a: 1}], 'sql.failed']});
});

test.for(wallKinds)('the process behind %s has no rights, and shares no namespace that a plain one shares', async (kind, context) => {
	const skipped = await reasonToSkip(kind);
	if (skipped) return context.skip(skipped);
	expect(openingOf((await walledWorker(kind)).pid, false)).toBeNull();
	expect(openingOf((await walledWorker(kind, secrets)).pid, true)).toBeNull();
	expect(openingOf((await walledWorker(kind, secrets)).pid, false)).toBe('it shares namespaces with its starter: net');
	expect(openingOf((await walledWorker('none')).pid, false)).toBe('it shares namespaces with its starter: mnt, pid, ipc, uts, net');
});

test('a worker that was promised walls and sees through them does not load the engine', async () => {
	const folder = newFolder();
	const {program, arguments: given} = workerCommand(findWorkerProgram().entry, folder, 0, 'walled');
	const child = spawn(program, given, {env: {}, stdio: 'pipe'});
	const connection = new WorkerConnection(child, (text) => text);
	const open = () =>
		connection.ask({do: 'open', access: null, settings: []}).catch((error: unknown) => String((error as Error).cause ?? error));
	expect(await open()).toContain('have not been seen to stand');
	const look = connection.ask({do: 'look', expectation: {hidden: ['/etc/passwd'], root: [], network: false}});
	expect(String(await look.catch((error: unknown) => (error as Error).cause))).toContain('the walls do not stand: /etc/passwd can be seen');
	expect(await open()).toContain('have not been seen to stand');
	expect(existsSync(join(folder, 'chdb'))).toBe(false);
	connection.cancel();
	await connection.ended;
});

test('a program that somebody else than root could replace is not used', () => {
	if (process.getuid?.() !== 0) return;
	const folder = newFolder();
	const mine = join(folder, 'bwrap');
	write(folder, 'bwrap', '#!/bin/sh\n');
	chmodSync(mine, 0o755);
	// The folder is under the temporary one, which everybody may write.
	expect(systemProgram('bwrap', [folder])).toBeUndefined();
	symlinkSync(realpathSync('/bin/sh'), join(folder, 'sh'));
	expect(systemProgram('sh', [folder])).toBe(realpathSync('/bin/sh'));
	expect(statSync(dirname(realpathSync('/bin/sh'))).uid).toBe(0);
	expect(systemProgram('no-such-program')).toBeUndefined();
});

test('the shared libraries of a program are those that the dynamic loader names', async (context) => {
	try {
		accessSync('/usr/bin/ldd', constants.X_OK);
	} catch {
		return context.skip('This machine has no ldd');
	}
	const program = realpathSync(process.execPath);
	const {stdout} = await promisify(execFile)('/usr/bin/ldd', [program]);
	const named = [...stdout.matchAll(/(?:=> |^\t)(\/\S+)/gm)].map(([, path]) => realpathSync(path ?? ''));
	const found = sharedLibraries([program]).map((path) => realpathSync(path));
	expect(found).toEqual(expect.arrayContaining([...new Set(named)]));
});
