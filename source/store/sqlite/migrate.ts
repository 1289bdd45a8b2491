import {SluiceError} from '../../model/errors.js';
import {migrate, migrationsIn, newestVersion, versionOf} from '../../platform/migrations.js';
import type {Database} from './connection.js';

/** `SLUI`, so that `file` and others can tell the store from any SQLite database. */
const applicationId = 0x534c5549;
const migrations = () => migrationsIn(new URL('../migrations/', import.meta.url));

/**
 * Brings the fixed tables up to date. Runs inside the caller's transaction.
 *
 * @throws SluiceError `store.newer` when a newer program has been here
 */
export function migrateStore(db: Database): void {
	checkVersion(db);
	if (migrate(db, migrations()) > 0) db.pragma(`application_id = ${applicationId}`);
}

/** The fixed tables anew, as temporary ones of this connection. */
export function makeTemporary(db: Database): void {
	for (const {sql} of migrations()) {
		db.exec(sql.replaceAll(/^CREATE TABLE /gm, 'CREATE TEMP TABLE ').replaceAll(/^CREATE( UNIQUE)? INDEX /gm, 'CREATE$1 INDEX temp.'));
	}
}

/** The newest version of the fixed tables that this program knows. */
export function newestStoreVersion(): number {
	return newestVersion(migrations());
}

/** The version of a store's fixed tables. @throws SluiceError `store.newer` for one that this program does not know yet */
export function checkVersion(db: Database): number {
	const newest = newestStoreVersion();
	const version = versionOf(db);
	if (version <= newest) return version;
	throw new SluiceError('store.newer', `The record store has version ${version}, this program knows ${newest}.`, {where: db.name});
}
