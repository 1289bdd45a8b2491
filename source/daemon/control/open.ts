import {readdirSync, readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import Database from 'better-sqlite3';

export type ControlDatabase = Database.Database;

const migrationsFolder = fileURLToPath(new URL('./migrations/', import.meta.url));

/**
 * Opens `control.db` and brings it up to date. `synchronous=FULL`: what was answered as done is on disk.
 * The numbered files of `migrations/` run in order, each once, each in a transaction of its own.
 */
export function openControl(file: string): ControlDatabase {
	const database = new Database(file);
	database.pragma('journal_mode = WAL');
	database.pragma('synchronous = FULL');
	database.pragma('busy_timeout = 5000');
	database.pragma('foreign_keys = ON');
	migrate(database);
	return database;
}

function migrate(database: ControlDatabase): void {
	const done = database.pragma('user_version', {simple: true}) as number;
	for (const name of readdirSync(migrationsFolder).sort()) {
		const number = Number.parseInt(name, 10);
		if (!name.endsWith('.sql') || number <= done) continue;
		const script = readFileSync(`${migrationsFolder}${name}`, 'utf8');
		database.transaction(() => {
			database.exec(script);
			database.pragma(`user_version = ${number}`);
		})();
	}
}
