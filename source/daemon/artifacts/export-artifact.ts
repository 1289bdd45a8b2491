import {constants} from 'node:fs';
import {copyFile, rename, rm, stat} from 'node:fs/promises';
import {basename, isAbsolute, join} from 'node:path';
import type {Exported, ExportRequest} from '../../api/contract.js';
import {SluiceError} from '../../model/errors.js';
import type {Actor} from '../control/history.js';
import type {StoredExecution} from '../control/stored-execution.js';
import type {Rooms} from '../rooms.js';
import {uuid7} from '../submit/uuid7.js';

const names = {report: 'report', sql_output: 'SQL output', input: 'input file'} as const;

/**
 * Writes one of an execution's files to where a person wants it, whole or not at all (SPEC 12, 14). A folder gets the file under
 * its own name.
 *
 * @throws SluiceError `run.artifact_missing` when the execution has no such file
 */
export async function exportArtifact(
	{control, views}: Rooms,
	stored: StoredExecution,
	request: ExportRequest,
	actor: Actor,
): Promise<Exported> {
	const {artifact, to} = request;
	if (!isAbsolute(to)) throw new SluiceError('usage.invalid', 'The path to write to must be absolute', {where: to});
	const from = views.execution(stored).artifacts[artifact];
	if (from === null || !(await exists(from))) {
		throw new SluiceError('run.artifact_missing', `The execution has no ${names[artifact]}`, {where: stored.id});
	}
	const path = (await isFolder(to)) ? join(to, basename(from)) : to;
	const draft = `${path}.${uuid7()}.part`;
	try {
		await copyFile(from, draft, constants.COPYFILE_FICLONE);
		await rename(draft, path);
	} catch (cause) {
		await rm(draft, {force: true});
		const {code} = cause as NodeJS.ErrnoException;
		throw new SluiceError('usage.invalid', `The ${names[artifact]} cannot be written: ${code ?? 'unknown'}`, {
			where: path,
			cure: 'Name a file in a folder that exists and that you may write, with space left.',
			cause,
		});
	}
	const {size} = await stat(path);
	control.history.add(actor, {
		what: 'export',
		connector: stored.connector,
		execution: stored.id,
		detail: {artifact, to: path, bytes: size},
	});
	return {path, bytes: size};
}

async function exists(path: string): Promise<boolean> {
	return (await stat(path).catch(() => null))?.isFile() ?? false;
}

async function isFolder(path: string): Promise<boolean> {
	return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}
