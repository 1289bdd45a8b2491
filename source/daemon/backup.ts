import {createReadStream, existsSync} from 'node:fs';
import {mkdtemp, readdir, rm, stat} from 'node:fs/promises';
import {isAbsolute, join, relative} from 'node:path';
import {Readable} from 'node:stream';
import {ZipWriter} from '@zip.js/zip.js';
import type {Exported} from '../api/contract.js';
import {causeOfNotWritten} from '../files/file-error.js';
import type {NewFile} from '../files/new-file.js';
import {writeWhole} from '../files/whole-file.js';
import {SluiceError} from '../model/errors.js';
import {outputTarget} from '../report/archive/output-target.js';
import {openForReading} from '../store/sqlite/connection.js';
import {type DatabaseKind, type Generation, probeDatabase} from '../store/sqlite/probe.js';
import type {Actor} from './control/history.js';
import {protectedPlaces} from './protected-places.js';
import type {Rooms} from './rooms.js';
import {writeStateFile} from './state/state-file.js';

/**
 * A consistent copy of the workspace while everything runs, as one zip: its configuration, `sluice.db`, and `control.db` (SPEC 13).
 * The control state is copied first: what the records are ahead of it is found again at the checkpoints. The folders of executions and
 * the key of the secrets stay out.
 */
export async function backup({paths, control, configuration, tasks}: Rooms, to: string, actor: Actor): Promise<Exported> {
	if (!isAbsolute(to)) throw new SluiceError('usage.invalid', 'The path of the backup must be absolute', {where: to});
	const {storeFile} = configuration.workspace.settings;
	const target = await outputTarget(to, protectedPlaces(paths, storeFile));
	const scratch = await mkdtemp(join(paths.tasks, 'backup-'));
	try {
		// why: events that are read after the first copy must still stand in the second
		await tasks.whileStoreRests(async () => {
			await control.copyTo(join(scratch, 'control.db'));
			if (existsSync(storeFile)) await copyStore(storeFile, join(scratch, 'sluice.db'));
			writeStateFile(join(scratch, 'state.json'), {
				control: generationIn(join(scratch, 'control.db'), 'control'),
				store: generationIn(join(scratch, 'sluice.db'), 'store'),
			});
		});
		const files = [
			...(await filesUnder(scratch)).map((path) => ({path, name: join('.sluice', relative(scratch, path))})),
			...(existsSync(paths.secrets) ? [{path: paths.secrets, name: join('.sluice', 'secrets.json')}] : []),
			...(await configurationFiles(paths.workspace)).map((path) => ({path, name: relative(paths.workspace, path)})),
		];
		const bytes = await writeBackup(target, files);
		control.history.add(actor, {what: 'backup', detail: {to, bytes}});
		return {path: to, bytes};
	} finally {
		await rm(scratch, {recursive: true, force: true});
	}
}

async function writeBackup(target: string, files: readonly {readonly path: string; readonly name: string}[]): Promise<number> {
	try {
		const {bytes} = await writeWhole(target, async (file) => {
			const zip = new ZipWriter(appendTo(file), {useWebWorkers: false, level: 1});
			for (const {path, name} of files) await zip.add(name, Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>);
			await zip.close();
		});
		return bytes;
	} catch (cause) {
		if (!(cause instanceof SluiceError) || cause.code !== 'file.not_written') throw cause;
		throw new SluiceError('export.failed', `The backup could not be written: ${causeOfNotWritten(cause)}`, {where: target, cause});
	}
}

/** What the copy says of itself, so that the backup fits together where it is put back. */
function generationIn(file: string, kind: DatabaseKind): Generation | null {
	const found = probeDatabase(file, kind, 'head');
	return found.is === 'whole' ? found.generation : null;
}

/** SQLite's own backup: a snapshot of the whole, a few pages at a time, while runners write. */
async function copyStore(file: string, target: string): Promise<void> {
	const database = openForReading(file);
	try {
		await database.backup(target);
	} finally {
		database.close();
	}
}

async function configurationFiles(workspace: string): Promise<readonly string[]> {
	const folders = await Promise.all(['objects', 'connectors', 'automations'].map((folder) => filesUnder(join(workspace, folder))));
	return [join(workspace, 'sluice.yaml'), ...folders.flat()];
}

async function filesUnder(folder: string): Promise<readonly string[]> {
	const names = await readdir(folder, {recursive: true}).catch(() => []);
	const paths = names.sort().map((name) => join(folder, name));
	const kinds = await Promise.all(
		paths.map((path) =>
			stat(path).then(
				(found) => found.isFile(),
				() => false,
			),
		),
	);
	return paths.filter((_path, index) => kinds[index]);
}

function appendTo(file: NewFile): WritableStream<Uint8Array> {
	return new WritableStream({
		async write(part) {
			await file.write(part);
		},
	});
}
