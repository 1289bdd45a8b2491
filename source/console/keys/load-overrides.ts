import {readFile} from 'node:fs/promises';
import {homedir} from 'node:os';
import {join} from 'node:path';
import {type ReadOverrides, readOverrides} from './read-overrides.js';

/** Where a person's own keys are kept: `$SLUICE_KEYS`, else `sluice/keys.yaml` in their configuration folder. */
export function overridesFile(environment: Readonly<Record<string, string | undefined>>): string {
	return environment.SLUICE_KEYS || join(environment.XDG_CONFIG_HOME || join(homedir(), '.config'), 'sluice', 'keys.yaml');
}

/** A person's own keys; none where there is no such file. */
export async function loadOverrides(environment: Readonly<Record<string, string | undefined>>): Promise<ReadOverrides> {
	const file = overridesFile(environment);
	try {
		return readOverrides(await readFile(file, 'utf8'), file);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT' && !environment.SLUICE_KEYS) return {overrides: {}, problems: []};
		return {overrides: {}, problems: [`${file}: ${(error as Error).message}`]};
	}
}
