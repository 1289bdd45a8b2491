import {statSync} from 'node:fs';
import {exportPathOf} from '../../engine/export/export-path-of.js';
import type {ExecutionJob, FromRunner, Progress} from '../../engine/protocol.js';
import {SluiceError} from '../../model/errors.js';
import {failpoint} from '../../platform/failpoint.js';
import {listenersOf} from '../automations/listeners.js';
import type {Browse} from '../browse/browse.js';
import type {Configuration} from '../configuration/configuration.js';
import {closingOf, type StoredExecution} from '../control/stored-execution.js';
import type {ExecutionFolder, Paths} from '../paths.js';
import {protectedPlaces} from '../protected-places.js';
import {allSecrets} from '../secrets/all-secrets.js';
import {connectorSecrets} from '../secrets/connector-secrets.js';
import {redactError} from '../secrets/redact-error.js';
import type {Vault} from '../secrets/vault.js';
import {type Runner, type RunnerListener, startRunner} from './runner.js';
import {readSnapshot, relocated, type Snapshot, writeSnapshot} from './snapshot.js';

export type LaunchDependencies = {
	readonly entry: string;
	readonly paths: Paths;
	readonly configuration: Configuration;
	readonly vault: Vault;
	readonly browse: Browse;
	/** Whether an execution of the connector wrote this file. */
	wrote(connector: string, file: string): boolean;
};

/**
 * Forks the runner of an execution. It works on the configuration the execution first started with, kept in its folder; the
 * secrets are today's, and whatever the runner says is cleared of them before anybody sees it.
 */
export async function launch(pad: LaunchDependencies, stored: StoredExecution, listener: RunnerListener): Promise<Runner> {
	const {entry, paths, configuration, vault, browse} = pad;
	const folder = paths.execution(stored.id);
	const {storeFile} = configuration.workspace.settings;
	const kept = await readSnapshot(folder.configuration);
	const snapshot = kept ? relocated(kept, {workspace: paths.workspace, storeFile}) : await takeSnapshot(pad, stored.connector, folder);
	const {secrets, redact: redactOwn} = connectorSecrets(vault, snapshot.connector);
	const redactAll = allSecrets(vault);
	const redact = (text: string): string => redactAll(redactOwn(text));
	const failedRowsOf = stored.failedRowsOf === null ? null : {id: stored.failedRowsOf, folder: paths.execution(stored.failedRowsOf).path};
	const name = stored.inputName ?? '';
	const startedAt = stored.startedAt ?? stored.queuedAt;
	const {connector, locale} = snapshot;
	const job: ExecutionJob = {
		task: 'execute',
		id: stored.id,
		lease: stored.lease,
		folder: folder.path,
		...snapshot,
		mode: stored.mode,
		input: {path: name === '' ? '' : folder.input(name), name},
		failedRowsOf,
		diffCheck: stored.diffCheck,
		startedBy: stored.startedBy,
		triggeredBy: stored.triggeredBy,
		queuedAt: stored.queuedAt,
		startedAt,
		closing: closingOf(stored),
		secrets,
		...(connector.export && {
			mayReplace: pad.wrote(stored.connector, exportPathOf({connector, locale, startedAt, id: stored.id})),
			protectedPlaces: protectedPlaces(paths, snapshot.storeFile),
			// The state folder has been given to that group.
			...(configuration.workspace.settings.access && {groupId: statSync(paths.state).gid}),
		}),
	};
	const giveBack = await browse.reserve(failedRowsOf ? [stored.id, failedRowsOf.id] : [stored.id]);
	failpoint('daemon.fork.before');
	const runner = startRunner(entry, paths.workspace, job, {
		message: (message) => listener.message(cleared(message, redact)),
		exit: (ending) => {
			giveBack();
			listener.exit({...ending, lastWords: redact(ending.lastWords)});
		},
	});
	failpoint('daemon.fork.after');
	return runner;
}

async function takeSnapshot({configuration, paths}: LaunchDependencies, name: string, folder: ExecutionFolder): Promise<Snapshot> {
	const {connector} = configuration.entry(name);
	if (!connector) throw new SluiceError('workspace.invalid', `The configuration of ${name} cannot be read any more`);
	const {objects, settings, automations} = configuration.workspace;
	const {limits, storeFile} = settings;
	const {workspace} = paths;
	const snapshot = {
		connector,
		objects,
		limits,
		locale: configuration.locale,
		storeFile,
		workspace,
		listeners: listenersOf(automations),
		automations: automations.map(({apiName, trigger, object, field}) => ({apiName, trigger, object, field})),
	};
	await writeSnapshot(folder.configuration, snapshot);
	return snapshot;
}

function cleared(message: FromRunner, redact: (text: string) => string): FromRunner {
	switch (message.type) {
		case 'log':
			return {...message, message: redact(message.message)};
		case 'progress':
			return {...message, progress: clearedProgress(message.progress, redact)};
		case 'ended':
			return {...message, progress: clearedProgress(message.progress, redact), error: redactError(message.error, redact)};
		case 'rows':
			return {...message, error: redactError(message.error, redact)};
		default:
			return message;
	}
}

function clearedProgress(progress: Progress, redact: (text: string) => string): Progress {
	const {warnings, reasons = []} = progress;
	if (warnings.length + reasons.length === 0) return progress;
	return {
		...progress,
		warnings: warnings.map((warning) => ({...warning, message: redact(warning.message)})),
		reasons: reasons.map(redact),
	};
}
