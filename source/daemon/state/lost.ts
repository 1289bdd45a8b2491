import {existsSync, mkdirSync, readdirSync} from 'node:fs';
import {mkdir, readdir, rename, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {isDraft, writeWhole} from '../../platform/files/whole-file.js';
import type {Paths} from '../paths.js';
import type {Services} from '../services.js';

const idPattern = /^[0-9a-f-]{36}$/;
/** Stands in an execution's folder until the execution is accepted. */
const draftMark = '.not-accepted';

/** Makes the folder of an execution that is about to be accepted: a crash before that leaves nothing that anybody waits for. */
export async function beginFolder(folder: string): Promise<void> {
	await mkdir(folder, {recursive: true, mode: 0o700});
	await writeWhole(join(folder, draftMark), '');
}

/** The execution is accepted: from now on its folder is never tidied away. */
export async function folderAccepted(folder: string): Promise<void> {
	await rm(join(folder, draftMark), {force: true});
}

/**
 * Removes scratch and the folders of executions that were never accepted, and moves every other folder that `control.db` does not know to
 * `.sluice/lost/` (SPEC 17). To be called before anything is accepted.
 */
export async function setAsideUnknown({paths, control, log}: Pick<Services, 'paths' | 'control' | 'log'>): Promise<void> {
	for (const name of await readdir(paths.tasks).catch(() => [])) await rm(join(paths.tasks, name), {recursive: true, force: true});
	for (const folder of [paths.state, paths.outbox]) await removeDrafts(folder);
	if (!existsSync(paths.executions)) return;
	const chosen = new Set(control.webhooks.notQueued().map(({execution}) => execution));
	for (const id of await readdir(paths.executions)) {
		if (!idPattern.test(id) || control.executions.isThere(id)) continue;
		const {path} = paths.execution(id);
		// why: the folder of a window that was not queued yet is written again
		if (chosen.has(id) || existsSync(join(path, draftMark))) await rm(path, {recursive: true, force: true});
		else await setAside(paths, id, log);
	}
}

/** Files that a daemon was killed over while it wrote them. */
async function removeDrafts(folder: string): Promise<void> {
	for (const name of await readdir(folder).catch(() => [])) if (isDraft(name)) await rm(join(folder, name), {force: true});
}

async function setAside(paths: Paths, id: string, log: Services['log']): Promise<void> {
	mkdirSync(paths.lost, {recursive: true, mode: 0o700});
	const target = existsSync(join(paths.lost, id)) ? join(paths.lost, `${id}.${Date.now()}`) : join(paths.lost, id);
	await rename(paths.execution(id).path, target);
	log.error({execution: id, folder: target}, 'control.db does not know the execution of this folder: it was moved aside');
}

/** The folders that were moved aside and are still there, as a sentence for those who look at what needs someone; null when there are none. */
export function lostFolders({lost}: Paths): string | null {
	const names = existsSync(lost) ? readdirSync(lost) : [];
	const [first] = names;
	if (first === undefined) return null;
	const what =
		names.length === 1
			? `The folder of an execution that control.db does not know is in ${join(lost, first)}`
			: `${names.length} folders of executions that control.db does not know are in ${lost} (${first}, ...)`;
	return `${what}: put back the control.db that knows it, or run its input again and remove it`;
}
