import {type ChildProcess, fork} from 'node:child_process';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {toSluiceError} from '../../source/model/errors.js';
import {canSandbox, newFolder, newWorker, reasonToSkip, type Setting, walledWorker} from './world.js';

const endless = 'SELECT sum(sipHash64(number)) FROM numbers(1000000000000)';

function lives(pid: number): boolean {
	try {
		return !['Z', 'X'].includes(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.charAt(0) ?? 'X');
	} catch {
		return false;
	}
}

/** Every process that works on a folder. */
function workersOf(folder: string): readonly number[] {
	return readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.map(Number)
		.filter((pid) => existsSync(`/proc/${pid}/cmdline`) && lives(pid))
		.filter((pid) => {
			try {
				return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder);
			} catch {
				return false;
			}
		});
}

async function until(holds: () => boolean): Promise<void> {
	while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

const settings: readonly Setting[] = ['bubblewrap', 'unshare', 'none'];

test.for(settings)('a kill ends a busy engine with all its processes; open calls are cancelled (sandbox: %s)', async (setting, context) => {
	const skipped = await reasonToSkip(setting);
	if (skipped) return context.skip(skipped);
	const folder = newFolder();
	const worker = await walledWorker(setting, {}, folder);
	expect(workersOf(folder)).toContain(worker.pid);
	expect(worker.start).toBe(readFileSync(`/proc/${worker.pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19]);
	const busy = worker.execute(endless).catch(toSluiceError);
	await worker.rows('SELECT 1');
	const began = performance.now();

	await worker.kill();

	console.log(`killed in ${(performance.now() - began).toFixed(0)} ms (sandbox: ${setting})`);
	expect(workersOf(folder)).toEqual([]);
	expect(await busy).toMatchObject({code: 'sql.cancelled'});
	expect(await worker.rows('SELECT 1').catch(toSluiceError)).toMatchObject({code: 'sql.cancelled'});
	await worker.kill();
});

test.for(settings)('a worker that ends by itself fails its calls, and only them (sandbox: %s)', async (setting, context) => {
	const skipped = await reasonToSkip(setting);
	if (skipped) return context.skip(skipped);
	const worker = await walledWorker(setting);
	const busy = worker.execute(endless).catch(toSluiceError);
	process.kill(worker.pid, 'SIGKILL');
	expect(await busy).toMatchObject({code: 'sql.crashed'});
	await worker.ended;
	await expect(worker.execute('SELECT 1')).rejects.toMatchObject({code: 'sql.crashed'});
});

test.for(settings)('a killed parent leaves no worker behind, not even a busy one (sandbox: %s)', async (setting, context) => {
	const skipped = await reasonToSkip(setting);
	if (skipped) return context.skip(skipped);
	const folder = newFolder();
	const parent: ChildProcess = fork(join(import.meta.dirname, 'parent.mjs'), [folder, setting, endless], {execArgv: []});
	await new Promise((resolve) => parent.once('message', resolve));
	expect(workersOf(folder).length).toBeGreaterThan(1);

	parent.kill('SIGKILL');

	await until(() => workersOf(folder).length === 0);
});

test('small questions are answered while a long statement and a stream are under way', async () => {
	const worker = await newWorker();
	const busy = worker.execute(endless).catch(() => undefined);
	const stream = worker.blocks('SELECT number FROM numbers(1000000)')[Symbol.asyncIterator]();
	await stream.next();
	expect(await worker.rows('SELECT 1 AS a')).toEqual([{a: 1}]);
	await stream.return?.(undefined);
	await worker.kill();
	await busy;
});

test('a million rows stream in blocks, in order, with flat memory, and numbers keep every digit', async () => {
	const worker = await newWorker();
	await worker.execute('CREATE DATABASE t');
	await worker.execute(
		`CREATE TABLE t.big ENGINE = MergeTree ORDER BY n AS
		SELECT number AS n, 18446744073709551615 AS u, toDecimal128('12345678901234567890.123', 3) AS d, ${Array.from({length: 9}, (_, at) => `toString(number * ${at + 3}) AS c${at}`).join(', ')}
		FROM numbers(1000000)`,
	);
	const began = performance.now();
	const before = process.memoryUsage().rss;
	let rows = 0;
	let peak = 0;
	for await (const [n = [], u, d] of worker.blocks('SELECT * FROM t.big ORDER BY n')) {
		if (Number(n[0]) !== rows || u?.[0] !== '18446744073709551615' || d?.[0] !== '12345678901234567890.123')
			throw new Error(`Row ${rows} is wrong`);
		rows += n.length;
		peak = Math.max(peak, process.memoryUsage().rss - before);
	}
	console.log(
		`1M x 12 in ${(performance.now() - began).toFixed(0)} ms, RSS grew by ${(peak / 1e6).toFixed(0)} MB; worker ${((await worker.peakMemory()) / 1e6).toFixed(0)} MB`,
	);
	expect(rows).toBe(1_000_000);
	expect(peak).toBeLessThan(250_000_000);
});

test('blocks are inserted as they are: nulls, arrays, bigints, and text that looks like SQL', async () => {
	const worker = await newWorker();
	await worker.execute('CREATE DATABASE t');
	await worker.execute('CREATE TABLE t.x (a Nullable(String), b Array(String), c Int64, `d ``e` String) ENGINE = Log');
	const texts = ['x;\n\n;\'"', null, '\\N', '\u2028é', '\u0000'];
	await worker.insert(
		't.x',
		['a', 'b', 'c', 'd `e'],
		[texts, [['1'], [], ["'"], [], []], [9007199254740993n, 1, 2, 3, 4], ['', '', '', '', '']],
	);
	await worker.insert('t.x', ['a'], [[]]);
	expect(await worker.rows('SELECT a, b, c FROM t.x')).toEqual([
		{a: texts[0], b: ['1'], c: '9007199254740993'},
		{a: null, b: [], c: '1'},
		{a: '\\N', b: ["'"], c: '2'},
		{a: '\u2028é', b: [], c: '3'},
		{a: '\u0000', b: [], c: '4'},
	]);
});

test('a failing stream throws where it is read, and leaving one early stops it', async () => {
	const worker = await newWorker();
	const drain = async () => {
		for await (const [column = []] of worker.blocks('SELECT throwIf(number = 500000) FROM numbers(1000000)')) expect(column[0]).toBe(0);
	};
	await expect(drain()).rejects.toMatchObject({code: 'sql.failed'});
	for await (const [column = []] of worker.blocks('SELECT number FROM numbers(100000000)')) {
		expect(column[0]).toBe('0');
		break;
	}
	expect(await worker.rows('SELECT 1 AS a')).toEqual([{a: 1}]);
});

test('a required sandbox that is missing refuses; a preferred one is done without; the walls say which stood', async () => {
	await expect(newWorker({sqlSandbox: 'required'}, {}, newFolder(), [])).rejects.toMatchObject({code: 'sql.sandbox_missing'});
	expect((await newWorker({sqlSandbox: 'preferred'}, {}, newFolder(), [])).walls).toEqual(['guard']);
	expect((await newWorker({sqlSandbox: 'off'})).walls).toEqual(['guard']);
	const worker = await newWorker();
	expect(worker.walls).toEqual((await canSandbox()) ? ['guard', 'sandbox'] : ['guard']);
	expect(worker.engine).toMatch(/^chdb \d+\.\d+\.\d+\.\d+$/);
});

test('inside the sandbox our own statements too see the folder and nothing else', async (context) => {
	if (!(await canSandbox())) return context.skip();
	const worker = await newWorker({sqlSandbox: 'required'});
	await expect(worker.rows("SELECT file('/etc/passwd')")).rejects.toMatchObject({code: 'sql.failed'});
	for (const path of ['/root', '/home', process.cwd()]) {
		await expect(worker.rows(`SELECT file('${join(path, 'tsconfig.json')}')`)).rejects.toMatchObject({code: 'sql.failed'});
	}
});
