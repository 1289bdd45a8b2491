import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {writeWholeNow} from '../../platform/files/whole-file.js';
import type {FromRunner, Progress} from '../protocol.js';

/** How a runner's work ended. With `disk`, it goes on when the disk allows. */
export type Ending = Pick<Extract<FromRunner, {type: 'ended'}>, 'result' | 'at' | 'error' | 'disk'>;

/** An ending that stands, though the daemon may not have heard of it. */
export type KeptEnding = {
	readonly ending: Ending;
	readonly progress: Progress;
	/** Whether the report is built, so that nothing is left but to say it. */
	readonly reported: boolean;
};

const fileOf = (folder: string) => join(folder, 'ending.json');

/** The ending that an earlier runner of this execution came to, or null. */
export function readEnding(folder: string): KeptEnding | null {
	try {
		return JSON.parse(readFileSync(fileOf(folder), 'utf8')) as KeptEnding;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
		throw error;
	}
}

/**
 * Keeps an ending before anything is taken away that going on would need: the checkpoints of a run that failed, the segments of one that
 * is done. A daemon that dies before it has heard is told by the next runner.
 *
 * @returns whether it is kept; a disk without room for it is no reason to end otherwise
 */
export function keepEnding(folder: string, kept: KeptEnding): boolean {
	try {
		writeWholeNow(fileOf(folder), JSON.stringify(kept));
		return true;
	} catch {
		return false;
	}
}
