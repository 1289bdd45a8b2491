import {existsSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';

/** The nearest folder, from `from` upward, that holds a `sluice.yaml`; undefined where there is none (SPEC 13). Absolute. */
export function findWorkspace(from: string): string | undefined {
	for (let dir = resolve(from); ; dir = dirname(dir)) {
		if (existsSync(join(dir, 'sluice.yaml'))) return dir;
		if (dirname(dir) === dir) return undefined;
	}
}
