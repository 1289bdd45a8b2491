import {existsSync, mkdirSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, expect, test} from 'vitest';
import {itemsWorkspace, TestWorkspace} from './workspace.js';

let workspace: TestWorkspace;
const {TMPDIR, XDG_RUNTIME_DIR} = process.env;

/** An own object in place of `process.env` would not reach what reads the environment of the process itself. */
function restoreEnvironment(): void {
	for (const [name, value] of Object.entries({TMPDIR, XDG_RUNTIME_DIR})) {
		if (value === undefined) delete process.env[name];
		else process.env[name] = value;
	}
}

afterEach(async () => {
	await workspace.close();
	restoreEnvironment();
});

const socketOf = (dir: string) => (JSON.parse(readFileSync(join(dir, '.sluice/daemon.json'), 'utf8')) as {socket: string}).socket;

test.runIf(process.env.SLUICE_LONG)(
	'a stopped daemon is named as that, with what to do',
	async () => {
		workspace = itemsWorkspace(10);
		expect(await workspace.cli('daemon', 'start')).toMatchObject({code: 0});
		const [pid = 0] = workspace.pids('daemon');
		process.kill(pid, 'SIGSTOP');
		try {
			for (const words of [['status'], ['daemon', 'stop']]) {
				const said = await workspace.cli(...words, '--json');
				expect([said.code, JSON.parse(said.err)]).toMatchObject([
					1,
					{
						code: 'daemon.unreachable',
						message: expect.stringContaining(`process ${pid} is stopped`),
						cure: expect.stringMatching(`kill -CONT ${pid}.*kill -9 ${pid}`),
					},
				]);
			}
		} finally {
			process.kill(pid, 'SIGCONT');
		}
		expect(await workspace.cli('status')).toMatchObject({code: 0});
	},
	60_000,
);

test('a socket that cannot be opened in one place is opened in the next, and nothing is left of it', async () => {
	const outer = new TestWorkspace();
	workspace = itemsWorkspace(10);
	const dir = join(outer.dir, 'deep-'.repeat(20), 'workspace');
	mkdirSync(dir, {recursive: true, mode: 0o700});
	const long = Object.create(workspace, {dir: {value: dir}}) as TestWorkspace;
	long.write('sluice.yaml', 'name: long\n');
	const temporary = join(outer.dir, 't');
	mkdirSync(temporary, {mode: 0o700});
	process.env.TMPDIR = temporary;
	// A login that is over: its runtime folder is gone.
	process.env.XDG_RUNTIME_DIR = join(outer.dir, 'gone');
	try {
		expect(await long.cli('status')).toMatchObject({code: 0});
		const own = join(temporary, `sluice-${process.getuid?.()}`);
		expect(socketOf(dir).startsWith(own)).toBe(true);
		expect(await long.cli('daemon', 'stop')).toMatchObject({code: 0});

		// Another user has taken the folder's name.
		rmSync(own, {recursive: true});
		outer.write(`t/sluice-${process.getuid?.()}`, '');
		expect(await long.cli('status')).toMatchObject({code: 0});
		const socket = socketOf(dir);
		expect(socket).toMatch(new RegExp(`^${own}-[^/]+/daemon.sock$`));
		expect(await long.cli('status')).toMatchObject({code: 0});
		expect(await long.cli('daemon', 'stop')).toMatchObject({code: 0});
		expect([existsSync(socket), readdirSync(temporary)]).toEqual([false, [`sluice-${process.getuid?.()}`]]);
	} finally {
		await long.cli('daemon', 'stop');
		await outer.close();
	}
}, 90_000);

test('where no socket can be opened at all, the command says so and no process keeps the workspace', async () => {
	workspace = itemsWorkspace(10);
	const dir = join(workspace.dir, 'deep-'.repeat(20), 'workspace');
	mkdirSync(dir, {recursive: true, mode: 0o700});
	const long = Object.create(workspace, {dir: {value: dir}}) as TestWorkspace;
	long.write('sluice.yaml', 'name: long\n');
	process.env.TMPDIR = join(workspace.dir, 'nowhere');
	process.env.XDG_RUNTIME_DIR = '';
	expect(await long.cli('status')).toMatchObject({code: 1, err: expect.stringContaining('No socket can be opened')});
	expect(long.pids('daemon')).toEqual([]);
	restoreEnvironment();
	expect(await long.cli('status')).toMatchObject({code: 0});
	expect(await long.cli('daemon', 'stop')).toMatchObject({code: 0});
}, 90_000);

test('a daemon with thirty connectors waiting for validation stops at once, and forks nothing after', async () => {
	workspace = itemsWorkspace(10);
	const yaml = readFileSync(join(workspace.dir, 'connectors/items/connector.yaml'), 'utf8');
	for (let n = 0; n < 30; n++) {
		const sql = yaml
			.replace('sample_file:', 'sql: transform.sql\nsample_file:')
			.replaceAll('{name: code, column', '{name: code, scope: input, column');
		workspace.write(
			`connectors/c${n}/connector.yaml`,
			sql
				.replaceAll('{name: name, column', '{name: name, scope: input, column')
				.replace('    object: items\n    matching', '    object: items\n    scope: input\n    matching'),
		);
		workspace.write(`connectors/c${n}/transform.sql`, `CREATE TABLE output.input AS SELECT *, ${n} AS n FROM input.page_idx_0;\n`);
		workspace.write(`connectors/c${n}/sample.csv`, 'code,name\nA,a\n');
	}
	expect(await workspace.cli('daemon', 'start')).toMatchObject({code: 0});
	expect(await workspace.cli('daemon', 'stop')).toMatchObject({code: 0, err: ''});
	expect([...workspace.pids('daemon'), ...workspace.pids('runner'), ...workspace.pids('worker')]).toEqual([]);
	expect(readFileSync(join(workspace.dir, '.sluice/log/daemon.log'), 'utf8')).not.toContain('database connection is not open');
}, 90_000);
