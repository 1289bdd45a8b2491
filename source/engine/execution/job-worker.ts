import type {ExecutionJob} from '../protocol.js';
import {unsetOf} from '../sql/collections.js';
import {type SqlWorker, startWorker} from '../sql/worker-session.js';

/**
 * The engine of an execution, or of a task on a connector, as its job says.
 *
 * @param stepsBack how far it steps back behind its runner
 * @throws SluiceError as `startWorker`
 */
export function startJobWorker({folder, limits, locale, secrets, connector}: ExecutionJob, stepsBack = 0): Promise<SqlWorker> {
	return startWorker({folder, limits, timezone: locale.timezone, secrets, unset: unsetOf(connector, secrets), stepsBack});
}
