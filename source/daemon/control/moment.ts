import {existsSync} from 'node:fs';
import {setTimeout as pause} from 'node:timers/promises';
import Sqlite, {type Database} from 'better-sqlite3';

/** Both databases as they were at one moment, whatever is written to them since. */
export type Moment = {
	readonly at: string;
	readonly control: Database;
	/** Null where nothing was ever stored. */
	readonly store: Database | null;
	close(): void;
};

/** An execution, and what of its folder a backup holds. */
export type Wanted = {readonly id: string; readonly what: 'all' | 'report'};

const patienceMs = 200;
const lookAgainMs = 20;

/**
 * Opens both databases for reading, each at its state of now: the two reads follow each other without a pause, and the daemon, which alone
 * writes `control.db`, does nothing between them.
 *
 * @throws what SQLite says when a writer that was stopped holds what a reader needs, for too long
 */
export async function openMoment(controlFile: string, storeFile: string): Promise<Moment> {
	for (const deadline = performance.now() + patienceMs; ; ) {
		try {
			return opened(controlFile, storeFile);
		} catch (error) {
			if (!isBusy(error) || performance.now() > deadline) throw error;
			await pause(lookAgainMs);
		}
	}
}

/** Whether a database was locked by a writer at that moment: it is free soon, unless that writer stands still. */
export function isBusy(error: unknown): boolean {
	return error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY');
}

function opened(controlFile: string, storeFile: string): Moment {
	const databases: Database[] = [];
	const close = (): void => {
		for (const database of databases) database.close();
	};
	try {
		const control = reading(controlFile, databases);
		const store = existsSync(storeFile) ? reading(storeFile, databases) : null;
		return {at: new Date().toISOString(), control, store, close};
	} catch (error) {
		close();
		throw error;
	}
}

/** A transaction that only reads: it sees what was committed when it read first. */
function reading(file: string, databases: Database[]): Database {
	const database = new Sqlite(file, {readonly: true, fileMustExist: true, timeout: 0});
	databases.push(database);
	database.exec('BEGIN');
	database.prepare('SELECT count(*) FROM sqlite_schema').get();
	return database;
}

/** The executions whose files a backup needs: those that are queued or run, those whose rows they read, and reports that are yet to be mailed. */
export function wantedExecutions({control}: Pick<Moment, 'control'>): readonly Wanted[] {
	const going = control
		.prepare<[], {id: string}>(
			`SELECT id FROM executions WHERE status IN ('queued', 'running')
			UNION
			SELECT failed_rows_of FROM executions WHERE status IN ('queued', 'running') AND failed_rows_of IS NOT NULL`,
		)
		.all()
		.map(({id}) => id);
	const mailed = control
		.prepare<[], {id: string}>(
			`SELECT DISTINCT execution id FROM deliveries
			WHERE kind = 'mail' AND state = 'waiting' AND execution IS NOT NULL AND json_extract(payload, '$.attachment') IS NOT NULL`,
		)
		.all()
		.map(({id}) => id);
	return [
		...going.map((id) => ({id, what: 'all' as const})),
		...mailed.filter((id) => !going.includes(id)).map((id) => ({id, what: 'report' as const})),
	];
}
