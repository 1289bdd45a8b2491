import {constants} from 'node:os';
import {toSluiceError} from '../model/errors.js';
import {unreachable} from '../model/unreachable.js';
import {lowerPriorityTo} from '../platform/niceness.js';
import {runExecution} from './execution/run.js';
import type {StopRequest} from './execution/stop-request.js';
import type {RunnerTask, ShortTask} from './protocol.js';
import type {RunnerLink} from './runner-link.js';
import {archiveRecords} from './tasks/archive-records.js';
import {fetchQuery} from './tasks/fetch-query.js';
import {forgetEvents} from './tasks/forget-events.js';
import {inferFromSample} from './tasks/infer-from-sample.js';
import {inputLine} from './tasks/input-line.js';
import {migrateStore} from './tasks/migrate-store.js';
import {peekInput} from './tasks/peek-input.js';
import {selectText} from './tasks/select-text.js';
import {validateOnSample} from './tasks/validate-on-sample.js';

/** Carries one task to its end and tells the daemon how it ended. Never throws: whatever goes wrong is told as an error. */
export async function runTask(task: RunnerTask, link: RunnerLink): Promise<void> {
	if (task.task === 'execute') {
		// A run may fill every core: the daemon that answers people gets its turn first. The engine's process inherits the priority.
		lowerPriorityTo(constants.priority.PRIORITY_BELOW_NORMAL);
		await runExecution(task, link);
		return;
	}
	try {
		link.send({type: 'result', result: await runShortTask(task, link.stop), error: null});
	} catch (error) {
		link.send({type: 'result', result: null, error: toSluiceError(error).toJSON()});
	}
}

function runShortTask(task: ShortTask, stop: StopRequest): Promise<unknown> {
	switch (task.task) {
		case 'archive':
		case 'unarchive':
			return archiveRecords(task);
		case 'migrate':
			return migrateStore(task);
		case 'forget_events':
			return forgetEvents(task);
		case 'validate':
			return validateOnSample(task);
		case 'select':
			return selectText(task);
		case 'fetch':
			return fetchQuery(task, stop);
		case 'peek':
			return peekInput(task);
		case 'line':
			return inputLine(task);
		case 'infer':
			return inferFromSample(task);
		default:
			return unreachable(task);
	}
}
