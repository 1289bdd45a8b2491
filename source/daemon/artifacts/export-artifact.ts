import {stat} from 'node:fs/promises';
import {basename, isAbsolute, join} from 'node:path';
import type {ArtifactName, Exported, ExportRequest} from '../../api/contract.js';
import {causeOfNotWritten} from '../../files/file-error.js';
import {copyWhole} from '../../files/whole-file.js';
import {SluiceError} from '../../model/errors.js';
import {outputTarget} from '../../report/archive/output-target.js';
import {writeSqlOutput} from '../../report/sql-output.js';
import type {Actor} from '../control/history.js';
import type {StoredExecution} from '../control/stored-execution.js';
import {protectedPlaces} from '../protected-places.js';
import type {Rooms} from '../rooms.js';
import {rebuild} from './rebuild.js';

const names = {report: 'report', sql_output: 'SQL output', input: 'input file'} as const;

/**
 * Writes one of an execution's files to where a person wants it, whole or not at all (SPEC 12, 14). A folder gets the file under a
 * name of its own. `safe_csv` builds the SQL output anew, with cells that a spreadsheet would run made harmless (SPEC 17).
 *
 * @throws SluiceError `run.artifact_missing` when the execution has no such file, `export.refused`
 */
export async function exportArtifact(rooms: Rooms, stored: StoredExecution, request: ExportRequest, actor: Actor): Promise<Exported> {
	const {artifact, to, safe_csv: safeCsv = false} = request;
	if (!isAbsolute(to)) throw new SluiceError('usage.invalid', 'The path to write to must be absolute', {where: to});
	const from = await artifactOf(rooms, stored, artifact);
	if (from === null) {
		throw new SluiceError('run.artifact_missing', `The execution has no ${names[artifact]}`, {where: stored.id});
	}
	const wanted = (await isFolder(to)) ? join(to, nameFor(stored, artifact, from)) : to;
	const path = await outputTarget(wanted, protectedPlaces(rooms.paths, rooms.configuration.workspace.settings.storeFile));
	if (artifact === 'sql_output' && safeCsv) await buildSafe(rooms, stored, path);
	else await copyOut(from, path, names[artifact]);
	const {size} = await stat(path);
	rooms.control.history.add(actor, {
		what: 'export',
		connector: stored.connector,
		execution: stored.id,
		detail: {artifact, to: path, bytes: size},
	});
	return {path, bytes: size};
}

/** The file as it stands; one that is missing is built again where the tables it is made of are kept. */
async function artifactOf(rooms: Rooms, stored: StoredExecution, artifact: ArtifactName): Promise<string | null> {
	const from = rooms.views.execution(stored).artifacts[artifact];
	if (from !== null && (await exists(from))) return from;
	return artifact === 'input' ? null : await rebuild(rooms, stored, artifact);
}

/** The input keeps its name; what we made gets one that tells executions apart. */
function nameFor({connector, id}: StoredExecution, artifact: ArtifactName, from: string): string {
	return artifact === 'input' ? basename(from) : `${connector}-${id.slice(0, 13)}-${basename(from)}`;
}

async function buildSafe({browse, paths}: Rooms, stored: StoredExecution, target: string): Promise<void> {
	const {path: folder} = paths.execution(stored.id);
	const built = await browse.tables(stored, (session) => writeSqlOutput({session, folder, target, safeCsv: true}));
	if (!built) throw new SluiceError('run.artifact_missing', 'The execution has no SQL output', {where: stored.id});
}

async function copyOut(from: string, path: string, what: string): Promise<void> {
	try {
		await copyWhole(from, path);
	} catch (cause) {
		throw new SluiceError('export.failed', `The ${what} could not be written: ${causeOfNotWritten(cause)}`, {where: path, cause});
	}
}

async function exists(path: string): Promise<boolean> {
	return (await stat(path).catch(() => null))?.isFile() ?? false;
}

async function isFolder(path: string): Promise<boolean> {
	return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}
