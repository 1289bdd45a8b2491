import {existsSync, readdirSync, readFileSync, realpathSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {readElf} from './elf-file.js';

/** The folders that dynamic loaders search by themselves, on the usual distributions. */
const standardFolders = ['/lib', '/usr/lib', '/lib64', '/usr/lib64'];

/**
 * Every shared library that `files` are loaded with, the loader included, by the paths at which the loader looks for them.
 * A library that is not found is left out: the program then does not start, which its starter sees.
 */
export function sharedLibraries(files: readonly string[]): readonly string[] {
	const folders = searchFolders();
	const found = new Set<string>();
	const open = [...files];
	for (let file = open.pop(); file !== undefined; file = open.pop()) {
		const elf = readElf(file);
		if (elf === null) continue;
		const origin = dirname(realpathSync(file));
		const own = elf.runPath.map((folder) => folder.replace(/\$ORIGIN|\$\{ORIGIN\}/, origin));
		const libraries = elf.needed.map((name) =>
			[...own, ...folders].map((folder) => join(folder, name)).find((path) => fits(path, elf.machine)),
		);
		for (const path of [...libraries, elf.interpreter ?? undefined]) {
			if (path === undefined || found.has(path)) continue;
			found.add(path);
			open.push(path);
		}
	}
	return [...found];
}

/** The libraries by which names of hosts are resolved; the loader opens them by name, so no file says that it needs them. */
export function nameServiceLibraries(libraries: readonly string[]): readonly string[] {
	const folder = libraries.filter((path) => path.endsWith('/libc.so.6')).map((path) => dirname(path))[0];
	if (folder === undefined) return [];
	const names = ['libresolv.so.2', 'libnss_dns.so.2', 'libnss_files.so.2'];
	return names.map((name) => join(folder, name)).filter((path) => existsSync(path));
}

function fits(path: string, machine: string): boolean {
	return existsSync(path) && readElf(path)?.machine === machine;
}

/** The standard folders with their one level of architectures, then those that this process itself was loaded from. */
function searchFolders(): readonly string[] {
	const architectures = ['/lib', '/usr/lib'].flatMap((folder) =>
		existsSync(folder)
			? readdirSync(folder)
					.filter((name) => name.endsWith('-linux-gnu'))
					.map((name) => join(folder, name))
			: [],
	);
	return [...new Set([...architectures, ...standardFolders, ...loadedFolders()])];
}

function loadedFolders(): readonly string[] {
	const maps = readFileSync('/proc/self/maps', 'utf8').split('\n');
	const files = maps.map((line) => line.slice(line.indexOf('/'))).filter((path) => /\.so[.\d]*$/.test(path));
	return [...new Set(files)].map((path) => dirname(path));
}
