import {execFileSync, spawnSync} from 'node:child_process';

/**
 * Other ways to get a CSV into a keyed table, as far as they are installed here. Each is told in words why it was left out.
 *
 * `load` returns wall seconds; `content` the text of the same columns that Sluice's are held against.
 */
export function peersHere() {
	return [psql(), missing('sqlite-utils'), missing('pgloader')];
}

function missing(name) {
	const there = spawnSync(name, ['--version']).error === undefined;
	return {name, left: there ? 'installed, but this benchmark has no recipe for it yet' : 'not installed here'};
}

function psql() {
	const ask = (sql, input) =>
		execFileSync('psql', ['-qAtX', '-v', 'ON_ERROR_STOP=1', '-c', sql], {encoding: 'utf8', input, maxBuffer: 1 << 30});
	const tried = spawnSync('psql', ['-qAtX', '-c', 'SELECT 1'], {encoding: 'utf8'});
	if (tried.error) return {name: 'psql', left: 'not installed here'};
	if (tried.status !== 0) return {name: 'psql', left: 'installed, but no server answers (set PGHOST, PGUSER, PGDATABASE)'};
	return {
		name: 'psql \\copy + INSERT ... ON CONFLICT',
		load(file, columns) {
			ask(`DROP TABLE IF EXISTS bench_people; CREATE TABLE bench_people (${columns.join(' text, ')} text, PRIMARY KEY (external_id))`);
			const began = process.hrtime.bigint();
			const all = ['id', ...columns];
			execFileSync('psql', ['-qX', '-v', 'ON_ERROR_STOP=1'], {
				input: `CREATE TEMP TABLE staged (${all.join(' text, ')} text);
\\copy staged FROM '${file}' CSV HEADER
INSERT INTO bench_people SELECT ${columns.join(', ')} FROM staged ON CONFLICT (external_id) DO NOTHING;
`,
			});
			return Number(process.hrtime.bigint() - began) / 1e9;
		},
		content: (columns) => ask(`SELECT ${columns.join(" || '|' || ")} FROM bench_people ORDER BY external_id COLLATE "C"`),
		remove: () => ask('DROP TABLE IF EXISTS bench_people'),
	};
}
