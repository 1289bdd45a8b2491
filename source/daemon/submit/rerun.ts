import type {RerunRequest} from '../../api/contract.js';
import {SluiceError} from '../../model/errors.js';
import type {Actor} from '../control/history.js';
import type {StoredExecution} from '../control/stored-execution.js';
import {readSnapshot} from '../dispatch/snapshot.js';
import {Refused} from '../refused.js';
import type {Services} from '../services.js';
import {confirmed} from './confirmed.js';
import {keptInput} from './kept-input.js';
import {submit} from './submit.js';

/** `POST /executions/:id/rerun`: the same input on today's configuration, or only the rows that failed (SPEC 9). */
export async function rerun(services: Services, original: StoredExecution, request: RerunRequest, actor: Actor): Promise<StoredExecution> {
	const {configuration, paths} = services;
	await configuration.refresh();
	const {connector, problems} = configuration.entry(original.connector);
	const mode = request.mode ?? original.mode;
	if (mode === 'live') confirmed(configuration, original.connector, request.confirm);
	if (!connector) throw new Refused('workspace.invalid', `The configuration of ${original.connector} has problems`, {problems});
	const readsNothing = original.operation === 'export' && original.inputName === null && original.clearedAt === null;
	const input = readsNothing ? null : keptInput(services, original);
	const folder = paths.execution(original.id);
	if (request.rows === 'failed') {
		if (original.operation === 'export') throw new SluiceError('usage.invalid', 'An export has no failed rows: run all of it again');
		if (original.status === 'queued' || original.status === 'running') {
			throw new SluiceError('run.not_ended', 'Its failed rows are known when it has ended', {where: original.id});
		}
		const before = await readSnapshot(folder.configuration);
		if (!before) throw new SluiceError('run.artifact_missing', 'It never started, so it has no failed rows', {where: original.id});
		if ((before.connector.sql?.text ?? null) !== (connector.sql?.text ?? null)) {
			throw new SluiceError('run.sql_changed', `The SQL of ${original.connector} has changed since`, {where: connector.sql?.file});
		}
	}
	return await submit(
		services,
		{
			connector,
			mode,
			input,
			triggeredBy: 'manual',
			diffCheck: connector.diffCheck && original.diffCheck,
			notify: original.notify,
			failedRowsOf: request.rows === 'failed' ? original.id : null,
			what: 'rerun',
			detail: {of: original.id, rows: request.rows ?? 'all'},
		},
		actor,
	);
}
