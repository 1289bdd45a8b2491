import {existsSync} from 'node:fs';
import type {FailureCheck} from '../../api/contract.js';
import {toSluiceError} from '../../model/errors.js';
import {defaultReadOptions} from '../../model/read-options.js';
import type {StoredExecution} from '../control/stored-execution.js';
import {readSnapshot} from '../dispatch/snapshot.js';
import type {Services} from '../services.js';
import {changeLines, type Head, shapeChange} from './shape-change.js';

const lookedBack = 200;

/** Did the input change shape since the last run of the connector that went well? */
export async function shapeCheck(services: Services, stored: StoredExecution): Promise<FailureCheck> {
	const item = (state: FailureCheck['state'], message: string, detail: readonly string[] = []): FailureCheck => ({
		check: 'shape',
		state,
		message,
		detail,
		command: null,
	});
	if (stored.inputName === null) return item('ok', 'It reads no file');
	const before = lastGood(services, stored);
	if (!before) return item('unknown', 'No earlier run that went well has kept its input to compare with');
	try {
		const [old, now] = [await headsOf(services, before), await headsOf(services, stored)];
		if (!old || !now) return item('unknown', 'The header is too long to be compared');
		const lines = changeLines(shapeChange(old, now), Math.max(old.length, now.length) > 1);
		if (lines.length === 0) return item('ok', `The same columns as in ${before.id}, the last run that went well`);
		return item('look', `The file changed shape since ${before.id}, the last run that went well`, lines);
	} catch (error) {
		return item('look', `The header cannot be read: ${toSluiceError(error).message}`);
	}
}

function lastGood({control, paths}: Services, {id, connector}: StoredExecution): StoredExecution | undefined {
	const {items} = control.executions.list({
		connector,
		status: null,
		mode: null,
		object: null,
		operation: 'import',
		offset: 0,
		limit: lookedBack,
	});
	return items.find(
		(candidate) =>
			candidate.id < id &&
			(candidate.status === 'completed' || candidate.status === 'warning') &&
			candidate.inputName !== null &&
			existsSync(paths.execution(candidate.id).input(candidate.inputName)),
	);
}

async function headsOf(
	{paths, configuration, readers}: Services,
	{id, inputName, connector}: StoredExecution,
): Promise<readonly Head[] | null> {
	const name = inputName ?? '';
	const {maxInputBytes} = configuration.workspace.settings.limits;
	const folder = paths.execution(id);
	const read = (await readSnapshot(folder.configuration))?.connector.read ?? defaultReadOptions;
	return await readers.ask(connector, 'columns', {path: folder.input(name), name, maxInputBytes, read});
}
