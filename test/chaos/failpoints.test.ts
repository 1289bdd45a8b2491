import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterEach, beforeAll, expect, test} from 'vitest';
import {clockFailpoints, daemonFailpoints, type Failpoint, runnerFailpoints, webhookFailpoints} from '../../source/platform/failpoint.js';
import type {TestWorkspace} from '../whole/workspace.js';
import {leftBehind, liveThroughADay, twoStepsWorkspace} from './two-steps.js';

const points: readonly Failpoint[] = [...runnerFailpoints, ...daemonFailpoints];
/** `npm test` runs the most telling one; `npm run chaos` all. */
const telling: readonly Failpoint[] = ['runner.commit.after'];
const chosen = process.env.SLUICE_CHAOS === 'long' ? points : telling;
let undisturbed: Awaited<ReturnType<typeof dayOf>>;

beforeAll(async () => {
	undisturbed = await dayOf(null);
	console.log(`${chosen.length} of ${points.length} failpoints, ${chosen.length} days of two runs each`);
}, 120_000);

afterEach(() => {
	arm(null);
});

test('every failpoint stands at exactly one place', () => {
	const source = fileURLToPath(new URL('../../source/', import.meta.url));
	const code = readdirSync(source, {recursive: true, encoding: 'utf8'})
		.filter((path) => path.endsWith('.ts'))
		.map((path) => readFileSync(join(source, path), 'utf8'))
		.join('\n');
	// ticks.test.ts goes through those of the clock, the webhooks have a test of their own
	const all = [...points, ...clockFailpoints, ...webhookFailpoints];
	const uses = all.map((point) => [point, code.split(`failpoint('${point}')`).length - 1]);
	expect(uses).toEqual(all.map((point) => [point, 1]));
});

test('the undisturbed day is worth comparing with', () => {
	expect(undisturbed.integrity).toEqual(['ok', 'ok']);
	expect(undisturbed.goods).toHaveLength(6);
	expect(undisturbed.executions.map(({status}) => status)).toEqual(['warning', 'completed', 'completed', 'cancelled', 'cancelled']);
	expect(undisturbed.exported).toEqual([['goods_out.csv', expect.stringContaining('"S6"')]]);
	expect(undisturbed.spoken).toBe(6);
	expect(undisturbed.remembered).not.toEqual([]);
});

test.each(chosen)(
	'killed at %s, the day ends as if nothing had happened',
	async (point) => {
		expect(await dayOf(point)).toEqual(undisturbed);
	},
	180_000,
);

async function dayOf(point: Failpoint | null) {
	const workspace: TestWorkspace = twoStepsWorkspace();
	try {
		const marker = join(workspace.dir, 'reached');
		arm(point, marker);
		await liveThroughADay(workspace);
		if (point) expect(existsSync(marker), `${point} was reached`).toBe(true);
		const client = await workspace.client();
		const left = await leftBehind(workspace, async (execution, table) => {
			const {items} = await client.rows(execution, table, {limit: 100});
			return items.map(({record_id: _, ...row}) => row);
		});
		await client.stopDaemon();
		return left;
	} finally {
		arm(null);
		await workspace.close();
	}
}

/** Whatever is started from here on dies at the point, once. */
function arm(point: Failpoint | null, marker = ''): void {
	if (point === null) {
		delete process.env.SLUICE_FAILPOINT;
		delete process.env.SLUICE_FAILPOINT_MARKER;
		return;
	}
	process.env.SLUICE_FAILPOINT = point;
	process.env.SLUICE_FAILPOINT_MARKER = marker;
}
