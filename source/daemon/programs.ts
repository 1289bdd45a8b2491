import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const relativeRunner = join('source', 'engine', 'main.js');

/** The compiled runner: beside us in `dist`, or in the `dist` beside the TypeScript sources. */
export function runnerProgram(): string {
	const root = join(here, '..', '..');
	return [join(root, relativeRunner), join(root, 'dist', relativeRunner)].find((path) => existsSync(path)) ?? join(root, relativeRunner);
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
