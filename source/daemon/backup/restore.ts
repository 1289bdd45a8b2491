import {randomUUID} from 'node:crypto';
import {existsSync, mkdirSync, readdirSync} from 'node:fs';
import {link, mkdir, readdir, rename, rm, statfs, symlink, unlink} from 'node:fs/promises';
import {dirname, join, resolve} from 'node:path';
import type {Restored} from '../../api/contract.js';
import {SluiceError} from '../../model/errors.js';
import {syncFolder} from '../../platform/files/sync.js';
import {copyNew} from '../../platform/files/whole-file.js';
import {type DatabaseKind, probeDatabase} from '../../store/sqlite/probe.js';
import {readWorkspace} from '../../workspace/read-workspace.js';
import {recallSettings} from '../configuration/last-valid.js';
import type {Actor} from '../control/history.js';
import {rebased} from '../control/relocate.js';
import {pathsOf} from '../paths.js';
import {keyFile, nameKey} from '../secrets/key-file.js';
import {Vault} from '../secrets/vault.js';
import {newerThanKnown} from '../state/used-databases.js';
import {damaged, openBackup} from './archive.js';
import {restoreControl} from './restored-control.js';

export type RestoreRequest = {readonly file: string; readonly dir: string; readonly actor: Actor};

/**
 * Makes a workspace of a backup (SPEC 13, 17), in a folder that is empty or not there yet. All of it is checked in a folder of its own before
 * the workspace appears; after a failure nothing is left. Nothing runs in it by itself.
 *
 * @throws SluiceError `restore.*`, `state.newer`, `store.newer`, `file.not_written`
 */
export async function restore({file, dir, actor}: RestoreRequest): Promise<Restored> {
	const target = resolve(dir);
	refuseTaken(target);
	const archive = await openBackup(resolve(file));
	const made = await mkdir(target, {recursive: true});
	const draft = join(target, `.restoring-${randomUUID().slice(0, 8)}`);
	try {
		await refuseFull(target, archive.bytes);
		await mkdir(draft, {mode: 0o700});
		await archive.extract(draft);
		for (const {path, target: to} of archive.manifest?.links ?? []) await makeLink(join(draft, path), to);
		const state = join(draft, '.sluice');
		checkDatabase('control', join(state, 'control.db'), file);
		const store = existsSync(join(state, 'sluice.db')) ? join(state, 'sluice.db') : null;
		if (store) checkDatabase('store', store, file);
		const storeFile = await placeOfStore(draft, target, store);
		const madeAt = archive.manifest?.made_at ?? null;
		const waiting = restoreControl({state, storeFile: store, madeAt, file: resolve(file), actor});
		await appear(draft, target, store, storeFile);
		return {workspace: target, made_at: madeAt, from: archive.manifest?.workspace ?? null, ...waiting, secrets: lostSecrets(target)};
	} catch (error) {
		await rm(draft, {recursive: true, force: true});
		if (made !== undefined) await rm(made, {recursive: true, force: true});
		throw error;
	} finally {
		await archive.close();
	}
}

/** The secrets of the workspace that no key of this user opens. */
function lostSecrets(target: string): readonly string[] {
	const paths = pathsOf(target);
	try {
		nameKey(paths, new Vault(paths.secrets, '').opener);
	} catch (error) {
		// The daemon names it at its first start.
		if (!(error instanceof SluiceError)) throw error;
	}
	return new Vault(paths.secrets, keyFile(paths)).unreadable();
}

function refuseTaken(target: string): void {
	const taken = (what: string) => new SluiceError('restore.target', `The workspace cannot be restored here: ${what}`, {where: target});
	let names: readonly string[];
	try {
		names = readdirSync(target);
	} catch (error) {
		const {code} = error as NodeJS.ErrnoException;
		if (code === 'ENOENT') return;
		throw taken(code === 'ENOTDIR' ? 'it is no folder' : `the folder cannot be read (${code})`);
	}
	if (names.includes('sluice.yaml') || names.includes('.sluice')) throw taken('there is a workspace already');
	if (names.length > 0) throw taken(`the folder is not empty (${names[0]})`);
}

async function refuseFull(target: string, bytes: number): Promise<void> {
	const {bavail, bsize} = await statfs(target);
	const free = bavail * bsize;
	if (bytes <= free) return;
	throw new SluiceError('file.not_written', `The backup needs ${mb(bytes)}, and ${mb(free)} are free`, {where: target});
}

function mb(bytes: number): string {
	return `${Math.ceil(bytes / 1_000_000)} MB`;
}

async function makeLink(path: string, to: string): Promise<void> {
	await mkdir(dirname(path), {recursive: true, mode: 0o700});
	await symlink(to, path);
}

function checkDatabase(kind: DatabaseKind, path: string, file: string): void {
	const found = probeDatabase(path, kind, 'integrity_check');
	const name = kind === 'control' ? 'control.db' : 'sluice.db';
	if (found.is !== 'whole') throw damaged(file, `${name} in it is ${found.is}${found.is === 'damaged' ? ` (${found.reason})` : ''}`);
	const newer = newerThanKnown(kind, `${file}: ${name}`, found.version);
	if (newer) throw newer;
}

/**
 * Where the records of the workspace belong. A place outside of it, which `sluice.yaml` may name, can be in use by the workspace that the
 * backup is of.
 */
async function placeOfStore(draft: string, target: string, store: string | null): Promise<string> {
	const {settings} = await readWorkspace(draft, {lastValidText: recallSettings(pathsOf(draft).lastSettings)});
	const place = rebased(settings.storeFile, draft, target);
	if (store === null || place.startsWith(`${target}/`) || !existsSync(place)) return place;
	throw new SluiceError('restore.target', 'sluice.yaml in the backup places the records outside of the workspace, and a file is there', {
		where: place,
		cure: 'Move that file away, if no workspace uses it; else unpack the backup, change `store` in its sluice.yaml, and pack it again.',
	});
}

/** The names of the workspace come last, and `sluice.yaml` as the very last: before it there is no workspace that a command could find. */
async function appear(draft: string, target: string, store: string | null, storeFile: string): Promise<void> {
	if (store !== null && storeFile !== join(target, '.sluice/sluice.db')) await moveStore(store, rebased(storeFile, target, draft));
	const names = (await readdir(draft)).filter((name) => name !== 'sluice.yaml');
	for (const name of [...names, 'sluice.yaml']) await rename(join(draft, name), join(target, name));
	await rm(draft, {recursive: true, force: true});
	await syncFolder(target);
}

/** Never onto a file that is there. */
async function moveStore(from: string, to: string): Promise<void> {
	mkdirSync(dirname(to), {recursive: true, mode: 0o700});
	try {
		await link(from, to);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
		await copyNew(from, to);
	}
	await unlink(from);
}
