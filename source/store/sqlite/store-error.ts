import Sqlite from 'better-sqlite3';
import {SluiceError} from '../../model/errors.js';

/** What SQLite threw, as a person understands it; anything else stays as it is. `where` is the file or what was being written. */
export function storeError(error: unknown, where: string): unknown {
	if (!(error instanceof Sqlite.SqliteError)) return error;
	const detail = {where, cause: error};
	const {code} = error;
	if (code === 'SQLITE_FULL') return new SluiceError('store.full', 'The disk that holds the records is full.', detail);
	if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
		return new SluiceError('store.busy', 'The record store is locked by another program.', detail);
	}
	if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') {
		return new SluiceError('store.damaged', 'The record store is not a whole SQLite database.', detail);
	}
	if (/^SQLITE_(IOERR|READONLY|CANTOPEN|PERM|NOLFS)/.test(code)) {
		return new SluiceError('store.io', `The record store could not be read or written (${code}: ${error.message}).`, detail);
	}
	if (code.startsWith('SQLITE_CONSTRAINT_UNIQUE')) {
		return new SluiceError('store.clash', `A unique value is held by another record (${clashingColumn(error.message)}).`, detail);
	}
	return error;
}

function clashingColumn(message: string): string {
	return /(?:record_)?([a-z0-9_]+\.[a-z0-9_#]+)/.exec(message.replace(/^.*failed: /, ''))?.[1]?.replace('#key', '') ?? message;
}
