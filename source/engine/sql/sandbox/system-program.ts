import {accessSync, constants, realpathSync, statSync} from 'node:fs';
import {dirname, join} from 'node:path';

const systemFolders = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/usr/local/bin'];

/** A program of the operating system, by its real path. What somebody else than root could have replaced is none; `$PATH` is not asked. */
export function systemProgram(name: string, folders: readonly string[] = systemFolders): string | undefined {
	for (const folder of folders) {
		try {
			const path = realpathSync(join(folder, name));
			accessSync(path, constants.X_OK);
			if (onlyRootWrites(path)) return path;
		} catch {
			// It is not in this folder.
		}
	}
	return undefined;
}

/** The file and every folder above it belong to root, and nobody else may write them. */
function onlyRootWrites(path: string): boolean {
	const {uid, mode} = statSync(path);
	if (uid !== 0 || (mode & 0o022) !== 0) return false;
	return path === '/' || onlyRootWrites(dirname(path));
}
