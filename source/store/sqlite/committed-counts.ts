import type {Counts} from '../../model/outcome.js';
import {openForReading} from './connection.js';

/** What an execution has committed in one of its steps, and the last chunk of it. */
export type Committed = Counts & {readonly step: number; readonly chunk: number};

/** What the checkpoints of a store say of an execution. @throws SluiceError `store.*` */
export function committedCounts(storeFile: string, execution: string): readonly Committed[] {
	const db = openForReading(storeFile);
	try {
		// One row a step.
		const read = db.prepare<[string], Committed>(
			`SELECT step, max(chunk) chunk, sum(created) created, sum(updated) updated, sum(skipped) skipped, sum(errored) errored, sum(warnings) warnings
			FROM checkpoint WHERE execution = ? GROUP BY step`,
		);
		return read.all(execution);
	} finally {
		db.close();
	}
}
