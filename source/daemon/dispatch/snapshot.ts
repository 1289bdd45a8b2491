import {readFile} from 'node:fs/promises';
import type {ExecutionJob, Locale} from '../../engine/protocol.js';
import type {Listening} from '../../model/automation.js';
import type {Connector} from '../../model/connector.js';
import type {Limits} from '../../model/limits.js';
import type {ObjectDefinition} from '../../model/object.js';
import {defaultReadOptions} from '../../model/read-options.js';
import {writeWhole} from '../../platform/files/whole-file.js';
import {rebased} from '../control/relocate.js';

/** What an execution keeps of the configuration it started with, in its folder (SPEC 9). Names of secrets, never their values. */
export type Snapshot = {
	readonly connector: Connector;
	readonly objects: readonly ObjectDefinition[];
	readonly limits: Limits;
	readonly locale: Locale;
	readonly storeFile: string;
	/** The folder of the workspace then, which the paths in here are of; absent where an earlier version wrote it. */
	readonly workspace?: string;
	readonly listeners: ExecutionJob['listeners'];
	readonly automations?: readonly Listening[];
};

/** The snapshot of an execution that started before; null for one that did not. */
export async function readSnapshot(file: string): Promise<Snapshot | null> {
	try {
		const snapshot = JSON.parse(await readFile(file, 'utf8')) as Snapshot;
		// an execution that an older version started has no options
		return {...snapshot, connector: {...snapshot.connector, read: snapshot.connector.read ?? defaultReadOptions}};
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
		throw error;
	}
}

/** Writes it whole or not at all, for its owner alone. */
export async function writeSnapshot(file: string, snapshot: Snapshot): Promise<void> {
	await writeWhole(file, JSON.stringify(snapshot));
}

/** The workspace as it is now. */
export type Here = {readonly workspace: string; readonly storeFile: string};

/**
 * A snapshot with its paths brought to the folder that the workspace is in now: an execution of a copied workspace must not write the records
 * of the one it was copied from.
 */
export function relocated(snapshot: Snapshot, here: Here): Snapshot {
	const from = snapshot.workspace ?? formerFolder(snapshot, here);
	const isOfHere = (path: string): boolean => path.startsWith(`${here.workspace}/`);
	// Another store than today's is kept only where it is known to be this workspace's: its checkpoints are in it.
	const knows = snapshot.workspace !== undefined || isOfHere(snapshot.storeFile) || from !== null;
	const to = (path: string): string => (from === null ? path : rebased(path, from, here.workspace));
	const {connector} = snapshot;
	return {
		...snapshot,
		workspace: here.workspace,
		storeFile: knows ? to(snapshot.storeFile) : here.storeFile,
		connector: {
			...connector,
			sampleFile: connector.sampleFile === null ? null : to(connector.sampleFile),
			export: connector.export && {...connector.export, to: to(connector.export.to)},
		},
	};
}

/** The folder that a snapshot of an earlier version was taken in, as far as the place of its records tells; null where it does not. */
function formerFolder({storeFile}: Snapshot, here: Here): string | null {
	const end = here.storeFile.startsWith(`${here.workspace}/`) ? here.storeFile.slice(here.workspace.length) : null;
	return end !== null && storeFile.endsWith(end) ? storeFile.slice(0, -end.length) : null;
}
