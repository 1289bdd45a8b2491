import {existsSync, mkdirSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import Database from 'better-sqlite3';
import {afterEach, expect, test} from 'vitest';
import type {Client} from '../../source/api/client.js';
import {connect} from '../../source/api/connect.js';
import type {Failpoint} from '../../source/platform/failpoint.js';
import {startTime} from '../../source/platform/processes.js';
import {World} from '../daemon/support/world.js';

const launcher = fileURLToPath(new URL('../daemon/launch.mjs', import.meta.url));

/** Between the look at a file and its place in the queue, and between its removal and the record of it. `npm run chaos` runs all. */
const telling: readonly Failpoint[] = ['daemon.submission.before', 'daemon.retention.aside', 'daemon.retention.moved'];
const chosen: readonly Failpoint[] =
	process.env.SLUICE_CHAOS === 'long'
		? [
				...telling,
				'daemon.source.listed',
				'daemon.submission.copied',
				'daemon.submission.after',
				'daemon.retention.begun',
				'daemon.retention.linked',
				'daemon.retention.removed',
				'daemon.retention.settled',
			]
		: telling;

let world: World;

afterEach(async () => {
	arm(null);
	const client = await connect({workspaceDir: world.dir, start: false}).catch(() => null);
	const pid = (await client?.daemon())?.pid;
	await client?.stopDaemon();
	while (pid && startTime(pid) !== '') await new Promise(setImmediate);
	await world.end();
});

test.each(chosen)('a daemon killed at %s takes each file of a drop folder once, and loses none', async (point) => {
	world = new World();
	const marker = world.path('reached');
	for (const folder of ['drop', 'marked']) mkdirSync(world.path(folder));
	world.connector(
		'feed',
		'schedule: {cadence: 1}\nsource: {file: "drop/*", settle: 0.2, retention: {after_success: move, to: "done/{date}"}}\n',
	);
	world.connector(
		'marked',
		'schedule: {cadence: 1}\nsource: {file: "marked/*", done_marker: "{file}.ok", retention: {after_success: delete}}\n',
	);
	arm(point, marker);
	const client = await begin();
	for (const name of ['feed', 'marked']) await client.activate(name);
	const files = Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [`reported-${name}.csv`, `email\n${name}@x\n`]));
	for (const [name, text] of Object.entries(files)) world.write(`${name.includes('-d') ? 'marked' : 'drop'}/${name}`, text);
	world.write('marked/reported-d.csv.ok', '');
	await until(() => count(`SELECT count(*) n FROM source_files WHERE state IN ('moved', 'deleted')`) === 4);
	await until(() => readdirSync(world.path('marked')).length === 0);

	expect(existsSync(marker), `${point} was reached`).toBe(true);
	expect(textsIn('.sluice/executions')).toEqual(files);
	expect(count('SELECT count(*) n FROM executions')).toBe(4);
	expect(count(`SELECT count(*) n FROM executions WHERE status = 'completed'`)).toBe(4);
	const {'reported-d.csv': _, ...moved} = files;
	expect(textsIn('done')).toEqual(moved);
	expect(readdirSync(world.path('drop'))).toEqual([]);
	expect(count(`SELECT count(*) n FROM history WHERE what LIKE 'source file %'`)).toBe(4);
});

function begin(): Promise<Client> {
	return connect({workspaceDir: world.dir, program: [process.execPath, launcher, world.dir]});
}

/** Every `.csv` below a folder of the workspace; one name twice fails. */
function textsIn(folder: string): Readonly<Record<string, string>> {
	const entries = readdirSync(world.path(folder), {recursive: true, withFileTypes: true}).filter(({name}) => name.endsWith('.csv'));
	const texts = Object.fromEntries(entries.map(({parentPath, name}) => [name, readFileSync(join(parentPath, name), 'utf8')]));
	expect(Object.keys(texts).length).toBe(entries.length);
	return texts;
}

function count(sql: string): number {
	const control = new Database(world.path('.sluice/control.db'), {readonly: true});
	try {
		return (control.prepare(sql).get() as {n: number}).n;
	} finally {
		control.close();
	}
}

/** Waits for something to be so; a daemon that died meanwhile is started again. */
async function until(done: () => boolean): Promise<void> {
	while (!done()) {
		await begin()
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
