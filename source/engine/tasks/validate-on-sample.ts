import {scopesOf} from '../../model/connector.js';
import type {ShortTask} from '../protocol.js';
import {typeScope} from '../variables/type-scope.js';
import {checkExportQuery} from './check-export-query.js';
import {onSample, type SampleRead} from './sample-tables.js';

/**
 * Runs a connector on its sample up to the variables (SPEC 5.6): the file can be read, the SQL runs, and every column that a variable names is
 * there. What is wrong with single rows is no problem of the configuration.
 *
 * @returns what the sample has, and the SQL needs of it; null for an export, which reads none
 * @throws SluiceError of what is wrong, with its place in the script where it has one
 */
export async function validateOnSample(task: Extract<ShortTask, {task: 'validate'}>): Promise<SampleRead | null> {
	if (task.connector.export) {
		await checkExportQuery(task);
		return null;
	}
	return onSample(task, async (worker, {connector, locale, id, startedAt, startedBy, input}, read) => {
		const execution = {id, startedAt, startedBy, inputFile: input.name};
		for (const scope of scopesOf(connector)) await typeScope(worker, {scope, connector, locale, execution});
		return read;
	});
}
