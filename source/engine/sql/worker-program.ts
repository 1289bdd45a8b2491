import {existsSync, readdirSync, realpathSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {SluiceError} from '../../model/errors.js';
import type {CommandLine} from './sandbox/command-line.js';

export type WorkerProgram = {
	readonly entry: string;
	/** What it reads: its own code, and the package file that says that it is made of modules. */
	readonly needs: readonly string[];
	/** The packages with native code that it loads. */
	readonly code: readonly string[];
};

const relativeEntry = join('source', 'engine', 'sql', 'worker', 'main.js');

/**
 * The compiled worker and the files it reads. It works from `dist` as from the TypeScript sources (where `dist` stands beside them).
 *
 * @throws SluiceError `sql.engine_missing` when it has not been built
 */
export function findWorkerProgram(): WorkerProgram {
	const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
	const entry = [join(root, relativeEntry), join(root, 'dist', relativeEntry)].find((path) => existsSync(path));
	if (entry === undefined) throw new SluiceError('sql.engine_missing', `The program of the SQL engine is missing: ${relativeEntry}`);
	const modules = nearestFolder(dirname(entry), (folder) => existsSync(join(folder, 'node_modules', 'chdb')));
	const packageFolder = nearestFolder(dirname(entry), (folder) => existsSync(join(folder, 'package.json')));
	if (modules === undefined || packageFolder === undefined)
		throw new SluiceError('sql.engine_missing', 'The package chdb is not installed');
	const code = join(dirname(entry), '..', '..', '..');
	return {
		entry,
		needs: [code, join(packageFolder, 'package.json')].map((path) => realpathSync(path)),
		code: enginePackages(join(modules, 'node_modules')),
	};
}

/** The package of the engine and those with its library, one for each kind of machine. */
function enginePackages(modules: string): readonly string[] {
	const real = realpathSync(modules);
	const scope = join(real, '@chdb');
	const libraries = existsSync(scope) ? readdirSync(scope).map((name) => join(scope, name)) : [];
	return [join(real, 'chdb'), ...libraries];
}

/**
 * How the worker is started: with this very Node; `stepsBack` as `nice -n` means it. A `walled` one does not load the engine before it has
 * looked at its walls.
 */
export function workerCommand(entry: string, folder: string, stepsBack: number, walls: 'walled' | 'plain'): CommandLine {
	return {program: process.execPath, arguments: ['--no-warnings', '--max-old-space-size=1024', entry, folder, String(stepsBack), walls]};
}

/** The nearest folder upward from `from` for which `holds` is true. */
function nearestFolder(from: string, holds: (folder: string) => boolean): string | undefined {
	for (let folder = from; ; folder = dirname(folder)) {
		if (holds(folder)) return folder;
		if (folder === dirname(folder)) return undefined;
	}
}
