import {chmod, chown, lstat, mkdir, rm} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import {SluiceError} from '../../model/errors.js';
import {failpoint} from '../../platform/failpoint.js';
import {causeOfNotWritten} from '../../platform/files/file-error.js';
import {outputTarget, type ProtectedPlaces} from '../../platform/files/output-target.js';
import {copyWhole} from '../../platform/files/whole-file.js';
import {readIntent, writeIntent} from './intent.js';

export type Placing = {
	/** The finished file in the execution's folder. */
	readonly file: string;
	readonly folder: string;
	readonly execution: string;
	/** Where it goes, absolute. */
	readonly target: string;
	/** An earlier run of the same export wrote the file that stands there. */
	readonly mayReplace: boolean;
	/** What it must not be written onto; null where the caller has no workspace. */
	readonly protectedPlaces: ProtectedPlaces | null;
	/** The group that reads what is written (`access: {group}`); null where it is its owner's. */
	readonly groupId: number | null;
};

/**
 * Puts the file where it is wanted, whole or not at all, power loss included: a copy beside the target, synced, renamed over it, the folder
 * synced. Missing folders are made. A file that is there already is replaced only where this export wrote it (SPEC 11).
 *
 * @throws SluiceError `export.exists`, `export.refused`, `export.failed`
 */
export async function place(placing: Placing): Promise<void> {
	const {file, folder, target, groupId} = placing;
	const beside = dirname(target);
	try {
		await refuse(placing);
		const made = await mkdir(beside, {recursive: true});
		if (made !== undefined && groupId !== null) await openFolders(made, beside, groupId);
		await copyWhole(file, target, {
			mode: 0o640,
			draft: draftOf(placing),
			async beforeNamed(draft) {
				if (groupId !== null) await giveToGroup(draft, groupId);
				const {ino} = await lstat(draft, {bigint: true});
				writeIntent(folder, {target, inode: String(ino)});
				failpoint('runner.export.before');
			},
		});
		failpoint('runner.export.after');
	} catch (error) {
		if (error instanceof SluiceError && error.code === 'file.not_written' && error.where === target) throw unplaced(target, error);
		throw error instanceof SluiceError ? error : unplaced(target, error);
	}
}

/** Lets the group into folders that were made for the export: the first one, and those below it that lead to the last. */
async function openFolders(first: string, last: string, groupId: number): Promise<void> {
	for (let folder = last; folder.startsWith(first); folder = dirname(folder)) {
		await giveToGroup(folder, groupId);
		await chmod(folder, 0o750);
	}
}

/** A file system without owners, and one where this user may not hand the file to the group, keep it as it is. */
async function giveToGroup(path: string, groupId: number): Promise<void> {
	await chown(path, -1, groupId).catch((error: NodeJS.ErrnoException) => {
		if (!['EPERM', 'ENOTSUP', 'EINVAL', 'ENOSYS'].includes(error.code ?? '')) throw error;
	});
}

/** Takes away the copy that a runner left beside the target when it died between copy and rename. What keeps it from that, `place` will tell. */
export async function discardDraft(placing: Pick<Placing, 'target' | 'execution'>): Promise<void> {
	await rm(draftOf(placing), {force: true}).catch(() => {});
}

function draftOf({target, execution}: Pick<Placing, 'target' | 'execution'>): string {
	return join(dirname(target), `.${basename(target).slice(0, 80)}.${execution}.part`);
}

async function refuse(placing: Placing): Promise<void> {
	const {target, protectedPlaces} = placing;
	if (protectedPlaces) await outputTarget(target, protectedPlaces);
	await refuseForeign(placing);
}

/** @throws SluiceError `export.exists` for a file that somebody else put there */
async function refuseForeign({target, folder, mayReplace}: Placing): Promise<void> {
	const found = await lstat(target, {bigint: true}).catch((error: NodeJS.ErrnoException) => {
		if (error.code === 'ENOENT') return null;
		throw error;
	});
	if (found === null) return;
	if (found.isDirectory()) {
		throw new SluiceError('export.exists', 'A folder stands where the export is to be written', {
			where: target,
			expected: 'the path of a file',
		});
	}
	const intent = readIntent(folder);
	// why the inode: a runner that died right after its rename finds the file that it put there itself
	const isOwn = intent?.target === target && intent.inode === String(found.ino);
	if (mayReplace || isOwn) return;
	throw new SluiceError('export.exists', 'A file stands there that this export did not write; it is left as it is', {
		where: target,
		cure: 'Move it away, or write to another path, such as one with {date} in its name.',
	});
}

/** Whether a live run would be refused there. */
export async function isRefused(placing: Placing): Promise<SluiceError | null> {
	try {
		await refuse(placing);
		return null;
	} catch (error) {
		return error instanceof SluiceError ? error : unplaced(placing.target, error);
	}
}

function unplaced(target: string, cause: unknown): SluiceError {
	return new SluiceError('export.failed', `The export could not be written: ${causeOfNotWritten(cause)}`, {where: target, cause});
}
