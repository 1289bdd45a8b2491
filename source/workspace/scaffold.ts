import {existsSync} from 'node:fs';
import {mkdir, readdir, rm} from 'node:fs/promises';
import {dirname, join, relative, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {SluiceError} from '../model/errors.js';
import {writeNew} from '../platform/files/new-file.js';
import {copyNew} from '../platform/files/whole-file.js';

/** Editors find the schemas here, in every checkout and without a network. */
const schemaFolder = '.schemas';

/**
 * Writes a small workspace that validates: one object and one connector (SPEC 13).
 *
 * @returns the files, relative to `dir`, in the order of their paths
 * @throws SluiceError `workspace.exists` where one of them is there already; `file.not_written`. Then no file was written
 */
export function initWorkspace(dir: string): Promise<readonly string[]> {
	return copyFixture('init', dir);
}

/** Writes the demo workspace, with its sample files. The same contract as `initWorkspace`. */
export function copyDemo(dir: string): Promise<readonly string[]> {
	return copyFixture('demo', dir);
}

async function copyFixture(name: string, folder: string): Promise<readonly string[]> {
	const target = resolve(folder);
	const home = installation();
	const files = [
		...(await filesOf(join(home, 'fixtures', name))),
		...(await filesOf(join(home, 'schemas'))).map(({from, to}) => ({from, to: join(schemaFolder, to)})),
	].sort((a, b) => (a.to < b.to ? -1 : 1));
	const taken = files.find(({to}) => existsSync(join(target, to)));
	if (taken) {
		throw new SluiceError('workspace.exists', `${taken.to} is there already`, {where: target, expected: 'a folder without a workspace'});
	}
	const written: string[] = [];
	let ignored: string | null;
	try {
		for (const {from, to} of files) {
			await mkdir(dirname(join(target, to)), {recursive: true});
			await copyNew(from, join(target, to));
			written.push(to);
		}
		ignored = await ignoreState(target);
	} catch (error) {
		for (const to of written) await rm(join(target, to), {force: true});
		throw error;
	}
	return [...(ignored ? [ignored] : []), ...files.map(({to}) => to)];
}

/** State is never in git. A folder that is a repository already keeps its own rules. */
async function ignoreState(target: string): Promise<string | null> {
	if (existsSync(join(target, '.gitignore'))) return null;
	await writeNew(join(target, '.gitignore'), '# state, records and logs\n.sluice/\n', {mode: 0o666});
	return '.gitignore';
}

async function filesOf(folder: string): Promise<readonly {from: string; to: string}[]> {
	if (!existsSync(folder)) throw new SluiceError('workspace.incomplete_installation', `${folder} is missing`, {where: folder});
	const entries = await readdir(folder, {recursive: true, withFileTypes: true});
	return entries
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name))
		.map((from) => ({from, to: relative(folder, from)}));
}

/** The folder that holds `fixtures/` and `schemas/`, from the sources and from the compiled program alike. */
function installation(): string {
	for (let dir = dirname(fileURLToPath(import.meta.url)); ; dir = dirname(dir)) {
		if (existsSync(join(dir, 'package.json'))) return dir;
		if (dirname(dir) === dir) throw new SluiceError('workspace.incomplete_installation', 'The folder of the program has no package.json');
	}
}
