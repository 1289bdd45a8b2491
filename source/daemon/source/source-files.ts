import {readdir, stat} from 'node:fs/promises';
import {basename, dirname, isAbsolute, join, sep} from 'node:path';
import {SluiceError} from '../../model/errors.js';

/** A file that a source's path or glob means. */
export type SourceFile = {
	readonly path: string;
	readonly name: string;
	readonly sizeBytes: number;
	readonly modifiedMs: number;
	/** Size and time, to the nanosecond: while it stays the same, so does the file. */
	readonly stat: string;
	/** When content, name or rights changed last. */
	readonly changedMs: number;
};

const wild = /[*?]/;

/**
 * The files that a path or glob means, the oldest first. `*` and `?` stand within one name, of a folder or of the file, and as in a
 * shell find no name that begins with a dot.
 *
 * @throws SluiceError `source.failed` when the folder before the first wildcard cannot be read
 */
export async function sourceFiles(pattern: string): Promise<readonly SourceFile[]> {
	const files: SourceFile[] = [];
	for (const path of await expanded(pattern)) {
		const found = await statOf(path);
		if (found) files.push(found);
	}
	return files.sort((a, b) => a.modifiedMs - b.modifiedMs || (a.path < b.path ? -1 : 1));
}

/** A file as it stands now; null when it is none, or gone. */
export async function statOf(path: string): Promise<SourceFile | null> {
	const found = await stat(path, {bigint: true}).catch(() => null);
	if (!found?.isFile()) return null;
	return {
		path,
		name: basename(path),
		sizeBytes: Number(found.size),
		modifiedMs: Number(found.mtimeMs),
		stat: `${found.size} ${found.mtimeNs}`,
		changedMs: Math.max(Number(found.ctimeMs), Number(found.mtimeMs)),
	};
}

async function expanded(pattern: string): Promise<readonly string[]> {
	if (!wild.test(pattern)) {
		await namesIn(dirname(pattern));
		return [pattern];
	}
	let paths = [isAbsolute(pattern) ? sep : '.'];
	let certain = true;
	for (const part of pattern.split(sep).filter(Boolean)) {
		if (!wild.test(part)) {
			paths = paths.map((path) => join(path, part));
			continue;
		}
		const fits = nameMatcher(part);
		const found: string[] = [];
		for (const path of paths) {
			const names = certain ? await namesIn(path) : await readdir(path).catch(() => []);
			found.push(...names.filter(fits).map((name) => join(path, name)));
		}
		paths = found;
		certain = false;
	}
	return paths;
}

async function namesIn(folder: string): Promise<readonly string[]> {
	try {
		return await readdir(folder);
	} catch (cause) {
		const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
		throw new SluiceError('source.failed', `The folder of the source ${missing ? 'does not exist' : 'cannot be read'}`, {
			where: folder,
			cure: missing ? 'Make the folder, or correct the path under source.file.' : 'Give the user that runs Sluice the right to read it.',
			cause,
		});
	}
}

/** Whether a name fits a pattern with `*` and `?`; as in a shell, neither finds a name that begins with a dot. */
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
