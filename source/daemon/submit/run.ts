import {basename} from 'node:path';
import type {RunRequest} from '../../api/contract.js';
import type {Connector} from '../../model/connector.js';
import {SluiceError} from '../../model/errors.js';
import type {Actor} from '../control/history.js';
import type {StoredExecution} from '../control/stored-execution.js';
import {Refused} from '../refused.js';
import type {Rooms} from '../rooms.js';
import {confirmed} from './confirmed.js';
import {scheduleFile} from './schedule-file.js';
import {newestSourceFile} from './source-file.js';
import {submit} from './submit.js';

/** `POST /executions`: what a person starts by hand (SPEC 9). */
export async function run(rooms: Rooms, request: RunRequest, actor: Actor): Promise<StoredExecution> {
	const {configuration} = rooms;
	await configuration.refresh();
	const {connector, missing, problems} = configuration.entry(request.connector);
	if (request.mode === 'live') confirmed(configuration, request.connector, request.confirm);
	if (!connector) {
		throw new Refused(
			'workspace.invalid',
			`The configuration of ${request.connector} has problems`,
			{problems},
			{expected: problems[0]?.message},
		);
	}
	if (missing.length > 0 && request.mode === 'dry' && !request.accept_incomplete) {
		throw new Refused('run.incomplete', `The configuration is incomplete: ${missing.join(', ')}`, {missing});
	}
	return await submit(
		rooms,
		{
			connector,
			mode: request.mode,
			input: await inputOf(rooms, connector, request),
			triggeredBy: 'manual',
			diffCheck: connector.diffCheck && request.diff_check,
			notify: request.notify,
			failedRowsOf: null,
			what: 'run',
			detail: {...(missing.length > 0 && {incomplete: missing})},
		},
		actor,
	);
}

/** The file that was named; else the connector's source; else, for a dry run, the sample (SPEC 13). */
async function inputOf(rooms: Rooms, connector: Connector, {input, mode}: RunRequest): Promise<{path: string; name: string} | null> {
	if (input !== null) return {path: input, name: basename(input)};
	if (connector.operation === 'export') return null;
	if (connector.source && 'file' in connector.source) {
		const path = await newestSourceFile(connector.source.file);
		return {path, name: basename(path)};
	}
	if (mode === 'dry' && connector.sampleFile !== null) return {path: connector.sampleFile, name: basename(connector.sampleFile)};
	if (connector.type === 'schedule') return await scheduleFile(rooms.paths, new Date());
	throw new SluiceError('run.input_missing', `A live run of ${connector.apiName} needs an input file`);
}
