import {existsSync, mkdirSync, readdirSync, readFileSync, utimesSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import Database from 'better-sqlite3';
import {afterEach, expect, test} from 'vitest';
import {clockFailpoints, type Failpoint} from '../../source/platform/failpoint.js';
import {itemsWorkspace, type TestWorkspace} from '../whole/workspace.js';

/** `npm test` with SLUICE_LONG runs the most telling one; `npm run chaos` all. */
const telling: readonly Failpoint[] = ['daemon.retention.linked'];
const chosen: readonly Failpoint[] =
	process.env.SLUICE_CHAOS === 'long'
		? [...clockFailpoints, 'daemon.submission.copied', 'daemon.submission.before', 'daemon.submission.after']
		: telling;

let workspace: TestWorkspace;

afterEach(async () => {
	arm(null);
	delete process.env.SLUICE_SECRET_FEED;
	await workspace.close();
});

test.runIf(process.env.SLUICE_LONG || process.env.SLUICE_CHAOS === 'long').each(chosen)(
	'killed at %s, every file and every tick has had its one execution, and no file is lost',
	async (point) => {
		workspace = itemsWorkspace(250);
		const marker = join(workspace.dir, 'reached');
		const yaml = readFileSync(join(workspace.dir, 'connectors/items/connector.yaml'), 'utf8');
		const fed = (name: string, source: string) => {
			workspace.write(`connectors/${name}/connector.yaml`, `${yaml}schedule: {cadence: 1}\nsource: ${source}\n`);
			workspace.write(`connectors/${name}/sample.csv`, 'code,name\nA,a\n');
		};
		const kept = 'masked_sample: {rows: 1, mask: [name]}';
		fed('moved', `{file: "moved/*.csv", retention: {after_success: move, to: archive, ${kept}}}`);
		fed('deleted', '{file: "deleted/*.csv", retention: {after_success: delete}}');
		fed('asked', `{sql: "SELECT 'Q' AS code, 'asked' AS name", freshness: checksum}`);
		workspace.write(
			'connectors/asked/connector.yaml',
			readFileSync(join(workspace.dir, 'connectors/asked/connector.yaml'), 'utf8').replace('sample_file:', 'secrets: [feed]\nsample_file:'),
		);
		// A connector with an unset secret is not activated.
		process.env.SLUICE_SECRET_FEED = 'a-secret-of-some-length';
		for (const folder of ['moved', 'deleted']) mkdirSync(join(workspace.dir, folder));
		drop('archive/a.csv', 'X,another file of that name');
		for (const name of ['moved', 'deleted', 'asked']) expect((await workspace.cli('activate', name)).code).toBe(0);
		await workspace.cli('daemon', 'stop');
		if (!point.startsWith('daemon.clearing')) arm(point, marker);
		// why only now: an active connector already ticks, and would have taken the files past the point before it was armed
		drop('moved/a.csv', 'M1,moved');
		drop('moved/b.csv', 'M2,moved');
		drop('deleted/c.csv', 'D1,deleted');
		await until(() => count(`SELECT count(*) n FROM source_files WHERE state IN ('moved', 'deleted')`) === 3);
		await until(() => count(`SELECT count(*) n FROM executions WHERE status = 'completed'`) === 4);
		await until(() => count(`SELECT count(*) n FROM history WHERE what = 'unchanged' AND connector = 'asked'`) === 1);
		await workspace.cli('daemon', 'stop');
		age();
		arm(point, marker);
		await until(() => count('SELECT count(*) n FROM executions WHERE cleared_at IS NOT NULL') >= 4);
		expect(existsSync(marker), `${point} was reached`).toBe(true);

		expect(count('SELECT count(*) n FROM executions')).toBe(4);
		expect(count('SELECT count(*) n FROM (SELECT connector, at FROM ticks GROUP BY 1, 2 HAVING count(*) > 1)')).toBe(0);
		expect(count(`SELECT count(*) n FROM history WHERE what LIKE 'source file %'`)).toBe(3);
		expect(readdirSync(join(workspace.dir, 'moved'))).toEqual([]);
		expect(readdirSync(join(workspace.dir, 'deleted'))).toEqual([]);
		expect(contents('archive')).toEqual({
			'a (2).csv': 'code,name\nM1,moved\n',
			'a.csv': 'code,name\nX,another file of that name\n',
			'b.csv': 'code,name\nM2,moved\n',
		});
		expect(Object.values(contents('.sluice/samples/moved')).sort()).toEqual(['code,name\nM1,xxxxx\n', 'code,name\nM2,xxxxx\n']);
		expect(readdirSync(join(workspace.dir, '.sluice/executions'))).toEqual([]);
		const records = await workspace.json<{fields: {code: string}}>(['records', 'items']);
		expect(records.map(({fields}) => fields.code).sort()).toEqual(['D1', 'M1', 'M2', 'Q']);
	},
	180_000,
);

function drop(path: string, row: string): void {
	const old = new Date('2026-01-01T00:00:00Z');
	utimesSync(workspace.write(path, `code,name\n${row}\n`), old, old);
}

function contents(folder: string): Readonly<Record<string, string>> {
	const path = join(workspace.dir, folder);
	return Object.fromEntries(readdirSync(path).map((name) => [name, readFileSync(join(path, name), 'utf8')]));
}

function count(sql: string): number {
	const control = new Database(join(workspace.dir, '.sluice/control.db'), {readonly: true});
	try {
		return (control.prepare(sql).get() as {n: number}).n;
	} finally {
		control.close();
	}
}

/** Everything ended so long ago that its files have had their time. */
function age(): void {
	const control = new Database(join(workspace.dir, '.sluice/control.db'));
	control.exec("UPDATE executions SET ended_at = '2020-01-01T00:00:00.000Z'; UPDATE connectors SET active = 0;");
	control.close();
}

/** Waits for something to be so; a daemon that died meanwhile is started again. */
async function until(done: () => boolean): Promise<void> {
	while (!done()) {
		await workspace
			.client()
			.then((client) => client.daemon())
			.catch(() => undefined);
		await pause(20);
	}
}

/** Whatever is started from here on dies at the point, once. */
function arm(point: Failpoint | null, marker = ''): void {
	delete process.env.SLUICE_FAILPOINT;
	delete process.env.SLUICE_FAILPOINT_MARKER;
	if (point !== null) Object.assign(process.env, {SLUICE_FAILPOINT: point, SLUICE_FAILPOINT_MARKER: marker});
}
