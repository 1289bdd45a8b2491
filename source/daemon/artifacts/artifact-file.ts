import {type FileHandle, mkdtemp, open, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {artifactFileName, artifactNouns} from '../../api/artifact-name.js';
import {type ArtifactName, artifactNames} from '../../api/contract.js';
import {SluiceError} from '../../model/errors.js';
import {writeSqlOutput} from '../../report/sql-output.js';
import type {Actor} from '../control/history.js';
import type {StoredExecution} from '../control/stored-execution.js';
import type {Streamed} from '../server/send-stream.js';
import type {Services} from '../services.js';
import {rebuild} from './rebuild.js';

export type ArtifactAsked = {
	readonly artifact: ArtifactName;
	/** Builds the SQL output anew, with cells that a spreadsheet would run made harmless (SPEC 17). */
	readonly safeCsv: boolean;
	/** Where the client says that it writes it, for the history. */
	readonly to: string | null;
	/** Told of each part that is sent. */
	readonly sent: () => void;
};

const types = {
	report: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
	sql_output: 'application/zip',
	input: 'application/octet-stream',
};

const partBytes = 256 * 1024;

/** @throws SluiceError `usage.unknown` */
export function artifactNamed(text: string): ArtifactName {
	const found = artifactNames.find((name) => name === text);
	if (found) return found;
	throw new SluiceError('usage.unknown', `There is no artifact "${text}"`, {expected: artifactNames.join(', ')});
}

/**
 * One of an execution's files, to be sent (SPEC 12, 14, 16). One that is missing is built again where the tables it is made of are kept. It is
 * in the history when all of it is handed over.
 *
 * @throws SluiceError `run.artifact_missing` when the execution has no such file
 */
export async function artifactFile(services: Services, stored: StoredExecution, asked: ArtifactAsked, actor: Actor): Promise<Streamed> {
	const {artifact, safeCsv, to} = asked;
	const file = artifact === 'sql_output' && safeCsv ? await openSafe(services, stored) : await openArtifact(services, stored, artifact);
	const {size} = await file.stat();
	const handedOver = (): void =>
		services.control.history.add(actor, {
			what: 'export',
			connector: stored.connector,
			execution: stored.id,
			detail: {artifact, ...(to !== null && {to}), bytes: size},
		});
	return {
		type: types[artifact],
		sizeBytes: size,
		name: artifactFileName(services.views.execution(stored), artifact),
		parts: partsOf(file, size, {sent: asked.sent, handedOver}),
		close: () => file.close(),
	};
}

async function openArtifact(services: Services, stored: StoredExecution, artifact: ArtifactName): Promise<FileHandle> {
	const path = services.views.execution(stored).artifacts[artifact];
	const file = path === null ? null : await openThere(path);
	if (file) return file;
	const rebuilt = artifact === 'input' ? null : await rebuild(services, stored, artifact);
	if (rebuilt === null) throw missing(stored, artifact);
	return await open(rebuilt, 'r');
}

async function openThere(path: string): Promise<FileHandle | null> {
	return await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
		if (error.code === 'ENOENT') return null;
		throw error;
	});
}

/** Open, and without a name: it is gone when it is closed. */
async function openSafe({browse, paths}: Services, stored: StoredExecution): Promise<FileHandle> {
	const scratch = await mkdtemp(join(paths.tasks, 'artifact-'));
	try {
		const target = join(scratch, 'sql-output.zip');
		const {path: folder} = paths.execution(stored.id);
		const built = await browse.tables(stored, (session) => writeSqlOutput({session, folder, target, safeCsv: true}));
		if (!built) throw missing(stored, 'sql_output');
		return await open(target, 'r');
	} finally {
		await rm(scratch, {recursive: true, force: true});
	}
}

type Told = {readonly sent: () => void; readonly handedOver: () => void};

/** @param told `handedOver` is called before the last part, so that who has all of it finds it in the history */
async function* partsOf(file: FileHandle, size: number, told: Told): AsyncGenerator<Uint8Array> {
	if (size === 0) told.handedOver();
	for (let done = 0; done < size; ) {
		const {bytesRead, buffer} = await file.read(Buffer.allocUnsafe(Math.min(partBytes, size - done)), 0, null, done);
		if (bytesRead === 0) throw new Error(`the file ended after ${done} of ${size} bytes`);
		done += bytesRead;
		if (done === size) told.handedOver();
		told.sent();
		yield buffer.subarray(0, bytesRead);
	}
}

function missing({id}: StoredExecution, artifact: ArtifactName): SluiceError {
	return new SluiceError('run.artifact_missing', `The execution has no ${artifactNouns[artifact]}`, {where: id});
}
