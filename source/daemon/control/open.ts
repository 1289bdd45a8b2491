import {readdirSync, readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import Database from 'better-sqlite3';
import {SluiceError} from '../../model/errors.js';

export type ControlDatabase = Database.Database;

const migrationsFolder = fileURLToPath(new URL('./migrations/', import.meta.url));

/**
 * Opens `control.db` and brings it up to date. `synchronous=FULL`: what was answered as done is on disk.
 * The numbered files of `migrations/` run in order, each once, each in a transaction of its own.
 *
 * @throws SluiceError `state.newer` when a newer program has been here
 */
export function openControl(file: string): ControlDatabase {
	const database = new Database(file);
	const version = Number(database.pragma('user_version', {simple: true}));
	if (version > newestControlVersion()) {
		database.close();
		throw newerControl(file, version);
	}
	database.pragma('journal_mode = WAL');
	database.pragma('synchronous = FULL');
	database.pragma('busy_timeout = 5000');
	database.pragma('foreign_keys = ON');
	migrate(database);
	return database;
}

/** The newest version of `control.db` that this program knows. */
export function newestControlVersion(): number {
	return migrations().at(-1)?.number ?? 0;
}

/** The error for a `control.db` that a newer program has written. */
export function newerControl(file: string, version: number): SluiceError {
	const known = newestControlVersion();
	return new SluiceError('state.newer', `control.db has version ${version}, this program knows versions up to ${known}`, {where: file});
}

function migrations(): readonly {readonly name: string; readonly number: number}[] {
	return readdirSync(migrationsFolder)
		.filter((name) => name.endsWith('.sql'))
		.sort()
		.map((name) => ({name, number: Number.parseInt(name, 10)}));
}

function migrate(database: ControlDatabase): void {
	const done = database.pragma('user_version', {simple: true}) as number;
	for (const {name, number} of migrations()) {
		if (number <= done) continue;
		const script = readFileSync(`${migrationsFolder}${name}`, 'utf8');
		database.transaction(() => {
			database.exec(script);
			database.pragma(`user_version = ${number}`);
		})();
	}
}
