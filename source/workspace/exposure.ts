import type {Stats} from 'node:fs';
import {lstat, realpath} from 'node:fs/promises';
import {dirname, relative, resolve} from 'node:path';
import type {Wrong} from './yaml/problems.js';

/** Who but the owner may write the configuration: the members of one group, or nobody. */
export type Writers = {readonly groupId: number | null};

/** What is wrong with a file because others may write it, a folder above it, or what a link on the way leads to; null when nothing is. */
export type Exposure = (file: string) => Promise<Wrong | null>;

/**
 * Checks that nobody else may write the files of a workspace (SPEC 17). Every folder is looked at once: make a new one for each reading.
 *
 * @param dir the workspace's folder; folders above it are not its own
 */
export function exposureOf(dir: string, writers: Writers): Exposure {
	const known = new Map<string, Promise<Open | null>>();
	const once = (path: string): Promise<Open | null> => {
		const found = known.get(path) ?? openPlace(path);
		known.set(path, found);
		return found;
	};

	/** The first place on the way to `path` that others may write. */
	async function openPlace(path: string): Promise<Open | null> {
		const found = await lstat(path).catch(() => null);
		if (!found) return null;
		const above = path === dir || dirname(path) === path ? null : await once(dirname(path));
		if (above) return above;
		if (!found.isSymbolicLink()) return isOpen(path, found);
		const real = await realpath(path).catch(() => null);
		return real === null ? null : await once(real);
	}

	/** why sticky folders: in one outside of the workspace, such as /tmp, others can make files, and cannot replace those of ours */
	function isOpen(path: string, found: Stats): Open | null {
		const mode = found.mode & 0o7777;
		if (found.isDirectory() && (mode & 0o1000) !== 0 && relative(dir, path).startsWith('..')) return null;
		if ((mode & 0o002) !== 0) return {path, who: 'others', cure: `chmod o-w ${path}`};
		if ((mode & 0o020) !== 0 && !isOwnGroup(found) && found.gid !== writers.groupId)
			return {path, who: `the group ${found.gid}`, cure: `chmod g-w ${path}`};
		return null;
	}

	return async (file) => {
		const open = await once(resolve(dir, file));
		if (!open) return null;
		const place = relative(dir, open.path);
		return {
			code: 'workspace.open_to_others',
			message: `${place.startsWith('..') ? open.path : place || 'The folder of the workspace'} can be written by ${open.who}`,
			expected: open.cure,
		};
	};
}

type Open = {readonly path: string; readonly who: string; readonly cure: string};

/** The group of the user alone, as many systems give each: it has the user's own number. */
function isOwnGroup({gid}: Stats): boolean {
	return gid === 0 || (gid === process.getgid?.() && gid === process.getuid?.());
}
