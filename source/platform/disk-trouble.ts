import {SluiceError} from '../model/errors.js';

/** What a disk does to a run: it has no room left, or it fails to read or write. Neither is the run's own fault, and both may pass. */
export type DiskTrouble = 'full' | 'failing';

const byCode: Readonly<Record<string, DiskTrouble>> = {
	'store.full': 'full',
	'store.io': 'failing',
	ENOSPC: 'full',
	EDQUOT: 'full',
	EIO: 'failing',
	EROFS: 'failing',
	SQLITE_FULL: 'full',
};

/** How the SQL engine, and whatever only passes a text on, says it. */
const fullText = /no space left on device|not enough space|NOT_ENOUGH_SPACE|disk quota exceeded|database or disk is full/i;
const failingText = /input\/output error|read-only file system|errno: 5\b|disk I\/O error/i;

/** The trouble with a disk that an error, or what caused it, tells of; null when it tells of something else. */
export function diskTroubleOf(error: unknown): DiskTrouble | null {
	if (!(error instanceof Error)) return null;
	const {code = ''} = error as {code?: string};
	const known = byCode[code] ?? (code.startsWith('SQLITE_IOERR') ? 'failing' : null) ?? saidIn(error) ?? diskTroubleOf(error.cause);
	// why: results that cannot be written for any other reason (rights, a folder unmounted) can be written once that is mended
	return known ?? (error instanceof SluiceError && error.code === 'load.segment_not_written' ? 'failing' : null);
}

function saidIn({message}: Error): DiskTrouble | null {
	if (fullText.test(message)) return 'full';
	return failingText.test(message) ? 'failing' : null;
}
