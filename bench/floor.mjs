import {execFileSync} from 'node:child_process';
import {rmSync} from 'node:fs';
import {join} from 'node:path';

const columns = 'external_id,first_name,last_name,email,amount,currency,active,signup_date,updated_at,city,notes';

/** The floor: sqlite3's own command line, `.import`, then an indexed `INSERT ... SELECT`. @returns seconds, or null where it is not installed */
export function sqliteFloor(file, dir) {
	const db = join(dir, 'floor.db');
	for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(db + suffix, {force: true});
	const script = `PRAGMA journal_mode=WAL;
.import --csv ${file} staging
CREATE TABLE people (${columns.replace('external_id', 'external_id TEXT PRIMARY KEY')});
INSERT INTO people (${columns}) SELECT ${columns} FROM staging;
SELECT count(*) FROM people;
`;
	const began = process.hrtime.bigint();
	try {
		execFileSync('sqlite3', [db], {input: script});
	} catch (error) {
		if (error.code === 'ENOENT') return null;
		throw error;
	}
	const seconds = Number(process.hrtime.bigint() - began) / 1e9;
	for (const suffix of ['', '-wal', '-shm']) rmSync(db + suffix, {force: true});
	return seconds;
}
