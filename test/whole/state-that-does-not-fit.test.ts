import {copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import Sqlite from 'better-sqlite3';
import {afterAll, beforeAll, beforeEach, expect, test} from 'vitest';
import type {Execution} from '../../source/model/execution.js';
import {itemsWorkspace, type TestWorkspace} from './workspace.js';

let workspace: TestWorkspace;
let run: Execution;
let restore: () => Promise<void>;

beforeAll(async () => {
	workspace = itemsWorkspace(10);
	expect(await workspace.cli('activate', 'items')).toMatchObject({code: 0});
	run = await workspace.run('items', workspace.write('in.csv', 'code,name\nA,one\n'));
	restore = await workspace.snapshot();
});

beforeEach(() => restore());

afterAll(() => workspace.close());

const state = (name: string) => join(workspace.dir, '.sluice', name);
/** The short form looks at one of them in most tests; `SLUICE_LONG=1` at both in each. */
const databases = ['control.db', 'sluice.db'] as const;
const one = process.env.SLUICE_LONG === '1' ? databases : databases.slice(0, 1);
const other = process.env.SLUICE_LONG === '1' ? databases : databases.slice(1);

/** Turns every byte of a part of a file around. */
function flip(file: string): void {
	const bytes = readFileSync(file);
	for (let at = 0; at < bytes.length; at += 7) if (at > 100) bytes[at] = ~(bytes[at] ?? 0) & 0xff;
	writeFileSync(file, bytes);
}

const status = ['status'];
const aRun = ['run', 'items', '--input', 'in.csv'];

async function refused(code: string, file: string, commands: readonly (readonly string[])[]): Promise<void> {
	for (const words of commands) {
		const said = await workspace.cli(...words, '--json');
		expect([words, said.code, JSON.parse(said.err)]).toMatchObject([
			words,
			1,
			{code, where: file, message: expect.any(String), cure: expect.stringContaining('back')},
		]);
	}
	const doctor = await workspace.json<{check: string; ok: boolean; message: string}>(['doctor'], [1]);
	expect(doctor.filter(({ok}) => !ok)).toContainEqual({
		check: file.endsWith('control.db') ? 'control' : 'store',
		ok: false,
		message: expect.stringContaining(file),
	});
	expect(readdirSync(state('executions'))).toEqual([run.id]);
}

test.each(one)(
	'a missing or empty %s stops every command, and the workspace begins anew only when told to',
	async (name) => {
		rmSync(state(name));
		await refused('state.gone', state(name), [status, aRun]);
		writeFileSync(state(name), '');
		await refused('state.gone', state(name), [status]);
		expect(await workspace.cli('doctor', '--start-empty')).toMatchObject({code: 0, out: expect.stringContaining(name)});
		expect((await workspace.json<{what: string}>(['history'])).map(({what}) => what)).toContain('start empty');
		expect(await workspace.cli('daemon', 'stop')).toMatchObject({code: 0});
		expect(await workspace.cli('doctor', '--start-empty')).toMatchObject({
			code: 1,
			err: expect.stringContaining('No database of this workspace is gone'),
		});
	},
	180_000,
);

test.each(process.env.SLUICE_LONG ? other : other.slice(0, 1))(
	'a damaged %s stops every command with the file and the cure',
	async (name) => {
		const whole = readFileSync(state(name));
		for (const damage of [
			(file: string) => writeFileSync(file, 'this is no database, whatever its name says it is'.repeat(100)),
			(file: string) => truncateSync(file, Math.floor(whole.length / 2)),
			flip,
		]) {
			writeFileSync(state(name), whole);
			damage(state(name));
			await refused('state.damaged', state(name), damage === flip ? [aRun] : []);
		}
		expect(await workspace.cli('doctor', '--start-empty')).toMatchObject({code: 1});
		writeFileSync(state(name), whole);
		expect(await workspace.json(['records', 'items'])).toMatchObject([{fields: {code: 'A'}}]);
	},
	180_000,
);

test.each(one)(
	'an older %s put in its place stops every command',
	async (name) => {
		mkdirSync(state('old'));
		copyFileSync(state(name), state(`old/${name}`));
		await workspace.run('items', workspace.write('in.csv', 'code,name\nB,two\n'));
		await workspace.cli('daemon', 'stop');
		const newest = readFileSync(state(name));
		copyFileSync(state(`old/${name}`), state(name));
		const said = await workspace.cli('status', '--json');
		expect([said.code, JSON.parse(said.err)]).toMatchObject([1, {code: 'state.older', where: state(name)}]);
		writeFileSync(state(name), newest);
		expect(await workspace.json(['records', 'items'])).toHaveLength(2);
		expect(readdirSync(state('executions'))).toHaveLength(2);
	},
	120_000,
);

test('a control.db of a newer version stops every command with the cure, and is left as it is', async () => {
	const control = new Sqlite(state('control.db'));
	control.pragma('user_version = 999');
	control.close();
	await refused('state.newer', state('control.db'), [status, aRun]);
	const left = new Sqlite(state('control.db'), {readonly: true});
	expect(left.pragma('user_version', {simple: true})).toBe(999);
	left.close();
}, 60_000);

test('a command says that the daemon has another version, and goes on', async () => {
	expect(await workspace.cli('status')).toMatchObject({code: 0, err: ''});
	const recorded = JSON.parse(readFileSync(state('daemon.json'), 'utf8')) as object;
	for (const [version, cure] of [
		['0.0.1', 'sluice daemon stop'],
		['99.0.0', 'use the command of that version'],
	] as const) {
		writeFileSync(state('daemon.json'), JSON.stringify({...recorded, version}));
		const said = await workspace.cli('status');
		expect(said).toMatchObject({code: 0, err: expect.stringContaining(`the daemon of this workspace has version ${version}`)});
		expect(said.err).toContain(cure);
	}
}, 60_000);

test('folders that control.db does not know move to .sluice/lost, and are named until they are gone', async () => {
	rmSync(state('control.db'));
	expect(await workspace.cli('doctor', '--start-empty')).toMatchObject({code: 0});
	const needs = async () => (await workspace.json<{needs_you: readonly {message: string}[]}>(['status']))[0]?.needs_you ?? [];
	const lost = state(`lost/${run.id}`);
	expect(await needs()).toContainEqual(expect.objectContaining({kind: 'problem', message: expect.stringContaining(lost)}));
	expect(readFileSync(join(lost, 'input/in.csv'), 'utf8')).toBe('code,name\nA,one\n');
	expect(readdirSync(state('executions'))).toEqual([]);
	rmSync(lost, {recursive: true});
	expect(JSON.stringify(await needs())).not.toContain('lost');
}, 120_000);

test('records taken away from under a daemon are not begun anew by it', async () => {
	await workspace.cli('daemon', 'start');
	for (const ending of ['', '-wal', '-shm']) rmSync(state(`sluice.db${ending}`), {force: true});
	expect(await workspace.cli('records', 'items')).toMatchObject({code: 1, err: expect.stringContaining('is missing')});
	const [after] = await workspace.json<Execution>(['run', 'items', '--input', join(workspace.dir, 'in.csv')], [1]);
	expect(after).toMatchObject({status: 'failed', error: {code: 'state.gone', where: state('sluice.db')}});
	expect(existsSync(state('sluice.db'))).toBe(false);
	expect((await workspace.cli('status')).out).toContain('sluice.db');
}, 120_000);
