import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync, statfsSync, truncateSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import Database from 'better-sqlite3';
import {afterEach, beforeEach, expect, test} from 'vitest';
import type {Execution} from '../../source/model/execution.js';
import {Freeze} from '../support/freeze.js';
import {itemsWorkspace, type TestWorkspace} from '../whole/workspace.js';

const rows = 6000;
const sizeMb = 64;
let workspace: TestWorkspace;
let scratch: string;
let mounted: string | null = null;

beforeEach(() => {
	scratch = mkdtempSync(join(tmpdir(), 'sluice-disk-'));
});

afterEach(async () => {
	Freeze.end();
	for (const name of ['LD_PRELOAD', 'SLUICE_TROUBLE', 'SLUICE_TROUBLE_UNDER']) delete process.env[name];
	await workspace.cli('daemon', 'stop');
	if (mounted) execFileSync('umount', ['--lazy', mounted]);
	mounted = null;
	await workspace.close();
	rmSync(scratch, {recursive: true, force: true});
});

test('a run that a full disk stops says so, waits, and completes by itself once there is room', async (context) => {
	workspace = itemsWorkspace(500);
	const state = join(workspace.dir, '.sluice');
	if (!tried('mkdir', '-m', '700', state) || !tried('mount', '-t', 'tmpfs', '-o', `size=${sizeMb}m,mode=700`, 'sluice-test', state)) {
		context.skip('a small file system can be mounted as root alone');
		return;
	}
	mounted = state;
	const freeze = new Freeze(workspace, 'runner.commit.after');
	const id = await begunRun();
	await freeze.reached();
	const filler = join(state, 'filler');
	fillUp(filler);
	writeFileSync(join(workspace.dir, 'one.csv'), `code,name\n${'A'.repeat(300_000)},a\n`);
	const refused = await workspace.cli('run', 'items', '--input', join(workspace.dir, 'one.csv'), '--json');
	expect([refused.code, JSON.parse(refused.err)]).toMatchObject([1, {code: 'daemon.disk', where: state}]);
	freeze.goOn();
	const sentence = await untilSaid(id);
	expect(sentence).toMatch(/The disk that holds .* is full \(\d+\.\d MB free\): make room there/);
	rmSync(filler);
	await expectWhole(id);
}, 180_000);

test.runIf(process.env.SLUICE_LONG)(
	'a run whose disk fails at fsync waits, and completes once the disk works again',
	async (context) => {
		const shim = join(scratch, 'trouble.so');
		if (!tried('gcc', '-shared', '-fPIC', '-O1', '-o', shim, fileURLToPath(new URL('preload/trouble.c', import.meta.url)), '-ldl')) {
			context.skip('there is no C compiler');
			return;
		}
		workspace = itemsWorkspace(500);
		Object.assign(process.env, {LD_PRELOAD: shim, SLUICE_TROUBLE: scratch, SLUICE_TROUBLE_UNDER: '/segments/'});
		writeFileSync(join(scratch, 'fsync'), '');
		const id = await begunRun();
		expect(await untilSaid(id)).toMatch(/The disk that holds .* fails to read or write/);
		rmSync(join(scratch, 'fsync'));
		await expectWhole(id);
	},
	180_000,
);

async function begunRun(): Promise<string> {
	workspace.write('items.csv', `code,name\n${Array.from({length: rows}, (_, n) => `C${n},Name ${n}`).join('\n')}\n`);
	expect((await workspace.cli('activate', 'items')).code).toBe(0);
	const [queued] = await workspace.json<Execution>(['run', 'items', '--input', join(workspace.dir, 'items.csv'), '--detach']);
	return queued?.id ?? '';
}

/** Fills the disk of a file. A little is left: what is full for a run is not always full for the daemon's own notes. */
function fillUp(file: string): void {
	for (;;) {
		const {bavail, bsize} = statfsSync(dirname(file));
		try {
			writeFileSync(file, Buffer.alloc(Math.max(0, bavail * bsize - 100_000)), {flag: 'a'});
			return;
		} catch (error) {
			// The daemon has written meanwhile.
			if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
			truncateSync(file, 0);
		}
	}
}

async function until(id: string, holds: (execution: Execution) => boolean): Promise<Execution> {
	for (;;) {
		const execution = await (await workspace.client()).execution(id);
		if (holds(execution)) return execution;
		await pause(50);
	}
}

/** The sentence in `status` that says which disk the execution waits for. */
async function untilSaid(id: string): Promise<string> {
	for (;;) {
		const {needs_you: needs} = await (await workspace.client()).status();
		const found = needs.find(({kind, execution}) => kind === 'waiting' && execution === id);
		if (found) return found.message;
		await pause(50);
	}
}

async function expectWhole(id: string): Promise<void> {
	const ended = await until(id, ({status}) => status !== 'queued' && status !== 'running');
	expect(ended.error).toBe(null);
	expect(ended.status).toBe('completed');
	expect(ended.counts).toEqual({created: rows, updated: 0, skipped: 0, errored: 0, warnings: 0});
	for (const name of ['sluice.db', 'control.db']) {
		const db = new Database(join(workspace.dir, '.sluice', name), {readonly: true});
		expect(db.pragma('integrity_check', {simple: true})).toBe('ok');
		db.close();
	}
}

function tried(command: string, ...words: readonly string[]): boolean {
	try {
		execFileSync(command, words, {stdio: 'ignore'});
		return true;
	} catch {
		return false;
	}
}
