import type {ByteSession, SqlSession} from '../../model/sql-session.js';
import {bulkSelect} from './bulk/bulk-select.js';
import type {StepSource} from './chunk-stream.js';
import {type StepRows, stepSelect} from './step-select.js';

/** The rows of a step from its kept tables: what `runLoadStep` works on. */
export function stepSource(session: Pick<SqlSession, 'blocks'> & ByteSession, of: StepRows): StepSource {
	return {
		blocks: (range) => session.blocks(stepSelect(of, range)),
		plainRows: (plain, range) => session.bytes(bulkSelect(of, plain, range)),
	};
}
