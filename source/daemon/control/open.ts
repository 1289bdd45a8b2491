import Database from 'better-sqlite3';
import {SluiceError} from '../../model/errors.js';
import {migrate, migrationsIn, newestVersion, versionOf} from '../../platform/migrations.js';

export type ControlDatabase = Database.Database;

const migrations = () => migrationsIn(new URL('./migrations/', import.meta.url));

/**
 * Opens `control.db` and brings it up to date. `synchronous=FULL`: what was answered as done is on disk.
 * The numbered files of `migrations/` run in order, each once, those that are missing in one transaction.
 *
 * @throws SluiceError `state.newer` when a newer program has been here
 */
export function openControl(file: string): ControlDatabase {
	const database = new Database(file);
	const version = versionOf(database);
	if (version > newestControlVersion()) {
		database.close();
		throw newerControl(file, version);
	}
	database.pragma('journal_mode = WAL');
	database.pragma('synchronous = FULL');
	database.pragma('busy_timeout = 5000');
	database.pragma('foreign_keys = ON');
	migrate(database, migrations());
	return database;
}

/** The newest version of `control.db` that this program knows. */
export function newestControlVersion(): number {
	return newestVersion(migrations());
}

/** The error for a `control.db` that a newer program has written. */
export function newerControl(file: string, version: number): SluiceError {
	const known = newestControlVersion();
	return new SluiceError('state.newer', `control.db has version ${version}, this program knows versions up to ${known}`, {where: file});
}
