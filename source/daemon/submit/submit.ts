import {rm} from 'node:fs/promises';
import {basename, isAbsolute} from 'node:path';
import {neededColumns} from '../../engine/intake/needed-columns.js';
import {readingOf} from '../../engine/intake/reading.js';
import {type Connector, objectsOf} from '../../model/connector.js';
import {SluiceError} from '../../model/errors.js';
import type {ExecutionMode} from '../../model/execution.js';
import {failpoint} from '../../platform/failpoint.js';
import {uuid7} from '../../platform/uuid7.js';
import type {Actor} from '../control/history.js';
import type {StoredExecution, Trigger} from '../control/stored-execution.js';
import type {Services} from '../services.js';
import type {FileIdentity} from '../source/open-regular.js';
import {beginFolder, folderAccepted} from '../state/lost.js';
import {keepInput, moveInput} from './keep-input.js';

export type Submission = {
	readonly connector: Connector;
	readonly mode: ExecutionMode;
	/** An absolute path and the name the file is known by, which is moved or copied; null for an execution that reads none. */
	readonly input: {readonly path: string; readonly name: string; readonly identity?: FileIdentity; readonly moves?: true} | null;
	readonly triggeredBy: Trigger;
	readonly diffCheck: boolean;
	readonly notify: string | null;
	/** The execution whose failed rows are run again. */
	readonly failedRowsOf: string | null;
	/** Said in the history beside `run`. */
	readonly what: 'run' | 'rerun';
	readonly detail: Readonly<Record<string, unknown>>;
	/** Lines for its log, on disk before it is accepted. */
	readonly notes?: readonly string[];
	/** Done in the transaction that accepts it; what it throws takes the acceptance back. */
	readonly accepted?: (id: string) => void;
};

/**
 * Puts an execution into the queue: checks the input, keeps a copy of it, and only then says that it is accepted (SPEC 4, 9).
 *
 * @throws SluiceError of the intake when the file is not fit; nothing is written then
 */
export async function submit(services: Services, submission: Submission, actor: Actor): Promise<StoredExecution> {
	const {control, paths, dispatcher, bus, views} = services;
	const {connector, mode, input, what, detail} = submission;
	if (input) {
		if (!isAbsolute(input.path)) throw new SluiceError('usage.invalid', 'The path of the input must be absolute', {where: input.path});
		if (submission.failedRowsOf === null) await check(services, connector, input);
	}
	const id = uuid7();
	const folder = paths.execution(id);
	await beginFolder(folder.path);
	if (input?.moves) await moveInput(folder, input.path, basename(input.name));
	else if (input) await keepInput(folder, input.path, basename(input.name), input.identity);
	await note(services, id, submission.notes ?? []);
	failpoint('daemon.submission.before');
	const stored = await takenBack(folder.path, () =>
		control.together(() => {
			const added = control.executions.add({
				id,
				connector: connector.apiName,
				operation: connector.operation,
				objects: objectsOf(connector),
				mode,
				inputName: input && basename(input.name),
				queuedAt: control.now(),
				startedBy: actor.who,
				triggeredBy: submission.triggeredBy,
				diffCheck: submission.diffCheck,
				notify: submission.notify,
				failedRowsOf: submission.failedRowsOf,
			});
			if (mode === 'live') control.connectors.bumpQueue(connector.apiName);
			control.history.add(actor, {
				what,
				connector: connector.apiName,
				execution: id,
				detail: {mode, input_file: added.inputName, triggered_by: submission.triggeredBy, ...detail},
			});
			submission.accepted?.(id);
			return added;
		}),
	);
	failpoint('daemon.submission.after');
	await folderAccepted(folder.path);
	dispatcher.look();
	const now = control.executions.known(id);
	bus.publish({type: 'execution', execution: views.execution(now)});
	return stored;
}

async function note({logs, control}: Services, id: string, notes: readonly string[]): Promise<void> {
	if (notes.length === 0) return;
	for (const message of notes) logs.append(id, {at: control.now(), level: 'info', stage: null, message});
	await logs.flushed(id);
}

/** Takes the folder away again when the acceptance fails. */
async function takenBack<Result>(folder: string, accept: () => Result): Promise<Result> {
	try {
		return accept();
	} catch (error) {
		await rm(folder, {recursive: true, force: true});
		throw error;
	}
}

/** What can be said before the file is read: existence, type, size, encryption, header, the columns that variables name, or SQL. */
async function check(
	{readers, configuration, validator}: Services,
	connector: Connector,
	{path, name}: {path: string; name: string},
): Promise<void> {
	const {maxInputBytes} = configuration.workspace.settings.limits;
	const needs = {
		read: readingOf(connector),
		needed: neededColumns(connector, validator.columnsOf(connector)),
		sample: connector.sampleFile,
	};
	await readers.ask(connector.apiName, 'check', {path, name, maxInputBytes, ...needs});
}
