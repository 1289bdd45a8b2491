import {readFile} from 'node:fs/promises';
import {homedir} from 'node:os';
import {join} from 'node:path';
import type {ReadOverrides} from './read-overrides.js';

/** Where a person's own keys are kept: `$SLUICE_KEYS`, else `sluice/keys.yaml` in their configuration folder. */
export function overridesFile(environment: Readonly<Record<string, string | undefined>>): string {
	return environment.SLUICE_KEYS || join(environment.XDG_CONFIG_HOME || join(homedir(), '.config'), 'sluice', 'keys.yaml');
}

/** A person's own keys; none where there is no such file. */
export async function loadOverrides(environment: Readonly<Record<string, string | undefined>>): Promise<ReadOverrides> {
	const file = overridesFile(environment);
	try {
		const text = await readFile(file, 'utf8');
		// why here: few have such a file, and the reader of YAML takes long to load.
		const {readOverrides} = await import('./read-overrides.js');
		return readOverrides(text, file);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT' && !environment.SLUICE_KEYS) return {overrides: {}, problems: []};
		return {overrides: {}, problems: [`${file}: ${(error as Error).message}`]};
	}
}
