import {realpathSync} from 'node:fs';
import {SluiceError} from '../../model/errors.js';
import type {Limits} from '../../model/limits.js';
import type {SqlSession} from '../../model/sql-session.js';
import {endAll, startProcess} from './start-process.js';
import {longStatements, sessionOf, sessionSettings, threadsOf} from './worker-session.js';

/** One engine that goes from the tables of one execution to those of the next: a start of its own costs ten times a visit. */
export interface RoamingWorker {
	/**
	 * Does `work` on the tables of an execution, by the name of its folder, for our own statements alone. One visit at a time; nobody else
	 * may have the folder open meanwhile.
	 */
	visit<Result>(execution: string, work: (session: SqlSession) => Promise<Result>): Promise<Result>;
	/** Ends it at once, whatever it does; a visit that is under way fails with `sql.cancelled`. */
	kill(): Promise<void>;
	/** Settles when its process has ended, whatever ended it. */
	readonly ended: Promise<void>;
}

/** @param folder of all executions, absolute @throws SluiceError `sql.sandbox_missing`, `sql.engine_missing`, `sql.crashed` */
export async function startRoaming(folder: string, limits: Limits): Promise<RoamingWorker> {
	const {child, connection} = await startProcess({
		...{folder: realpathSync(folder), readOnly: [], stepsBack: 0, network: false, timezone: 'UTC'},
		sandbox: limits.sqlSandbox,
		redact: (text) => text,
	});
	const settings = [...sessionSettings(threadsOf(limits)), `SET max_memory_usage = ${limits.sqlMemoryBytes}, ${longStatements}`];
	return {
		async visit(execution, work) {
			await connection.ask({do: 'open', access: null, settings, execution});
			try {
				return await work(sessionOf(connection, false));
			} finally {
				await connection.ask({do: 'close'});
			}
		},
		kill: () => endAll(child, connection, new SluiceError('sql.cancelled', 'The SQL was stopped')),
		ended: connection.ended,
	};
}
