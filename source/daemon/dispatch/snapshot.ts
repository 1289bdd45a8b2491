import {readFile} from 'node:fs/promises';
import type {ExecutionJob, Locale} from '../../engine/job.js';
import {writeWhole} from '../../files/whole-file.js';
import type {Connector} from '../../model/connector.js';
import type {Limits} from '../../model/limits.js';
import type {ObjectDefinition} from '../../model/object.js';
import {defaultReadOptions} from '../../model/read-options.js';

/** What an execution keeps of the configuration it started with, in its folder (SPEC 9). Names of secrets, never their values. */
export type Snapshot = {
	readonly connector: Connector;
	readonly objects: readonly ObjectDefinition[];
	readonly limits: Limits;
	readonly locale: Locale;
	readonly storeFile: string;
	readonly listeners: ExecutionJob['listeners'];
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
