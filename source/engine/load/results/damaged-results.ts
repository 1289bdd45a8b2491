import {SluiceError} from '../../../model/errors.js';

/** So many files are named in the message. */
const mostNamed = 5;

/** A segment that does not hold the results of its chunk: it is gone, or has other rows than were committed. */
export type DamagedSegment = {readonly file: string; readonly chunk: number; readonly rows: number; readonly found: number | null};

/** @param cause what the engine said when it read the segments, if it refused them */
export function damagedResults(where: string, damaged: readonly DamagedSegment[], cause: unknown): SluiceError {
	const named = damaged
		.slice(0, mostNamed)
		.map(({file, found, rows}) => `${file} ${found === null ? 'is gone or cannot be read' : `holds ${found} of ${rows} rows`}`);
	const more = damaged.length > mostNamed ? ` and ${damaged.length - mostNamed} more` : '';
	const files = damaged.length === 0 ? 'rows are missing' : `${named.join(', ')}${more}`;
	return new SluiceError('load.results_damaged', `The results of ${where} are not whole: ${files}`, {where, cause});
}
