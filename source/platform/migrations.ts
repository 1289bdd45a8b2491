import {readdirSync, readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';

export type Migration = {readonly version: number; readonly sql: string};

/** What migrations need of an SQLite database. */
export type MigratedDatabase = {
	readonly inTransaction: boolean;
	exec(sql: string): unknown;
	pragma(text: string, options?: {readonly simple?: boolean}): unknown;
};

/** The migrations of a folder, `0001-name.sql` and so on, in their order. Numbers may be missing. */
export function migrationsIn(folder: URL): readonly Migration[] {
	return readdirSync(fileURLToPath(folder))
		.filter((name) => /^\d{4}-.*\.sql$/.test(name))
		.sort()
		.map((name) => ({version: Number(name.slice(0, 4)), sql: readFileSync(fileURLToPath(new URL(name, folder)), 'utf8')}));
}

/** The version that a database has once all of these have run; 0 where there are none. */
export function newestVersion(migrations: readonly Migration[]): number {
	return migrations.at(-1)?.version ?? 0;
}

/** The version of a database's tables, which SQLite keeps in its header. */
export function versionOf(database: MigratedDatabase): number {
	return Number(database.pragma('main.user_version', {simple: true}));
}

/**
 * Runs those migrations that a database does not have yet, all of them or none, in the caller's transaction where there is one. A database
 * that is newer than the program must have been refused before.
 *
 * @returns how many were run
 */
export function migrate(database: MigratedDatabase, migrations: readonly Migration[]): number {
	const version = versionOf(database);
	const missing = migrations.filter((migration) => migration.version > version);
	if (missing.length === 0) return 0;
	const run = (): void => {
		for (const {sql} of missing) database.exec(sql);
		database.pragma(`user_version = ${newestVersion(migrations)}`);
	};
	if (database.inTransaction) {
		run();
		return missing.length;
	}
	database.exec('BEGIN IMMEDIATE');
	try {
		run();
		database.exec('COMMIT');
	} catch (error) {
		if (database.inTransaction) database.exec('ROLLBACK');
		throw error;
	}
	return missing.length;
}
