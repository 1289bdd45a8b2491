import {setTimeout as pause} from 'node:timers/promises';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import {expect, type TestContext, test} from 'vitest';
import {dueTick} from '../../source/daemon/clock/due.js';
import {ticksAfter} from '../../source/daemon/clock/next-runs.js';
import type {Schedule} from '../../source/model/connector.js';
import {connectorYaml, World} from '../daemon/support/world.js';

const dayMs = 86_400_000;

const schedules: readonly Schedule[] = [
	{cadenceSeconds: 7},
	{cadenceSeconds: 86_400},
	{cron: '*/5 * * * *', timezone: 'Europe/Paris'},
	{cron: '30 2 * * *', timezone: 'Europe/Paris'},
	{every: 'weekly', on: 'sunday', at: '06:30', timezone: null},
];

test('law: what is due is the newest tick, and the number of those before it', () => {
	const instant = fc.integer({min: Date.UTC(2026, 2, 1), max: Date.UTC(2026, 11, 1)});
	const length = fc.oneof(fc.integer({min: 0, max: 2_000_000}), fc.integer({min: 0, max: 40 * dayMs}));
	fc.assert(
		fc.property(fc.constantFrom(...schedules), instant, length, (schedule, dealtTo, past) => {
			const now = dealtTo + past;
			const all: number[] = [];
			const next = ticksAfter(schedule, 'UTC', dealtTo);
			for (let at = next(); at !== null && at <= now; at = next()) all.push(at);
			const due = dueTick(schedule, 'UTC', dealtTo, now);
			expect(due?.at).toBe(all.at(-1));
			if (due?.counted) expect(due.missed).toBe(all.length - 1);
			else if (due) expect(all.length - 1).toBeGreaterThanOrEqual(due.missed);
		}),
		{numRuns: 60},
	);
});

/** A workspace with the active connector `tick` of type schedule, and what its `control.db` says. */
async function ticking({onTestFinished}: TestContext, schedule: string, more = '') {
	const world = new World();
	onTestFinished(() => world.end());
	const yaml = connectorYaml('tick', `sql: transform.sql\nschedule: ${schedule}\n${more}`).replace('type: spreadsheet', 'type: schedule');
	world.write('connectors/tick/connector.yaml', yaml.replaceAll('scope: input', 'scope: rows').replace('sample_file: sample.csv\n', ''));
	world.write('connectors/tick/transform.sql', "CREATE TABLE output.rows AS SELECT 'a@x' AS email FROM input.schedule;\n");
	const client = await world.start();
	await client.activate('tick');
	const inControl = <Result>(work: (control: Database.Database) => Result): Result => {
		const control = new Database(world.path('.sluice/control.db'));
		try {
			return work(control);
		} finally {
			control.close();
		}
	};
	const count = (table: string): number =>
		inControl((control) => (control.prepare(`SELECT count(*) n FROM ${table}`).get() as {n: number}).n);
	const until = async (done: () => boolean): Promise<void> => {
		while (!done()) await pause(20);
	};
	return {world, client, inControl, count, until};
}

const dealtTo = (at: number) => (control: Database.Database) => control.prepare('UPDATE schedules SET dealt_to = ?').run(at);

test.concurrent('ticks missed while the daemon was down run once, and the log says how many; the input is the tick itself', async (context) => {
	const {world, inControl, count, until} = await ticking(context, '{cadence: 86400}');
	await world.daemon?.stop();
	inControl(dealtTo(Date.now() - 5 * dayMs));
	const client = await world.start();
	await until(() => count("executions WHERE status = 'completed'") === 1);
	const [execution] = (await client.executions()).items;
	const midnight = new Date(Math.floor(Date.now() / dayMs) * dayMs).toISOString();
	expect(execution).toMatchObject({started_by: 'schedule', input_file: 'schedule.csv', mode: 'live'});
	const {items} = await client.log(execution?.id ?? '');
	expect(items[0]?.message).toBe(
		`This execution stands for the tick of ${midnight} and 4 earlier ticks that came while the daemon was down`,
	);
	await world.daemon?.stop();
	await world.start();
	expect(count('executions')).toBe(1);
});

test.concurrent('ticks that came while the connector was inactive are not made up', async (context) => {
	const {client, inControl, count} = await ticking(context, '{cadence: 86400}');
	await client.deactivate('tick');
	inControl(dealtTo(Date.now() - 5 * dayMs));
	expect((await client.connector('tick')).next_run).toBeNull();
	await client.activate('tick');
	expect([count('ticks'), count('executions')]).toEqual([0, 0]);
	expect((await client.connector('tick')).next_runs).toHaveLength(5);
});

test.concurrent('while a scheduled execution waits, later ticks queue no other, and it says for which it stands', async (context) => {
	const {client, count, until} = await ticking(context, '{cadence: 1}', 'settings: {max_concurrent_executions: 0}\n');
	await until(() => count('ticks') >= 4);
	const {items} = await client.executions();
	expect(items).toHaveLength(1);
	const log = await client.log(items[0]?.id ?? '');
	expect(log.items.filter(({message}) => message.includes('it stands for that one too')).length).toBeGreaterThanOrEqual(2);
});

test
	.runIf(process.env.SLUICE_LONG)
	.concurrent('a clock that was set back goes on ticking, and repeats no tick that was answered', async (context) => {
		const {world, inControl, count, until} = await ticking(context, '{cadence: 1}');
		await until(() => count('ticks') >= 1);
		await world.daemon?.stop();
		const soon = Math.ceil(Date.now() / 1000) * 1000 + 1000;
		const answered = Array.from({length: 8}, (_, second) => soon + second * 1000);
		inControl((control) => {
			for (const at of answered)
				control.prepare("INSERT OR IGNORE INTO ticks (connector, at, execution) VALUES ('tick', ?, 'before')").run(at);
			dealtTo(Date.now() + dayMs)(control);
		});
		await world.start();
		await until(() => count(`ticks WHERE at > ${answered.at(-1)}`) >= 2);
		expect(count(`ticks WHERE at <= ${answered.at(-1)} AND at >= ${soon} AND execution <> 'before'`)).toBe(0);
		expect(count('(SELECT at FROM ticks GROUP BY at HAVING count(*) > 1)')).toBe(0);
	});
