import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import Database from 'better-sqlite3';
import {Webhook} from 'standardwebhooks';
import {Agent, request} from 'undici';
import {afterEach, expect, test} from 'vitest';
import {freePort, ordersFiles, rowsOnDisk} from '../webhooks/support.js';
import {TestWorkspace} from '../whole/workspace.js';

/** `npm test` runs the short form; `npm run chaos` the long one. */
const long = process.env.SLUICE_CHAOS === 'long';
const deliveries = long ? 20_000 : 400;
const overMs = long ? 60_000 : 3_000;
const kills = long ? 3 : 1;
const key = `whsec_${Buffer.from('the key of the load generator').toString('base64')}`;
const variable = 'SLUICE_SECRET_HOOK_KEY';

let workspace: TestWorkspace;

afterEach(async () => {
	delete process.env[variable];
	await workspace.close();
});

test(`of ${deliveries} deliveries to a daemon that is killed ${kills} times, each that was answered is in exactly one input file`, async () => {
	const port = await freePort();
	workspace = new TestWorkspace(ordersFiles(port, '{cadence: 2, auth: {hmac: [hook_key]}}'));
	process.env[variable] = key;
	await workspace.client();
	const url = `http://127.0.0.1:${port}/hooks/orders`;
	const dispatcher = new Agent({connections: 64, pipelining: 1});
	const answered = new Map<string, {readonly id: string; readonly ms: number; readonly attempts: number}>();
	const began = performance.now();

	const deliver = async (number: number): Promise<void> => {
		await pause(Math.max(0, began + (number / deliveries) * overMs - performance.now()));
		const code = `D${number}`;
		const body = JSON.stringify({code, text: 'x'.repeat(number % 700)});
		const sentAt = performance.now();
		for (let attempts = 1; ; attempts++) {
			const at = new Date();
			const headers = {
				'content-type': 'application/json',
				'webhook-id': code,
				'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
				'webhook-signature': new Webhook(key).sign(code, at, body),
			};
			try {
				const answer = await request(url, {method: 'POST', headers, body, dispatcher});
				const text = await answer.body.text();
				if (answer.statusCode !== 201) throw new Error(`${answer.statusCode} ${text}`);
				const {id} = JSON.parse(text) as {id: string};
				answered.set(code, {id, ms: performance.now() - sentAt, attempts});
				return;
			} catch (error) {
				// Nobody answered: the daemon is dead just now. An answer that is no 201 is a failure of this test.
				if (!(error instanceof Error) || !('code' in error)) throw error;
				await pause(50);
			}
		}
	};
	const killing = (async () => {
		for (let kill = 1; kill <= kills; kill++) {
			await pause(Math.max(0, began + (overMs * kill) / (kills + 1) - performance.now()));
			for (const pid of workspace.pids('daemon')) process.kill(pid, 'SIGKILL');
			await workspace.client();
		}
	})();
	await Promise.all([killing, ...Array.from({length: deliveries}, (_, number) => deliver(number))]);
	const tookMs = performance.now() - began;
	await dispatcher.close();
	await untilQueued();

	const rows = rowsOnDisk(workspace.dir);
	const times = new Map<string, number>();
	for (const {body} of rows) {
		const {code} = JSON.parse(body) as {code: string};
		times.set(code, (times.get(code) ?? 0) + 1);
	}
	expect(answered.size).toBe(deliveries);
	expect(new Set([...answered.values()].map(({id}) => id)).size).toBe(deliveries);
	expect([...answered.keys()].filter((code) => times.get(code) !== 1)).toEqual([]);
	expect(rows).toHaveLength(deliveries);
	const windows = await workspace.json<{input_file: string; rows: number}>(['queue', 'orders']);
	expect(new Set(windows.map(({input_file: file}) => file)).size).toBe(windows.length);
	expect(windows.reduce((sum, window) => sum + window.rows, 0)).toBe(deliveries);
	const all = [...answered.values()];
	const atOnce = all.filter(({attempts}) => attempts === 1).map(({ms}) => ms);
	console.log(
		`${deliveries} deliveries, ${Math.round(deliveries / (tookMs / 1000))}/s, ${kills} kills, ${windows.length} windows; ` +
			`${all.length - atOnce.length} sent again; slowest ${Math.round(Math.max(...all.map(({ms}) => ms)))} ms, ` +
			`slowest of those answered at once ${Math.round(Math.max(...atOnce))} ms`,
	);
}, 300_000);

/** Waits until every window that has requests is an execution. */
async function untilQueued(): Promise<void> {
	const control = new Database(join(workspace.dir, '.sluice/control.db'), {readonly: true});
	try {
		const open = control.prepare('SELECT count(*) AS windows FROM webhook_windows WHERE requests IS NULL');
		while ((open.get() as {windows: number}).windows > 0) await pause(50);
	} finally {
		control.close();
	}
}
