import {lstat, mkdir, rm, unlink, utimes} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {SluiceError} from '../../model/errors.js';
import {failpoint} from '../../platform/failpoint.js';
import {copyOpen} from '../../platform/files/copy-open.js';
import {syncFolder, syncPath} from '../../platform/files/sync.js';
import {checksumOf} from '../source/fingerprints.js';
import {openRegular} from '../source/open-regular.js';
import {numbered, placeAt} from './set-aside.js';

/**
 * Moves a file into a folder, which is made where it is missing, and never over another file: a name that is taken gets ` (2)`, ` (3)` and so
 * on. It is whole in its new place, and on disk, before it leaves the old one; doing it again after a crash finishes it.
 *
 * @param mark tells this move's unfinished copy from others
 * @returns where it is now
 */
export async function moveFile(from: string, folder: string, name: string, mark: string): Promise<string> {
	await mkdir(folder, {recursive: true});
	const target = await placed(from, folder, name, mark);
	await syncFolder(folder);
	failpoint('daemon.retention.linked');
	await rm(from, {force: true});
	await syncFolder(dirname(from));
	return target;
}

async function placed(from: string, folder: string, name: string, mark: string): Promise<string> {
	const part = join(folder, `.${mark}.part`);
	let source = from;
	for (let number = 1; ; number++) {
		const target = numbered(join(folder, name), number);
		const outcome = await linked(source, target);
		if (outcome === 'done' || (outcome === 'taken' && (await isCopy(from, target)))) {
			await rm(part, {force: true});
			return target;
		}
		if (outcome === 'taken') continue;
		// why: another file system. The copy is linked into its name there, so that a half-written one is never under it.
		await copied(from, part);
		source = part;
		number--;
	}
}

async function linked(from: string, target: string): Promise<'done' | 'taken' | 'elsewhere'> {
	try {
		if (!(await placeAt(from, target))) return 'taken';
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'EXDEV') return 'elsewhere';
		throw error;
	}
	// Check the file at its new name: another file may have taken the old name since the last check.
	if ((await lstat(target)).isFile()) return 'done';
	await unlink(target);
	throw new SluiceError('source.failed', 'This is not the regular file that was looked at', {where: from});
}

async function copied(from: string, part: string): Promise<void> {
	await rm(part, {force: true});
	const source = await openRegular(from);
	try {
		await copyOpen(source, part);
		const {atime, mtime} = await source.stat();
		await utimes(part, atime, mtime);
	} finally {
		await source.close();
	}
	await syncPath(part);
}

/** The same file, or another with the same content: what an earlier try has left. */
async function isCopy(a: string, b: string): Promise<boolean> {
	const [one, other] = await Promise.all([lstat(a), lstat(b)]);
	if (!one.isFile() || !other.isFile()) return false;
	if (one.ino === other.ino && one.dev === other.dev) return true;
	return one.size === other.size && (await checksumOf(a)) === (await checksumOf(b));
}
