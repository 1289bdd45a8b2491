import {link, lstat, mkdir, rm, stat, unlink, utimes} from 'node:fs/promises';
import {dirname, extname, join} from 'node:path';
import {failpoint} from '../../engine/failpoint.js';
import {syncFolder} from '../../files/sync.js';
import {copyNew} from '../../files/whole-file.js';
import {SluiceError} from '../../model/errors.js';
import {checksumOf} from '../source/marks.js';
import {openRegular} from '../source/open-regular.js';

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
	await unlink(from);
	await syncFolder(dirname(from));
	return target;
}

async function placed(from: string, folder: string, name: string, mark: string): Promise<string> {
	const part = join(folder, `.${mark}.part`);
	let source = from;
	for (let number = 1; ; number++) {
		const target = join(folder, numbered(name, number));
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
		await link(from, target);
		// Check the file at its new name: another file may have taken the old name since the last check.
		if ((await lstat(target)).isFile()) return 'done';
		await unlink(target);
		throw new SluiceError('source.failed', 'This is not the regular file that was looked at', {where: from});
	} catch (error) {
		const {code} = error as NodeJS.ErrnoException;
		if (code === 'EEXIST') return 'taken';
		if (code === 'EXDEV') return 'elsewhere';
		throw error;
	}
}

async function copied(from: string, part: string): Promise<void> {
	await rm(part, {force: true});
	await (await openRegular(from)).close();
	await copyNew(from, part);
	const {atime, mtime} = await stat(from);
	await utimes(part, atime, mtime);
}

/** The same file, or another with the same content: what an earlier try has left. */
async function isCopy(a: string, b: string): Promise<boolean> {
	const [one, other] = await Promise.all([lstat(a), lstat(b)]);
	if (!one.isFile() || !other.isFile()) return false;
	if (one.ino === other.ino && one.dev === other.dev) return true;
	return one.size === other.size && (await checksumOf(a)) === (await checksumOf(b));
}

function numbered(name: string, number: number): string {
	if (number === 1) return name;
	const extension = extname(name);
	return `${name.slice(0, name.length - extension.length)} (${number})${extension}`;
}
