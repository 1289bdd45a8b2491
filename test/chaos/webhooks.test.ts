import {existsSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import Database from 'better-sqlite3';
import {afterEach, expect, test} from 'vitest';
import type {Client} from '../../source/api/client.js';
import {SluiceError} from '../../source/model/errors.js';
import {type Failpoint, webhookFailpoints} from '../../source/platform/failpoint.js';
import {freePort, ordersFiles, rowsOnDisk} from '../webhooks/support.js';
import {TestWorkspace} from '../whole/workspace.js';

/** `npm test` runs the most telling ones; `npm run chaos` all. */
const telling: readonly Failpoint[] = ['daemon.webhook.kept.after', 'daemon.window.written', 'daemon.window.queued.after'];
const chosen = process.env.SLUICE_CHAOS === 'long' ? webhookFailpoints : telling;
const codes = ['A', 'B', 'C', 'D', 'E'];
const variable = 'SLUICE_SECRET_HOOK_TOKEN';

let workspace: TestWorkspace;

afterEach(async () => {
	arm(null);
	delete process.env[variable];
	await workspace.close();
});

test.each(chosen)('killed at %s, every request is in one input file, and every window one execution', async (point) => {
	const port = await freePort();
	workspace = new TestWorkspace(ordersFiles(port, '{cadence: 1, auth: {bearer: hook_token}}'));
	process.env[variable] = 'a long token';
	const marker = join(workspace.dir, 'reached');
	arm(point, marker);
	await alive();
	const ids = new Map<string, string>();
	for (const code of codes) ids.set(code, await delivered(port, code));
	await untilQuiet();

	expect(existsSync(marker), `${point} was reached`).toBe(true);
	const rows = rowsOnDisk(workspace.dir);
	expect(rows.map(({body}) => (JSON.parse(body) as {code: string}).code)).toEqual(codes);
	const windows = await workspace.json<{id: string; input_file: string; rows: number}>(['queue', 'orders']);
	expect(new Set(windows.map(({input_file: file}) => file)).size).toBe(windows.length);
	expect(windows.reduce((sum, window) => sum + window.rows, 0)).toBe(codes.length);
	expect(readdirSync(join(workspace.dir, '.sluice/executions')).sort()).toEqual(windows.map(({id}) => id).sort());
	for (const code of codes) expect(await delivered(port, code)).toBe(ids.get(code));
	await untilQuiet();
	expect(rowsOnDisk(workspace.dir)).toEqual(rows);
});

/** Sends a request until it is answered, each time under the same key. */
async function delivered(port: number, code: string): Promise<string> {
	for (;;) {
		try {
			const answer = await fetch(`http://127.0.0.1:${port}/hooks/orders`, {
				method: 'POST',
				headers: {Authorization: 'Bearer a long token', 'Idempotency-Key': code},
				body: JSON.stringify({code}),
			});
			const {id} = (await answer.json()) as {id: string};
			expect(answer.status).toBe(201);
			return id;
		} catch (error) {
			if (!(error instanceof TypeError)) throw error;
			await alive();
		}
	}
}

/** Starts the daemon where it was killed. */
async function alive(): Promise<Client> {
	for (;;) {
		try {
			const client = await workspace.client();
			await client.status();
			return client;
		} catch (error) {
			if (!(error instanceof SluiceError) || !error.code.startsWith('daemon.')) throw error;
			await pause(10);
		}
	}
}

/** Waits until every window is an execution, and no line is kept twice. */
async function untilQuiet(): Promise<void> {
	for (;;) {
		await alive();
		const control = new Database(join(workspace.dir, '.sluice/control.db'), {readonly: true});
		const {left} = control
			.prepare('SELECT (SELECT count(*) FROM webhook_windows WHERE requests IS NULL) + (SELECT count(*) FROM webhook_requests) AS left')
			.get() as {left: number};
		control.close();
		if (left === 0) return;
		await pause(50);
	}
}

/** Whatever is started from here on dies at the point, once. */
function arm(point: Failpoint | null, marker = ''): void {
	delete process.env.SLUICE_FAILPOINT;
	delete process.env.SLUICE_FAILPOINT_MARKER;
	if (point === null) return;
	process.env.SLUICE_FAILPOINT = point;
	process.env.SLUICE_FAILPOINT_MARKER = marker;
}
