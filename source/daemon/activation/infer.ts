import {SluiceError} from '../../model/errors.js';
import {Refused} from '../refused.js';
import type {Rooms} from '../rooms.js';

/** `POST /connectors/:name/infer`: variables proposed from the sample, made in a short runner (SPEC 6). */
export async function infer({configuration, tasks}: Rooms, name: string): Promise<readonly unknown[]> {
	await configuration.refresh();
	const {connector, problems} = configuration.entry(name);
	if (!connector) throw new Refused('workspace.invalid', `The configuration of ${name} has problems`, {problems});
	if (connector.sampleFile === null)
		throw new SluiceError('run.input_missing', `${name} has no sample file`, {cure: 'Name one with sample_file.'});
	const {settings, objects} = configuration.workspace;
	const result = await tasks.runInFolder((folder) => ({
		task: 'infer',
		folder,
		storeFile: settings.storeFile,
		connector,
		objects,
		limits: settings.limits,
		locale: configuration.locale,
	}));
	if (Array.isArray(result)) return result;
	return (result as {items?: readonly unknown[]} | null)?.items ?? [];
}
