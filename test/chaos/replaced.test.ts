import {type ChildProcess, fork} from 'node:child_process';
import {cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import Database from 'better-sqlite3';
import {afterEach, expect, test} from 'vitest';
import type {ExecutionJob, FromRunner} from '../../source/engine/protocol.js';
import {openStore} from '../../source/store/sqlite/open-store.js';
import {readWorkspace} from '../../source/workspace/read-workspace.js';
import {itemsWorkspace, type TestWorkspace} from '../whole/workspace.js';

const runnerProgram = fileURLToPath(new URL('../../dist/source/engine/main.js', import.meta.url));
const rows = 1000;
const chunkSize = 100;
let workspace: TestWorkspace;
let scratch: string;
const children: ChildProcess[] = [];

afterEach(async () => {
	for (const child of children.splice(0)) child.kill('SIGKILL');
	await workspace.close();
	rmSync(scratch, {recursive: true, force: true});
});

test('a runner that was frozen and replaced cannot commit any more: its lease is older', async () => {
	workspace = itemsWorkspace(chunkSize);
	scratch = mkdtempSync(join(tmpdir(), 'sluice-replaced-'));
	const storeFile = join(scratch, 'sluice.db');
	const old = await job(1, storeFile);
	const marker = join(scratch, 'frozen');
	const frozen = begin(old, {SLUICE_FAILPOINT: 'runner.commit.after', SLUICE_FAILPOINT_MARKER: marker, SLUICE_FAILPOINT_SIGNAL: 'SIGSTOP'});
	while (!existsSync(marker) || stateOf(frozen.child) !== 'T') await pause(10);

	const folder = join(scratch, 'elsewhere');
	cpSync(old.folder, folder, {recursive: true});
	const replacement = await begin({...old, folder, lease: 2}).ended;
	expect(replacement).toMatchObject({result: 'completed', error: null});

	frozen.child.kill('SIGCONT');
	expect(await frozen.ended).toMatchObject({result: 'failed', error: {code: 'lease.lost'}});
	const db = new Database(storeFile, {readonly: true});
	try {
		expect(db.prepare('SELECT count(*) AS n, count(DISTINCT code) AS codes FROM record_items').get()).toEqual({n: rows, codes: rows});
		expect(db.pragma('integrity_check', {simple: true})).toBe('ok');
	} finally {
		db.close();
	}
}, 120_000);

async function job(lease: number, storeFile: string): Promise<ExecutionJob> {
	const {connectors, objects, settings} = await readWorkspace(workspace.dir);
	const connector = connectors.find(({apiName}) => apiName === 'items')?.connector;
	if (!connector) throw new Error('the connector cannot be read');
	await (await openStore(storeFile, objects)).close();
	const folder = join(scratch, 'here');
	mkdirSync(join(folder, 'input'), {recursive: true});
	const path = join(folder, 'input', 'items.csv');
	writeFileSync(path, `code,name\n${Array.from({length: rows}, (_, n) => `C${n},Name ${n}`).join('\n')}\n`);
	const at = new Date().toISOString();
	return {
		task: 'execute',
		id: '01890000-0000-7000-8000-000000000001',
		lease,
		folder,
		storeFile,
		mode: 'live',
		connector,
		objects,
		input: {path, name: 'items.csv'},
		failedRowsOf: null,
		closing: null,
		diffCheck: false,
		limits: settings.limits,
		locale: {timezone: 'UTC', defaultCountry: null},
		startedBy: 'test',
		triggeredBy: 'manual',
		queuedAt: at,
		startedAt: at,
		listeners: {},
		secrets: {},
	};
}

function begin(task: ExecutionJob, environment: Readonly<Record<string, string>> = {}) {
	const child = fork(runnerProgram, [], {env: {...process.env, ...environment}, execArgv: [], serialization: 'advanced'});
	children.push(child);
	const ended = new Promise<Extract<FromRunner, {type: 'ended'}>>((resolve, reject) => {
		child.on('message', (message: FromRunner) => {
			if (message.type === 'ended') resolve(message);
		});
		child.on('exit', (code, signal) => reject(new Error(`the runner said nothing (${signal ?? code})`)));
	});
	child.send({type: 'task', task});
	return {child, ended};
}

/** `T`: stopped. */
function stateOf({pid}: ChildProcess): string {
	const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
	return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
}
