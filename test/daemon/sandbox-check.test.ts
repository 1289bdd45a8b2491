import {execFile} from 'node:child_process';
import {appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {expect, test} from 'vitest';
import {needsSandbox, sandboxLack} from '../../source/daemon/activation/sandbox-check.js';
import {describeWalls} from '../../source/daemon/doctor.js';
import {probeWalls} from '../../source/engine/sql/sandbox/probe-walls.js';
import {defaultLimits} from '../../source/model/limits.js';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const sql = {text: 'SELECT 1', file: 'transform.sql'};

/** Runs the command line where no program can make a namespace, as in a strict container. */
const withoutNamespaces = 'echo 0 >/proc/sys/user/max_user_namespaces && exec setpriv --bounding-set=-all --inh-caps=-all -- "$@"';

async function run(program: string, given: readonly string[], cwd: string) {
	const found = (outcome: {stdout?: string; stderr?: string}, code: number) => ({
		code,
		text: `${outcome.stdout ?? ''}${outcome.stderr ?? ''}`,
	});
	try {
		return found(await promisify(execFile)(program, given, {cwd}), 0);
	} catch (error) {
		const failed = error as {code?: number; stdout?: string; stderr?: string};
		return found(failed, Number(failed.code ?? -1));
	}
}

test('a connector needs a sandbox when it has both SQL and secrets, unless it was chosen to do without', () => {
	const connector = {sql, export: null, source: null, secrets: ['vendor']};
	const limits = {...defaultLimits, sqlSandbox: 'preferred'} as const;
	expect(needsSandbox(connector, limits)).toBe(true);
	expect(needsSandbox(connector, {...limits, sqlSandbox: 'required'})).toBe(true);
	expect(needsSandbox(connector, {...limits, sqlSandbox: 'off'})).toBe(false);
	expect(needsSandbox({...connector, secrets: []}, limits)).toBe(false);
	expect(needsSandbox({...connector, sql: null}, limits)).toBe(false);
});

test('without any kind of wall, doctor and activation say that the guard is alone', async () => {
	const probe = await probeWalls([]);
	expect(describeWalls(probe, {sqlSandbox: 'preferred'})).toMatchObject({ok: false, message: expect.stringContaining('guard alone')});
	expect(describeWalls(probe, {sqlSandbox: 'required'})).toMatchObject({ok: false, message: expect.stringContaining('SQL does not run')});
	expect(describeWalls(probe, {sqlSandbox: 'off'})).toMatchObject({ok: true, message: expect.stringContaining('guard alone')});
	expect(sandboxLack(probe)).toContain('limits.sql_sandbox: off');
});

test('where programs cannot make namespaces, a bwrap that is installed is no sandbox, and a connector with secrets is not activated', async (context) => {
	const folder = mkdtempSync(join(tmpdir(), 'sluice-no-namespaces-'));
	const inside = (...words: string[]) =>
		run('unshare', ['--map-root-user', 'sh', '-c', withoutNamespaces, 'sh', process.execPath, cli, ...words], folder);
	try {
		if ((await run('unshare', ['--map-root-user', 'true'], folder)).code !== 0)
			return context.skip('This user cannot make a namespace to test in');
		await run(process.execPath, [cli, 'init', '.'], folder);
		const connector = join(folder, 'connectors', 'contacts', 'connector.yaml');
		writeFileSync(
			join(folder, 'connectors', 'contacts', 'transform.sql'),
			'CREATE TABLE output.contacts ENGINE = Log AS SELECT * FROM input.page_idx_0',
		);
		writeFileSync(connector, `secrets: [vendor]\nsql: transform.sql\n${readFileSync(connector, 'utf8')}`);

		process.env.SLUICE_SECRET_VENDOR = '{"host": "db.example.com"}';
		const doctor = await inside('doctor');
		expect(doctor.text).toMatch(
			/problem +sandbox +SQL is held by the guard alone; bubblewrap does not work .*; unshare does not work .*install bubblewrap/,
		);
		expect(doctor.code).toBe(1);
		const refused = await inside('activate', 'contacts');
		expect(refused.code).toBe(1);
		expect(refused.text).toContain('a sandbox around its SQL, because it has secrets and the guard is alone');
		await inside('daemon', 'stop');

		appendFileSync(join(folder, 'sluice.yaml'), '\nlimits: {sql_sandbox: off}\n');
		expect(await inside('activate', 'contacts')).toMatchObject({code: 0});
	} finally {
		delete process.env.SLUICE_SECRET_VENDOR;
		await inside('daemon', 'stop');
		rmSync(folder, {recursive: true, force: true});
	}
});
