import type {RunRequest} from '../../api/contract.js';
import type {Actor} from '../control/history.js';
import type {StoredExecution} from '../control/stored-execution.js';
import {Refused} from '../refused.js';
import type {Services} from '../services.js';
import {confirmed} from './confirmed.js';
import {withInput} from './input-of.js';
import {submit} from './submit.js';
import type {Upload} from './upload.js';

/** `POST /executions`: what a person starts by hand (SPEC 9), with the file that was sent, or that an earlier execution read, if there is one. */
export async function run(
	services: Services,
	request: Omit<RunRequest, 'input'>,
	upload: Upload | null,
	actor: Actor,
): Promise<StoredExecution> {
	const {configuration} = services;
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
	const inputOf = request.input_of ?? null;
	return await withInput(services, connector, {mode: request.mode, upload, inputOf}, (given) =>
		submit(
			services,
			{
				connector,
				mode: request.mode,
				...given,
				triggeredBy: 'manual',
				diffCheck: connector.diffCheck && request.diff_check,
				notify: request.notify,
				failedRowsOf: null,
				what: 'run',
				detail: {...(missing.length > 0 && {incomplete: missing}), ...(given.of !== undefined && {input_of: given.of})},
			},
			actor,
		),
	);
}
