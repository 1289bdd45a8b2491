import {readFileSync, statSync} from 'node:fs';
import {writeWholeNow} from '../../platform/files/whole-file.js';

/*
 * The text of the last valid `sluice.yaml`. It outlives the daemon, so that a restart with a broken file does not begin with the defaults: a
 * production workspace stays one (SPEC 10).
 */

/** @returns null where nothing is remembered, or others could have written it */
export function recallSettings(file: string): string | null {
	const found = statSync(file, {throwIfNoEntry: false});
	if (!found?.isFile() || (found.mode & 0o022) !== 0) return null;
	if (process.getuid && found.uid !== process.getuid()) return null;
	return readFileSync(file, 'utf8');
}

export function rememberSettings(file: string, text: string): void {
	writeWholeNow(file, text);
}
