import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {writeWholeNow} from '../../platform/files/whole-file.js';

/** What an export was about to rename: where to, and the file by its inode. */
export type Intent = {readonly target: string; readonly inode: string};

const fileOf = (folder: string) => join(folder, 'export-intent.json');

/** What an earlier runner of this execution was about to do, or null. */
export function readIntent(folder: string): Intent | null {
	try {
		return JSON.parse(readFileSync(fileOf(folder), 'utf8')) as Intent;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
		throw error;
	}
}

export function writeIntent(folder: string, intent: Intent): void {
	writeWholeNow(fileOf(folder), JSON.stringify(intent));
}
