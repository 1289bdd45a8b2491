import {join} from 'node:path';
import {afterEach, expect, test} from 'vitest';
import {type RoamingWorker, startRoaming} from '../../source/engine/sql/shared-worker.js';
import {startWorker} from '../../source/engine/sql/worker-session.js';
import {defaultLimits} from '../../source/model/limits.js';
import {newFolder} from './world.js';

let roaming: RoamingWorker | undefined;

afterEach(() => roaming?.kill());

/** A folder of executions, each with a table that holds its name. */
async function executions(...names: readonly string[]): Promise<string> {
	const folder = newFolder();
	for (const name of names) {
		const worker = await startWorker({folder: join(folder, name), limits: defaultLimits});
		await worker.execute('CREATE DATABASE run');
		await worker.execute(`CREATE TABLE run.who ENGINE = MergeTree ORDER BY tuple() AS SELECT '${name}' AS name`);
		await worker.kill();
	}
	return folder;
}

const nameIn = (execution: string) =>
	roaming?.visit(execution, async (session) => (await session.rows<{name: string}>('SELECT name FROM run.who'))[0]?.name);

test('one engine goes from the tables of one execution to those of another and back, and leaves each to others', async () => {
	const folder = await executions('a', 'b');
	roaming = await startRoaming(folder, defaultLimits);
	expect([await nameIn('a'), await nameIn('b'), await nameIn('a')]).toEqual(['a', 'b', 'a']);
	const other = await startWorker({folder: join(folder, 'a'), limits: defaultLimits});
	expect(await other.rows('SELECT name FROM run.who')).toEqual([{name: 'a'}]);
	await other.kill();
	expect(await nameIn('a')).toBe('a');
});

test('what fails in one execution is told, and the next is visited all the same; a kill ends a visit', async () => {
	const folder = await executions('a', 'b');
	roaming = await startRoaming(folder, defaultLimits);
	await expect(roaming.visit('a', (session) => session.rows('SELECT * FROM run.nothing'))).rejects.toMatchObject({code: 'sql.failed'});
	expect(await nameIn('b')).toBe('b');
	let begun = (): void => undefined;
	const started = new Promise<void>((resolve) => {
		begun = resolve;
	});
	const endless = roaming.visit('b', async (session) => {
		begun();
		await session.execute('SELECT sum(sipHash64(number)) FROM numbers(1000000000000)');
	});
	const failed = expect(endless).rejects.toMatchObject({code: 'sql.cancelled'});
	await started;
	await roaming.kill();
	await failed;
});
