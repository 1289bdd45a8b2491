import {readdir, stat} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import {SluiceError} from '../../model/errors.js';

/**
 * The newest file that a source's path or glob means. `*` and `?` stand in the file's name alone, not in its folders.
 *
 * @throws SluiceError `run.input_missing` when there is none
 */
export async function newestSourceFile(pattern: string): Promise<string> {
	const folder = dirname(pattern);
	const matches = nameMatcher(basename(pattern));
	const files: {path: string; at: number}[] = [];
	for (const name of await names(folder)) {
		if (!matches(name)) continue;
		const path = join(folder, name);
		const found = await stat(path);
		if (found.isFile()) files.push({path, at: found.mtimeMs});
	}
	const newest = files.sort((a, b) => b.at - a.at || a.path.localeCompare(b.path))[0];
	if (newest) return newest.path;
	throw new SluiceError('run.input_missing', 'The source holds no file', {where: pattern});
}

async function names(folder: string): Promise<readonly string[]> {
	try {
		return await readdir(folder);
	} catch (cause) {
		throw new SluiceError('run.input_missing', 'The folder of the source cannot be read', {where: folder, cause});
	}
}

/** Whether a file's name fits a pattern with `*` and `?`; as in a shell, neither finds a name that begins with a dot. */
export function nameMatcher(pattern: string): (name: string) => boolean {
	const expression = new RegExp(
		`^${pattern
			.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
			.replaceAll('*', '.*')
			.replaceAll('?', '.')}$`,
		's',
	);
	return (name) => expression.test(name) && (!name.startsWith('.') || pattern.startsWith('.'));
}
