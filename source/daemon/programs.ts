import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

/** The compiled runner. */
export function runnerProgram(): string {
	return compiled(join('source', 'engine', 'main.js'));
}

/** The compiled program that opens files. */
export function readerProgram(): string {
	return compiled(join('source', 'engine', 'reader', 'main.js'));
}

/** Beside us in `dist`, or in the `dist` beside the TypeScript sources. */
function compiled(program: string): string {
	const root = join(here, '..', '..');
	return [join(root, program), join(root, 'dist', program)].find((path) => existsSync(path)) ?? join(root, program);
}

/** The version of Sluice, from the nearest package.json. */
export async function programVersion(): Promise<string> {
	for (let folder = here; folder !== dirname(folder); folder = dirname(folder)) {
		const file = join(folder, 'package.json');
		if (!existsSync(file)) continue;
		return (JSON.parse(await readFile(file, 'utf8')) as {version: string}).version;
	}
	return 'unknown';
}
