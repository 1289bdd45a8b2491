import {join} from 'node:path';
import type {Proposals} from '../../api/contract.js';
import {SluiceError} from '../../model/errors.js';
import type {Actor} from '../control/history.js';
import {Refused} from '../refused.js';
import type {Services} from '../services.js';

/**
 * `POST /connectors/:name/infer`: variables and keys of `read` proposed from the sample, made in a short runner (SPEC 4, 6). The
 * client writes them, with its own rights: a member of the access group writes no file that the system keeps from him.
 */
export async function infer(
	{configuration, tasks, paths, control}: Services,
	name: string,
	toWrite: boolean,
	actor: Actor,
): Promise<Proposals> {
	await configuration.refresh();
	const {connector, problems} = configuration.entry(name);
	if (!connector) throw new Refused('workspace.invalid', `The configuration of ${name} has problems`, {problems});
	if (connector.sampleFile === null)
		throw new SluiceError('run.input_missing', `${name} has no sample file`, {cure: 'Name one with sample_file.'});
	const {settings, objects} = configuration.workspace;
	const {read, items} = (await tasks.runInFolder((folder) => ({
		task: 'infer',
		folder,
		storeFile: settings.storeFile,
		connector,
		objects,
		limits: settings.limits,
		locale: configuration.locale,
	}))) as Pick<Proposals, 'read' | 'items'>;
	if (toWrite)
		control.history.add(actor, {what: 'infer', connector: name, detail: {to_write: items.map((item) => item.name), ...keysOf(read)}});
	return {read, items, file: join(paths.workspace, 'connectors', name, 'connector.yaml')};
}

/** What is to be written of `read`, for the history. */
function keysOf({notes: _, ...keys}: Proposals['read']): {readonly read?: Record<string, unknown>} {
	return Object.keys(keys).length > 0 ? {read: keys} : {};
}
