import {mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync} from 'node:fs';
import {setTimeout as pause} from 'node:timers/promises';
import {afterEach, expect, test} from 'vitest';
import type {Client} from '../../source/api/client.js';
import {SluiceError} from '../../source/model/errors.js';
import {hostileFiles, oneOfEachKind} from '../intake/hostile-files.js';
import {itemsWorkspace, type TestWorkspace} from '../whole/workspace.js';

/** `SLUICE_LONG=1`: all two hundred, with the figures; else one of each kind. */
const long = process.env.SLUICE_LONG === '1';
const files = long ? hostileFiles : oneOfEachKind();
const mostMs = 500;
const patience = long ? 1_800_000 : 240_000;

let workspace: TestWorkspace;

afterEach(() => workspace?.close());

test('there are two hundred hostile files of at least twelve kinds', () => {
	expect(new Set(hostileFiles.map(({name}) => name)).size).toBe(hostileFiles.length);
	expect(hostileFiles.length).toBeGreaterThanOrEqual(200);
	expect(oneOfEachKind().length).toBeGreaterThanOrEqual(12);
});

test('no hostile file holds up or ends the daemon when it is submitted', {timeout: patience}, async () => {
	workspace = itemsWorkspace(100);
	const client = await workspace.client();
	// Made before the probe asks: it shares this process.
	const inputs = files.map(({name, bytes}) => workspace.write(`files/${name}`, bytes()));
	const before = await processOf(client);
	const probe = watch(client, before.pid);
	for (const input of inputs) {
		const request = {
			connector: 'items',
			input,
			mode: 'live',
			diff_check: true,
			accept_incomplete: false,
			notify: null,
			confirm: null,
		} as const;
		await client.run(request).catch((error: unknown) => {
			// A refusal is an answer; anything that is not foreseen is none.
			if (!(error instanceof SluiceError) || !error.code.startsWith('intake.')) throw error;
		});
	}
	report('submitted', await probe.end());
	expect(await processOf(client)).toEqual(before);
});

test('no hostile file holds up or ends the daemon in a drop folder', {timeout: patience}, async () => {
	workspace = itemsWorkspace(100);
	const yaml = 'connectors/items/connector.yaml';
	mkdirSync(`${workspace.dir}/drop`);
	mkdirSync(`${workspace.dir}/staged`);
	const text = readFileSync(`${workspace.dir}/${yaml}`, 'utf8');
	workspace.write(
		yaml,
		`${text}source: {file: "${workspace.dir}/drop/*", settle: 0.2, freshness: modified_time}\nschedule: {cadence: 5}\n`,
	);
	for (const {name, bytes} of files) {
		writeFileSync(`${workspace.dir}/staged/${name}`, bytes());
		renameSync(`${workspace.dir}/staged/${name}`, `${workspace.dir}/drop/${name}`);
	}
	expect((await workspace.cli('validate', 'items')).code).toBe(0);
	expect((await workspace.cli('activate', 'items')).code).toBe(0);
	const client = await workspace.client();
	const before = await processOf(client);
	const probe = watch(client, before.pid);
	const taken = async () => (await client.executions({connector: 'items', limit: 1})).total;
	while ((await taken()) < files.length) await pause(500);
	report('drop folder', await probe.end());
	expect(await processOf(client)).toEqual(before);
	expect(readdirSync(`${workspace.dir}/drop`).length).toBe(files.length);
});

async function processOf(client: Client): Promise<{readonly pid: number; readonly startedAt: string}> {
	const {pid, started_at: startedAt} = (await client.status()).daemon;
	return {pid, startedAt};
}

type Seen = {readonly longestMs: number; readonly answers: number; readonly mostBytes: number};

/** Asks for the status every 100 ms, and looks at what the daemon holds in memory. */
function watch(client: Client, pid: number): {end(): Promise<Seen>} {
	let over = false;
	let [longestMs, answers, mostBytes] = [0, 0, 0];
	const asking = (async () => {
		while (!over) {
			const began = performance.now();
			await client.status();
			longestMs = Math.max(longestMs, performance.now() - began);
			answers++;
			if (process.platform === 'linux')
				mostBytes = Math.max(mostBytes, Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096);
			await pause(100);
		}
	})();
	return {
		async end() {
			over = true;
			await asking;
			return {longestMs, answers, mostBytes};
		},
	};
}

function report(what: string, {longestMs, answers, mostBytes}: Seen): void {
	if (!long) return;
	console.log(
		`${what}: ${files.length} files, ${answers} answers, longest ${Math.round(longestMs)} ms, daemon ${Math.round(mostBytes / 1e6)} MB`,
	);
	expect(longestMs).toBeLessThan(mostMs);
}
