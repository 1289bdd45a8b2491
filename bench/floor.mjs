import {spawnSync} from 'node:child_process';
import {rmSync} from 'node:fs';
import {join} from 'node:path';

/**
 * The floor: sqlite3's own command line, `.import`, then an indexed `INSERT ... SELECT`, which types, matches and reports nothing.
 *
 * @returns wall and processor seconds and the file it made, or null where it is not installed
 */
export function sqliteFloor(file, dir, columns) {
	const db = join(dir, 'floor.db');
	for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(db + suffix, {force: true});
	const script = `PRAGMA journal_mode=WAL;
.import --csv ${file} staging
CREATE TABLE people (${columns.join(', ').replace('external_id', 'external_id TEXT PRIMARY KEY')});
INSERT INTO people (${columns.join(', ')}) SELECT ${columns.join(', ')} FROM staging;
`;
	const began = process.hrtime.bigint();
	const {error, status, stderr} = spawnSync('/usr/bin/time', ['-f', '%U %S', 'sqlite3', db], {input: script, encoding: 'utf8'});
	if (error?.code === 'ENOENT') return null;
	if (status !== 0) throw new Error(`sqlite3: ${stderr}`);
	const seconds = Number(process.hrtime.bigint() - began) / 1e9;
	const cpu = stderr.trim().split(/\s+/).slice(-2).map(Number);
	return {seconds, cpu: cpu[0] + cpu[1], db};
}
