import {join, relative} from 'node:path';

/** Characters that the engine's `file()` takes for a pattern, an archive's member or a part of an address. */
const special = /[*?{}[\]:%|\\'"\p{Cc}]/u;

/** The name of the engine's own folder where its path has special characters. A sandbox without /proc shows the folder under this name too. */
export const ownFolder = '/proc/self/cwd';

/** Whether the engine reaches this folder only as `ownFolder`. */
export function needsOwnFolder(folder: string): boolean {
	return special.test(folder) && process.platform === 'linux';
}

/**
 * A path as it may stand in the engine's `file()`, where it is a pattern (`{a,b}`, `*`) and nothing escapes it: a path through a folder with
 * special characters is written from the engine's own folder, in which it works.
 *
 * @param path absolute, inside `folder`, below which no name has special characters
 * @param folder the folder that the engine's process works in, absolute
 */
export function enginePath(path: string, folder: string): string {
	return needsOwnFolder(folder) ? join(ownFolder, relative(folder, path)) : path;
}
