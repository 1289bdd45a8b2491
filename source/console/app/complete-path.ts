import {readdir} from 'node:fs/promises';
import {homedir} from 'node:os';
import {basename, dirname, join, resolve} from 'node:path';

/** The files and folders whose path begins like this; folders end with a slash. Hidden ones only when asked for. Empty where none can be read. */
export async function pathsLike(begun: string, folder: string): Promise<readonly string[]> {
	const path = begun === '~' || begun.startsWith('~/') ? join(homedir(), begun.slice(1)) + (begun.endsWith('/') ? '/' : '') : begun;
	const within =
		path.endsWith('/') || path === ''
			? path
			: dirname(path) === '.' && !path.startsWith('./')
				? ''
				: `${dirname(path)}/`.replace('//', '/');
	const start = path.endsWith('/') || path === '' ? '' : basename(path);
	try {
		const entries = await readdir(resolve(folder, within || '.'), {withFileTypes: true});
		return entries
			.filter(({name}) => name.startsWith(start) && (start.startsWith('.') || !name.startsWith('.')))
			.map((entry) => `${within}${entry.name}${entry.isDirectory() ? '/' : ''}`)
			.sort();
	} catch {
		// A folder that is not there or may not be read has nothing to offer; what is typed says so when it is used.
		return [];
	}
}
