import {SluiceError} from '../../model/errors.js';
import type {SqlSession} from '../../model/sql-session.js';
import type {Attempt} from '../dispatch/attempt.js';

/** The engine of a running execution, for reading: questions go through its runner, which answers between its own statements. */
export function runningSession(attempt: Attempt): SqlSession {
	const refuse = (): never => {
		throw new SluiceError('run.not_ended', 'The tables of a running execution can be read only');
	};
	return {
		execute: async () => refuse(),
		insert: async () => refuse(),
		rows: async <Row extends Record<string, unknown>>(sql: string) => (await attempt.rows(sql)) as readonly Row[],
		async *blocks(sql) {
			const rows = await attempt.rows(sql);
			const [first] = rows;
			if (first) yield Object.keys(first).map((column) => rows.map((row) => row[column]));
		},
	};
}
