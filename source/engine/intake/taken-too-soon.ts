import type {Source} from '../../model/connector.js';
import type {ErrorCode} from '../../model/error-codes.js';
import {SluiceError} from '../../model/errors.js';

/** What the file of a writer that had not ended looks like: its beginning alone, or, where the beginning was moved away, its rest alone. */
const looksUnfinished: ReadonlySet<ErrorCode> = new Set([
	'intake.corrupt',
	'intake.empty',
	'intake.header_row',
	'intake.incompatible',
	'intake.json',
	'intake.truncated',
	'intake.type',
	'intake.unterminated_quote',
]);

/** The error of a file that a source gave; where it may have been taken before its writer had ended, its cure says how to wait longer. */
export function withWaitCure(error: SluiceError, source: Source | null): SluiceError {
	if (source === null || !('file' in source) || !looksUnfinished.has(error.code)) return error;
	const {settleSeconds, doneMarker} = source;
	if (doneMarker !== undefined && settleSeconds === undefined) return error;
	const given = settleSeconds === undefined ? '' : ` (now ${settleSeconds}s)`;
	const wait = `If its writer pauses and had not ended yet, set source.settle${given} to more than its longest pause, or use source.done_marker.`;
	const {code, message, where, expected, cure, cause} = error;
	return new SluiceError(code, message, {where, expected, cure: cure === undefined ? wait : `${cure} ${wait}`, cause});
}
