import {createReadStream, existsSync} from 'node:fs';
import {mkdtemp, readdir, rm, stat} from 'node:fs/promises';
import {join, relative} from 'node:path';
import {Readable} from 'node:stream';
import {ZipWriter} from '@zip.js/zip.js';
import {openForReading} from '../store/sqlite/connection.js';
import {type DatabaseKind, type Generation, probeDatabase} from '../store/sqlite/probe.js';
import type {Actor} from './control/history.js';
import type {Rooms} from './rooms.js';
import type {Streamed} from './server/send-stream.js';
import {writeStateFile} from './state/state-file.js';

export type BackupAsked = {
	/** Where the client says that it writes it, for the history. */
	readonly to: string | null;
	/** Told of each part that is sent. */
	readonly sent: () => void;
};

/**
 * A consistent copy of the workspace while everything runs, as one zip that is made while it is sent: its configuration, `sluice.db`, and
 * `control.db` (SPEC 13). The control state is copied first: what the records are ahead of it is found again at the checkpoints. The folders of
 * executions and the key of the secrets stay out. It is in the history when all of it is handed over.
 */
export async function backup({paths, control, configuration, tasks}: Rooms, {to, sent}: BackupAsked, actor: Actor): Promise<Streamed> {
	const {storeFile} = configuration.workspace.settings;
	const scratch = await mkdtemp(join(paths.tasks, 'backup-'));
	const abort = new AbortController();
	const close = async (): Promise<void> => {
		abort.abort();
		await rm(scratch, {recursive: true, force: true});
	};
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
		const handedOver = (bytes: number): void => control.history.add(actor, {what: 'backup', detail: {...(to !== null && {to}), bytes}});
		return {type: 'application/zip', name: 'backup.zip', parts: zipped(files, {signal: abort.signal, sent, handedOver}), close};
	} catch (error) {
		await close();
		throw error;
	}
}

type Making = {readonly signal: AbortSignal; readonly sent: () => void; readonly handedOver: (bytes: number) => void};

async function* zipped(
	files: readonly {readonly path: string; readonly name: string}[],
	{signal, sent, handedOver}: Making,
): AsyncGenerator<Uint8Array> {
	const {readable, writable} = new TransformStream<Uint8Array, Uint8Array>();
	const zip = new ZipWriter(writable, {useWebWorkers: false, level: 1, signal});
	const written = addAll(zip, files);
	written.catch((error: unknown) => writable.abort(error).catch(() => undefined));
	let bytes = 0;
	for await (const part of readable) {
		bytes += part.length;
		sent();
		yield part;
	}
	await written;
	handedOver(bytes);
}

async function addAll(zip: ZipWriter<unknown>, files: readonly {readonly path: string; readonly name: string}[]): Promise<void> {
	for (const {path, name} of files) await zip.add(name, Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>);
	await zip.close();
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
