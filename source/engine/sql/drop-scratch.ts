import {identifier} from '../../model/sql-text.js';
import {keptDatabase, readableDatabases} from './access.js';
import type {SqlWorker} from './worker-session.js';

/**
 * Drops what only a script needs, once its outputs are kept: an execution's folder stays for as long as its history, and these tables can be
 * many times its results. The worker is in `trusted` mode.
 */
export async function dropScratch(worker: SqlWorker): Promise<void> {
	for (const name of [...readableDatabases, keptDatabase]) await worker.execute(`DROP DATABASE IF EXISTS ${identifier(name)} SYNC`);
}
