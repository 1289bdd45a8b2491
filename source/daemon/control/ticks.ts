import type {ControlDatabase} from './open.js';

export type DealtWith = {
	/** The schedule it was dealt with for, as JSON. */
	readonly schedule: string;
	/** Milliseconds since 1970. */
	readonly to: number;
};

/** How many answered ticks of a connector are remembered: a clock that jumps back repeats none of them. */
const rememberedTicks = 10_000;

/** How far schedules are dealt with, and which ticks were answered (SPEC 4, 11). */
export function tickTable(database: ControlDatabase) {
	const read = database.prepare<[string], {schedule: string; dealt_to: number}>(
		'SELECT schedule, dealt_to FROM schedules WHERE connector = ?',
	);
	const begin = database.prepare('INSERT OR REPLACE INTO schedules (connector, schedule, dealt_to) VALUES (?, ?, ?)');
	const move = database.prepare('UPDATE schedules SET dealt_to = ? WHERE connector = ?');
	const add = database.prepare('INSERT INTO ticks (connector, at, execution) VALUES (?, ?, ?)');
	const known = database.prepare<[string, number], {found: number}>('SELECT 1 found FROM ticks WHERE connector = ? AND at = ?');
	const trim = database.prepare(`
		DELETE FROM ticks WHERE connector = @connector AND seq <= (
			SELECT seq FROM ticks WHERE connector = @connector ORDER BY seq DESC LIMIT 1 OFFSET ${rememberedTicks})`);
	const waiting = database.prepare<[string], {id: string}>(`
		SELECT id FROM executions
		WHERE connector = ? AND status = 'queued' AND mode = 'live' AND interrupted = 0 AND triggered_by IN ('schedule', 'source')
		ORDER BY seq LIMIT 1`);
	return {
		dealtWith(connector: string): DealtWith | null {
			const row = read.get(connector);
			return row ? {schedule: row.schedule, to: row.dealt_to} : null;
		},
		/** From `at` on, the ticks of this schedule are due. */
		begin: (connector: string, schedule: string, at: number) => begin.run(connector, schedule, at),
		wasAnswered: (connector: string, at: number): boolean => known.get(connector, at) !== undefined,
		/**
		 * Answers a tick, once. `execution`: what came of it, or what waits already and stands for it; null: nothing did.
		 *
		 * @throws of SQLite when it was answered before: the transaction around it must not take effect
		 */
		answer(connector: string, at: number, execution: string | null): void {
			add.run(connector, at, execution);
			move.run(at, connector);
			trim.run({connector});
		},
		/** The scheduled execution of a connector that waits in its queue, if there is one. */
		waiting: (connector: string): string | null => waiting.get(connector)?.id ?? null,
	};
}
