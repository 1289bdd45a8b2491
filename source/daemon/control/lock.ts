import {statSync} from 'node:fs';
import Database from 'better-sqlite3';
import {SluiceError} from '../../model/errors.js';

export type Lock = {release(): void};

/**
 * Takes the workspace for this daemon: an SQLite file held EXCLUSIVE, because Node has no flock and a crash releases this one
 * (DESIGN 2, SPEC 17).
 *
 * @throws SluiceError `daemon.running` when another daemon holds it
 */
export function takeLock(file: string): Lock {
	const database = new Database(file, {timeout: 0});
	try {
		// why: the rollback journal, since in WAL mode EXCLUSIVE would still let a reader in; nothing is ever written here.
		database.pragma('journal_mode = DELETE');
		database.exec('BEGIN EXCLUSIVE');
	} catch (cause) {
		database.close();
		if ((cause as {code?: string}).code?.startsWith('SQLITE_BUSY')) {
			throw new SluiceError('daemon.running', 'Another daemon already serves this workspace', {where: file, cause});
		}
		throw cause;
	}
	return {
		release() {
			database.exec('ROLLBACK');
			database.close();
		},
	};
}

const lookEveryMs = 2_000;

/** Calls `replaced` once when the file is no longer the one that was locked. @returns how to end the watch */
export function whenReplaced(file: string, replaced: () => void): () => void {
	const {ino} = statSync(file);
	const timer = setInterval(() => {
		if (statSync(file, {throwIfNoEntry: false})?.ino === ino) return;
		clearInterval(timer);
		replaced();
	}, lookEveryMs);
	timer.unref();
	return () => clearInterval(timer);
}
