import {type Connector, objectsOf} from '../../model/connector.js';
import type {Control} from '../control/control.js';
import type {StoredExecution} from '../control/stored-execution.js';

/** What started it, where a person's name would stand. */
const starter = 'webhook';

/** Puts the execution of a window into the queue, and says so in the history. To be called inside the transaction that closes the window. */
export function queueWindow(
	control: Control,
	{id, connector, inputName, requests}: {id: string; connector: Connector; inputName: string; requests: number},
): StoredExecution {
	const {apiName} = connector;
	const added = control.executions.add({
		id,
		connector: apiName,
		operation: 'import',
		objects: objectsOf(connector),
		mode: 'live',
		inputName,
		queuedAt: control.now(),
		startedBy: starter,
		triggeredBy: 'webhook',
		diffCheck: connector.diffCheck,
		notify: null,
		failedRowsOf: null,
	});
	control.connectors.bumpQueue(apiName);
	control.history.add(
		{who: starter, from: 'daemon'},
		{what: 'run', connector: apiName, execution: id, detail: {mode: 'live', input_file: inputName, triggered_by: 'webhook', requests}},
	);
	return added;
}
