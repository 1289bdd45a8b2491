import {existsSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

/** A thread runs compiled code alone: from `dist`, also where this file is run from its source and `dist` stands beside that. */
export function compiledThread(folder: string): string | undefined {
	const here = dirname(fileURLToPath(import.meta.url));
	const root = join(here, '..', '..', '..');
	return [here, join(root, 'dist', 'source', 'store', 'sqlite')]
		.map((place) => join(place, folder, 'main.js'))
		.find((path) => existsSync(path));
}
