import {readdirSync, readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {SluiceError} from '../../model/errors.js';
import type {Database} from './connection.js';

/** `SLUI`, so that `file` and others can tell the store from any SQLite database. */
const applicationId = 0x534c5549;
const folder = new URL('../migrations/', import.meta.url);

function migrations(): readonly {readonly version: number; readonly sql: string}[] {
	return readdirSync(fileURLToPath(folder))
		.filter((name) => /^\d{4}-.*\.sql$/.test(name))
		.sort()
		.map((name) => ({version: Number(name.slice(0, 4)), sql: readFileSync(fileURLToPath(new URL(name, folder)), 'utf8')}));
}

/**
 * Brings the fixed tables up to date. Runs inside the caller's transaction.
 *
 * @throws SluiceError `store.newer` when a newer program has been here
 */
export function migrate(db: Database): void {
	const known = migrations();
	const newest = known.at(-1)?.version ?? 0;
	const version = checkVersion(db);
	for (const migration of known) if (migration.version > version) db.exec(migration.sql);
	if (version === newest) return;
	db.pragma(`application_id = ${applicationId}`);
	db.pragma(`user_version = ${newest}`);
}

/** The fixed tables anew, as temporary ones of this connection. */
export function makeTemporary(db: Database): void {
	for (const {sql} of migrations()) {
		db.exec(sql.replaceAll(/^CREATE TABLE /gm, 'CREATE TEMP TABLE ').replaceAll(/^CREATE( UNIQUE)? INDEX /gm, 'CREATE$1 INDEX temp.'));
	}
}

/** The newest version of the fixed tables that this program knows. */
export function newestStoreVersion(): number {
	return migrations().at(-1)?.version ?? 0;
}

/** The version of a store's fixed tables. @throws SluiceError `store.newer` for one that this program does not know yet */
export function checkVersion(db: Database): number {
	const newest = newestStoreVersion();
	const version = Number(db.pragma('main.user_version', {simple: true}));
	if (version <= newest) return version;
	throw new SluiceError('store.newer', `The record store has version ${version}, this program knows ${newest}.`, {where: db.name});
}
