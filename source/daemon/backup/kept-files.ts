import {existsSync} from 'node:fs';
import {link, lstat, mkdir, readdir, readlink} from 'node:fs/promises';
import {dirname, join, relative} from 'node:path';
import {copyNew} from '../../platform/files/whole-file.js';
import type {Wanted} from '../control/moment.js';
import type {Paths} from '../paths.js';

export type Link = {readonly path: string; readonly target: string};

/** What an execution that has not come to its load needs: its SQL is run again. */
const beforeItsLoad = ['input', 'configuration.json', 'log.ndjson'];
/** Files that are written on in place: their bytes are copied. Any other one is written once, or replaced as a whole. */
const written = new Set(['log.ndjson']);
const cannotLink = new Set(['EPERM', 'EXDEV', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK', 'ENOSYS']);

/**
 * Keeps what executions have on disk at this moment in a folder of its own, as second names of the same files: it takes no time and no room.
 *
 * @param to an empty folder on the same disk; each execution gets a folder of its id in it
 * @returns the links among them, by their path from `to`
 */
export async function keepFiles({execution}: Pick<Paths, 'execution'>, wanted: readonly Wanted[], to: string): Promise<readonly Link[]> {
	const links: Link[] = [];
	for (const {id, what} of wanted) {
		const from = execution(id).path;
		for (const name of namesOf(from, what))
			await keep(join(from, name), join(to, id, name), name, (path, target) => links.push({path, target}));
	}
	return links.map(({path, target}) => ({path: relative(to, path), target}));
}

function namesOf(folder: string, what: Wanted['what']): readonly string[] {
	if (what === 'report') return ['report.xlsx'];
	return existsSync(join(folder, 'prepared.json')) ? [''] : beforeItsLoad;
}

async function keep(from: string, to: string, name: string, linked: (path: string, target: string) => void): Promise<void> {
	// An execution that ends or is cleared meanwhile takes its files with it.
	const found = await lstat(from).catch(absent);
	if (!found) return;
	if (found.isDirectory()) {
		await mkdir(to, {recursive: true, mode: 0o700});
		for (const inner of (await readdir(from).catch(absent)) ?? []) await keep(join(from, inner), join(to, inner), inner, linked);
	} else if (found.isSymbolicLink()) {
		const target = await readlink(from).catch(absent);
		if (target) linked(to, target);
	} else if (found.isFile()) {
		await mkdir(dirname(to), {recursive: true, mode: 0o700});
		await keepFile(from, to, name);
	}
}

async function keepFile(from: string, to: string, name: string): Promise<void> {
	try {
		if (!written.has(name)) {
			await link(from, to);
			return;
		}
	} catch (error) {
		const {code = ''} = error as NodeJS.ErrnoException;
		if (code === 'ENOENT') return;
		if (!cannotLink.has(code)) throw error;
	}
	await copyNew(from, to, {mode: 0o600});
}

function absent(error: NodeJS.ErrnoException): null {
	if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
	throw error;
}
