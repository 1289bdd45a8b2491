import {closeSync, fsyncSync, openSync} from 'node:fs';
import {open} from 'node:fs/promises';

/** Returns when the content of a file, or the names in a folder, are on disk. */
export async function syncPath(path: string): Promise<void> {
	const handle = await open(path, 'r');
	try {
		await handle.sync();
	} finally {
		await handle.close();
	}
}

/**
 * Returns when the names in a folder are on disk. Some network file systems cannot sync a folder, and a folder may be one to write into and
 * not to read: the file has its name by then, so neither is a failure.
 */
export async function syncFolder(folder: string): Promise<void> {
	try {
		await syncPath(folder);
	} catch (error) {
		if (!cannotSync(error)) throw error;
	}
}

/** The same at once. */
export function syncFolderNow(folder: string): void {
	try {
		const handle = openSync(folder, 'r');
		try {
			fsyncSync(handle);
		} finally {
			closeSync(handle);
		}
	} catch (error) {
		if (!cannotSync(error)) throw error;
	}
}

function cannotSync(error: unknown): boolean {
	return ['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '');
}
