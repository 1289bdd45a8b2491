import {existsSync, realpathSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {SluiceError} from '../../model/errors.js';
import {type CommandLine, nearestFolder} from './sandbox.js';

export type WorkerProgram = {readonly entry: string; readonly needs: readonly string[]};

const relativeEntry = join('source', 'engine', 'sql', 'worker', 'main.js');

/**
 * The compiled worker and the folders it reads: its own code, the package file that says it is made of modules, and the packages.
 * It works from `dist` as from the TypeScript sources (where `dist` stands beside them).
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
	return {entry, needs: [code, join(packageFolder, 'package.json'), join(modules, 'node_modules')].map((path) => realpathSync(path))};
}

/** How the worker is started without a sandbox: with this very Node, and no environment; `stepsBack` as `nice -n` means it. */
export function workerCommand(entry: string, folder: string, stepsBack: number): CommandLine {
	return {program: process.execPath, arguments: ['--no-warnings', '--max-old-space-size=1024', entry, folder, String(stepsBack)]};
}
