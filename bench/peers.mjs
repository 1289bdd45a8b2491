import {execFileSync, spawnSync} from 'node:child_process';
import {rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

/**
 * Other ways to get a CSV into a keyed table, as far as they are installed here; each that is not says so in `left`.
 *
 * `load` returns the wall seconds of loading `file` into an empty table, made before the clock starts; `content` the columns of the records as
 * lines of text, in the order of their keys.
 */
export function peersHere() {
	return [psql(), sqliteUtils(), pgloader()];
}

function sqliteUtils() {
	const name = 'sqlite-utils upsert';
	if (spawnSync('sqlite-utils', ['--version']).error) return {name, left: 'not installed here'};
	const fileIn = (dir) => join(dir, 'sqlite-utils.db');
	return {
		name,
		load(file, _columns, dir) {
			rmSync(fileIn(dir), {force: true});
			return seconds(() =>
				execFileSync('sqlite-utils', ['upsert', fileIn(dir), 'people', file, '--csv', '--pk', 'external_id', '--silent']),
			);
		},
		content: (columns, dir) =>
			execFileSync('sqlite3', ['-readonly', fileIn(dir), `SELECT ${columns.join(" || '|' || ")} FROM people ORDER BY external_id`], large),
		remove: (dir) => rmSync(fileIn(dir), {force: true}),
	};
}

function psql() {
	const name = 'psql \\copy + INSERT ... ON CONFLICT';
	const left = postgresLacks();
	if (left) return {name, left};
	return {
		name,
		load(file, columns) {
			createTable(columns);
			const script = `CREATE TEMP TABLE staged (${['id', ...columns].join(' text, ')} text);
\\copy staged FROM '${file}' CSV HEADER
INSERT INTO bench_people SELECT ${columns.join(', ')} FROM staged ON CONFLICT (external_id) DO NOTHING;
`;
			return seconds(() => execFileSync('psql', ['-qX', '-v', 'ON_ERROR_STOP=1'], {input: script}));
		},
		content: contentOfTable,
		remove: dropTable,
	};
}

function pgloader() {
	const name = 'pgloader';
	if (spawnSync('pgloader', ['--version']).error) return {name, left: 'not installed here'};
	const left = postgresLacks();
	if (left) return {name, left};
	const {PGHOST = '/var/run/postgresql', PGUSER = '', PGDATABASE = PGUSER} = process.env;
	return {
		name,
		load(file, columns, dir) {
			createTable(columns);
			const script = join(dir, 'people.load');
			const host = PGHOST.startsWith('/') ? `unix:${PGHOST}:5432` : PGHOST;
			writeFileSync(
				script,
				`LOAD CSV FROM '${file}' (id, ${columns.join(', ')}) INTO postgresql://${PGUSER}@${host}/${PGDATABASE}?bench_people (${columns.join(', ')})
WITH skip header = 1, fields terminated by ',', fields optionally enclosed by '"', fields escaped by double-quote;
`,
			);
			return seconds(() => execFileSync('pgloader', ['--quiet', script], {cwd: dir}));
		},
		content: contentOfTable,
		remove: dropTable,
	};
}

const large = {encoding: 'utf8', maxBuffer: 1 << 30};

function ask(sql) {
	return execFileSync('psql', ['-qAtX', '-v', 'ON_ERROR_STOP=1', '-c', sql], {...large, stdio: ['ignore', 'pipe', 'ignore']});
}

function postgresLacks() {
	const tried = spawnSync('psql', ['-qAtX', '-c', 'SELECT 1'], {encoding: 'utf8'});
	if (tried.error) return 'left out: psql is not installed here';
	return tried.status === 0 ? undefined : 'left out: no PostgreSQL server answers (set PGHOST, PGUSER, PGDATABASE)';
}

const createTable = (columns) =>
	ask(`DROP TABLE IF EXISTS bench_people; CREATE TABLE bench_people (${columns.join(' text, ')} text, PRIMARY KEY (external_id))`);
const contentOfTable = (columns) => ask(`SELECT ${columns.join(" || '|' || ")} FROM bench_people ORDER BY external_id COLLATE "C"`);
const dropTable = () => ask('DROP TABLE IF EXISTS bench_people');

function seconds(work) {
	const began = process.hrtime.bigint();
	work();
	return Number(process.hrtime.bigint() - began) / 1e9;
}
