import {createReadStream, existsSync} from 'node:fs';
import {mkdir, mkdtemp, readdir, rm, stat} from 'node:fs/promises';
import {join, relative} from 'node:path';
import {Readable} from 'node:stream';
import {ZipWriter} from '@zip.js/zip.js';
import {type DatabaseKind, type Generation, probeDatabase} from '../../store/sqlite/probe.js';
import type {Actor} from '../control/history.js';
import {isBusy, type Moment, openMoment, wantedExecutions} from '../control/moment.js';
import {programVersion} from '../programs.js';
import type {Streamed} from '../server/send-stream.js';
import type {Services} from '../services.js';
import {writeStateFile} from '../state/state-file.js';
import {keepFiles, type Link} from './kept-files.js';
import {backupFormat, isBackupPath, isTableLink, type Manifest, manifestName} from './manifest.js';

type Entry = {readonly path: string; readonly name: string};

export type BackupAsked = {
	/** Where the client says that it writes it, for the history. */
	readonly to: string | null;
	/** Told of each part that is sent. */
	readonly sent: () => void;
};

type Taken = {readonly moment: Moment; readonly links: readonly Link[]};

/**
 * A copy of the workspace that restores, made while everything runs, as one zip (SPEC 13, 17): its configuration, both databases of one
 * moment, and what the executions that are queued or run at that moment have on disk. For that moment every run stands still; what is copied
 * is what a kill of all of them would have left, and a run is gone on with from there as after a kill. The key of the secrets stays out, and
 * so do the files of executions that have ended.
 */
export async function backup(services: Services, {to, sent}: BackupAsked, actor: Actor): Promise<Streamed> {
	const {paths, control} = services;
	const scratch = await mkdtemp(join(paths.tasks, 'backup-'));
	const abort = new AbortController();
	const close = async (): Promise<void> => {
		abort.abort();
		await rm(scratch, {recursive: true, force: true});
	};
	try {
		const executions = join(scratch, 'executions');
		await mkdir(executions, {mode: 0o700});
		const {moment, links} = await take(services, executions);
		try {
			await moment.control.backup(join(scratch, 'control.db'));
			await moment.store?.backup(join(scratch, 'sluice.db'));
		} finally {
			moment.close();
		}
		writeStateFile(join(scratch, 'state.json'), {
			control: generationIn(join(scratch, 'control.db'), 'control'),
			store: generationIn(join(scratch, 'sluice.db'), 'store'),
		});
		const files = [
			...(await stateFiles(services, scratch)),
			...(await filesUnder(executions)).map((path) => ({path, name: join('.sluice', relative(scratch, path))})),
			...(await configurationFiles(services)),
		];
		const manifest: Manifest = {
			format: backupFormat,
			made_at: moment.at,
			program: await programVersion(),
			workspace: paths.workspace,
			files: files.length,
			links: links.map(({path, target: leads}) => ({path: join('.sluice/executions', path), target: leads})).filter(isTableLink),
		};
		const handedOver = (bytes: number): void => control.history.add(actor, {what: 'backup', detail: {...(to !== null && {to}), bytes}});
		return {type: 'application/zip', name: 'backup.zip', parts: zipped(manifest, files, {signal: abort.signal, sent, handedOver}), close};
	} catch (error) {
		await close();
		throw error;
	}
}

const mostTries = 20;

/** Nothing writes the store or the folders of executions while the moment is taken: short tasks wait, runs stand still. */
async function take({paths, configuration, dispatcher, tasks}: Services, executions: string): Promise<Taken> {
	const {storeFile} = configuration.workspace.settings;
	return await tasks.whileStoreRests(async () => {
		for (let tries = 1; ; tries++) {
			try {
				return await dispatcher.whilePaused(async () => {
					const moment = await openMoment(paths.control, storeFile);
					try {
						return {moment, links: await keepFiles(paths, wantedExecutions(moment), executions)};
					} catch (error) {
						moment.close();
						throw error;
					}
				});
			} catch (error) {
				// A run that was stopped in the middle of a commit may hold what a reader needs: it goes on, and is stopped elsewhere.
				if (!isBusy(error) || tries === mostTries) throw error;
			}
		}
	});
}

async function stateFiles({paths}: Services, scratch: string): Promise<readonly Entry[]> {
	const copies = ['control.db', 'sluice.db', 'state.json'].map((name) => ({path: join(scratch, name), name: join('.sluice', name)}));
	const others = [paths.secrets, paths.workspaceId, paths.lastSettings, ...(await filesUnder(paths.samples))];
	return [...copies, ...others.map((path) => ({path, name: join('.sluice', relative(paths.state, path))}))].filter(({path}) =>
		existsSync(path),
	);
}

/** The configuration, with the samples and SQL files that lie elsewhere in the workspace. */
async function configurationFiles({paths: {workspace}, configuration}: Services): Promise<readonly Entry[]> {
	const folders = await Promise.all(['objects', 'connectors', 'automations'].map((folder) => filesUnder(join(workspace, folder))));
	const named = configuration.workspace.connectors.flatMap(({connector}) => [
		...(connector?.sampleFile ? [relative(workspace, connector.sampleFile)] : []),
		...(connector?.sql ? [connector.sql.file] : []),
	]);
	const names = new Set([...folders.flat().map((path) => relative(workspace, path)), ...named]);
	return ['sluice.yaml', ...names]
		.filter((name) => isBackupPath(name) && existsSync(join(workspace, name)))
		.map((name) => ({path: join(workspace, name), name}));
}

type Making = {readonly signal: AbortSignal; readonly sent: () => void; readonly handedOver: (bytes: number) => void};

async function* zipped(manifest: Manifest, files: readonly Entry[], {signal, sent, handedOver}: Making): AsyncGenerator<Uint8Array> {
	const {readable, writable} = new TransformStream<Uint8Array, Uint8Array>();
	const zip = new ZipWriter(writable, {useWebWorkers: false, level: 1, signal});
	const written = addAll(zip, manifest, files);
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

async function addAll(zip: ZipWriter<unknown>, manifest: Manifest, files: readonly Entry[]): Promise<void> {
	await zip.add(manifestName, textStream(JSON.stringify(manifest)));
	for (const {path, name} of files) await zip.add(name, Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>);
	await zip.close();
}

/** What the copy says of itself, so that the backup fits together where it is put back. */
function generationIn(file: string, kind: DatabaseKind): Generation | null {
	const found = probeDatabase(file, kind, 'head');
	return found.is === 'whole' ? found.generation : null;
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

function textStream(text: string): ReadableStream<Uint8Array> {
	return new Blob([text]).stream() as ReadableStream<Uint8Array>;
}
