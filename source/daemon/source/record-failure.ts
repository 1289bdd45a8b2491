import {type Connector, objectsOf} from '../../model/connector.js';
import type {SluiceError} from '../../model/errors.js';
import {uuid7} from '../../platform/uuid7.js';
import {clockActor} from '../clock/actor.js';
import type {Services} from '../services.js';

/**
 * Writes that a scheduled run failed before there was anything to run on: an execution that has ended already, so that it is seen, mailed
 * and acknowledged like every failure. `recorded` is done in the same transaction.
 */
export function failAtSource(
	{control, dispatcher}: Services,
	connector: Connector,
	error: SluiceError,
	recorded: (id: string) => void,
): void {
	const id = uuid7();
	dispatcher.fail(() => {
		const added = control.executions.add({
			id,
			connector: connector.apiName,
			operation: connector.operation,
			objects: objectsOf(connector),
			mode: 'live',
			inputName: null,
			queuedAt: control.now(),
			startedBy: clockActor.who,
			triggeredBy: 'source',
			diffCheck: connector.diffCheck,
			notify: null,
			failedRowsOf: null,
		});
		recorded(id);
		return added;
	}, error);
}
