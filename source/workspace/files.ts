import {readdir, readFile, stat} from 'node:fs/promises';
import {SluiceError} from '../model/errors.js';
import type {Exposure} from './exposure.js';
import {parseOnce} from './yaml/parse-once.js';
import {Problems} from './yaml/problems.js';

/** What can be wrong with a file before its content is looked at; null where it is there. */
export type Unreadable = 'absent' | 'unreadable';

/** The text of a file, without a byte order mark; or why there is none. */
export async function readText(path: string): Promise<{readonly text: string} | Unreadable> {
	try {
		const text = await readFile(path, 'utf8');
		return {text: text.startsWith('\uFEFF') ? text.slice(1) : text};
	} catch (error) {
		return isAbsence(error) ? 'absent' : 'unreadable';
	}
}

/** Whether a plain file is there. */
export async function isFile(path: string): Promise<boolean> {
	try {
		return (await stat(path)).isFile();
	} catch {
		// why: whatever keeps us from seeing it keeps an execution from reading it.
		return false;
	}
}

/**
 * The names in a folder, sorted; none where there is no such folder. What editors and systems leave behind is no configuration.
 *
 * @throws SluiceError `workspace.unreadable`
 */
export async function namesIn(folder: string): Promise<readonly {readonly name: string; readonly isFolder: boolean}[]> {
	try {
		const entries = await readdir(folder, {withFileTypes: true});
		const own = entries.filter(({name}) => !/^[.#]|~$|\.(swp|tmp|bak|orig)$/.test(name));
		const named = await Promise.all(
			own.map(async (entry) => ({
				name: entry.name,
				isFolder: entry.isDirectory() || (entry.isSymbolicLink() && (await isFolder(`${folder}/${entry.name}`))),
			})),
		);
		return named.sort((a, b) => (a.name < b.name ? -1 : 1));
	} catch (error) {
		if (isAbsence(error)) return [];
		throw new SluiceError('workspace.unreadable', 'This folder cannot be read', {where: folder, cause: error});
	}
}

async function isFolder(path: string): Promise<boolean> {
	try {
		return (await stat(path)).isDirectory();
	} catch {
		// why: a link that leads nowhere is no folder.
		return false;
	}
}

/**
 * Reads a configuration file. One that is absent or cannot be read is a problem at its first line.
 *
 * @param file relative to the workspace, as it stands in problems
 * @param exposure says whether others may write it, which is a problem of the file
 */
export async function readYamlFile(dir: string, file: string, exposure: Exposure): Promise<Problems> {
	const open = await exposure(file);
	const read = await readText(`${dir}/${file}`);
	if (typeof read === 'object') {
		const problems = new Problems(file, parseOnce(read.text), read.text);
		if (open) problems.at([], open);
		return problems;
	}
	const problems = new Problems(file, parseOnce(''));
	problems.at([], {
		code: 'workspace.unreadable',
		message: read === 'absent' ? `There is no ${file.split('/').at(-1)} here` : 'This file cannot be read: check who may read it',
	});
	if (read === 'unreadable') problems.close();
	return problems;
}

function isAbsence(error: unknown): boolean {
	return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
}
