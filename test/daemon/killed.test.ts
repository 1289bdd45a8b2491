import {readdirSync, readFileSync, readlinkSync, rmSync} from 'node:fs';
import {setTimeout as pause} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {afterEach, beforeEach, expect, test} from 'vitest';
import type {Client} from '../../source/api/client.js';
import {connect} from '../../source/api/connect.js';
import {startTime} from '../../source/platform/processes.js';
import {ended, until, World} from './support/world.js';

const launcher = fileURLToPath(new URL('launch.mjs', import.meta.url));

let world: World;

beforeEach(() => {
	world = new World();
	world.connector('people');
});

afterEach(async () => {
	const client = await connect({workspaceDir: world.dir, start: false}).catch(() => null);
	await client?.stopDaemon();
	// One that found another one running may still be ending.
	while (daemonsHere().length > 0) await pause(20);
	await world.end();
});

const begin = (): Promise<Client> => connect({workspaceDir: world.dir, program: [process.execPath, launcher, world.dir]});

/** Kills a process and waits until it is gone. */
async function kill(pid: number): Promise<void> {
	process.kill(pid, 'SIGKILL');
	while (startTime(pid) !== '') await pause(20);
}

const commitsOf = (id: string): string[] => {
	try {
		return readFileSync(world.path('.sluice', 'executions', id, 'commits'), 'utf8')
			.split('\n')
			.filter(Boolean);
	} catch {
		return [];
	}
};

/** The processes, other than this one, of which that is so. */
const processesThat = (hold: (pid: number) => boolean): number[] =>
	readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.map(Number)
		.filter((pid) => {
			try {
				return pid !== process.pid && hold(pid);
			} catch {
				return false;
			}
		});

const processesHere = (): number[] => processesThat((pid) => readlinkSync(`/proc/${pid}/cwd`).startsWith(world.dir));

const daemonsHere = (): number[] => processesThat((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(world.dir));

test('a daemon that is killed leaves nothing running, and the next one goes on with every execution, each chunk once', async () => {
	let client = await begin();
	await client.activate('people');
	const {id} = await client.run(world.request('people', 'chunks-150-at-20-50-90.csv'));
	const second = await client.run(world.request('people', 'quick.csv'));
	for (const upTo of [20, 50, 90]) {
		await until(client, id, ({counts}) => counts.created >= upTo);
		await kill((await client.daemon()).pid);
		while (processesHere().length > 0) await pause(20);
		client = await begin();
	}
	expect(await until(client, second.id, ended)).toMatchObject({status: 'completed'});
	expect(await client.execution(id)).toMatchObject({status: 'completed', counts: {created: 150}});
	const commits = commitsOf(id).map((line) => line.split(' ').map(Number));
	expect(commits.map(([chunk]) => chunk)).toEqual(Array.from({length: 150}, (_, index) => index + 1));
	const leases = commits.map(([, lease = 0]) => lease);
	expect(leases).toEqual([...leases].sort((a, b) => a - b));
	expect(new Set(leases).size).toBe(4);
	const {items} = await client.history({connector: 'people', limit: 0});
	expect(items.filter(({what}) => what === 'interrupted')).toHaveLength(3);
});

test('commands that start at once find one daemon', async () => {
	const clients = await Promise.all([begin(), begin(), begin()]);
	const pids = await Promise.all(clients.map(async (client) => (await client.daemon()).pid));
	expect(new Set(pids).size).toBe(1);
});

test('a cancel that was asked for is not undone by a crash', async () => {
	let client = await begin();
	await client.activate('people');
	const {id} = await client.run(world.request('people', 'deaf.csv'));
	await until(client, id, ({status, stages}) => status === 'running' && stages.length > 0);
	const cancel = client.cancel(id).catch(() => null);
	while ((await client.history({connector: 'people'})).items[0]?.what !== 'cancel') await pause(20);
	await kill((await client.daemon()).pid);
	await cancel;
	client = await begin();
	expect(await until(client, id, ended)).toMatchObject({status: 'cancelled'});
});

test('a daemon whose state folder is taken away ends, so that no second one can stand beside it', async () => {
	const client = await begin();
	const {pid} = await client.daemon();
	rmSync(world.path('.sluice'), {recursive: true});
	while (startTime(pid) !== '') await pause(20);
	expect((await (await begin()).daemon()).pid).not.toBe(pid);
});
