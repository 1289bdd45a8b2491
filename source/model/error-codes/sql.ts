import type {ErrorMeaning} from './meaning.js';

export const sqlErrors = {
	'sql.syntax': {
		meaning: 'The SQL cannot be read at the place named.',
		cure: 'Correct the statement at that place; the engine speaks the SQL dialect of ClickHouse.',
	},
	'sql.failed': {
		meaning: 'A statement of the SQL failed.',
		cure: 'Correct the statement; the tables built before it are kept for inspection.',
	},
	'sql.forbidden': {
		meaning:
			'A statement of the SQL reaches for something SQL may not touch: files, addresses, system tables, settings or databases not its own.',
		cure: 'Use the databases input, kizen, meta, connector and output, and what the connector names under `secrets`.',
	},
	'sql.memory': {
		meaning: 'The SQL needed more memory than `limits.sql_memory` allows.',
		cure: 'Filter earlier, select fewer columns, join the smaller table on the right, keep large tables in ENGINE = MergeTree rather than Memory, or raise limits.sql_memory in sluice.yaml.',
	},
	'sql.time': {
		meaning: 'The SQL ran longer than `limits.sql_time` allows.',
		cure: 'Filter earlier or simplify the joins, or raise limits.sql_time in sluice.yaml.',
	},
	'sql.rows': {
		meaning: 'A statement of the SQL went through more rows than `limits.sql_rows` allows.',
		cure: 'Split the input or filter earlier, or raise limits.sql_rows in sluice.yaml.',
	},
	'sql.disk': {
		meaning: 'The SQL wrote more to disk than `limits.sql_disk` allows, in tables and temporary files.',
		cure: 'Filter earlier, select fewer columns, drop tables that are needed no more, or raise limits.sql_disk in sluice.yaml.',
	},
	'sql.outside_value': {
		meaning:
			'A column of another database holds a value that the engine cannot hold as it is: a day or moment outside the years 1900 to 2299, NaN, or more digits than a decimal has.',
		cure: "Read the column as text, in the database's own SQL: query='SELECT ts::text AS ts ...' (PostgreSQL), query='SELECT CAST(ts AS CHAR) AS ts ...' (MySQL).",
	},
	'sql.no_output': {
		meaning: 'The SQL left no table in the database output.',
		cure: 'Create at least one: CREATE TABLE output.<scope> ENGINE = Log AS SELECT ...',
	},
	'sql.crashed': {
		meaning: 'The SQL engine stopped by itself. Only this execution is affected.',
		cure: 'Run it again; if it stops again, simplify the last statement or lower limits.sql_memory below what the machine has free.',
	},
	'sql.cancelled': {meaning: 'The SQL was stopped because somebody asked for it.', cure: 'Nothing to do; run it again when wanted.'},
	'sql.sandbox_missing': {
		meaning:
			'limits.sql_sandbox is `required`, but this machine cannot put the SQL engine into a sandbox. `sluice doctor` starts each kind and says what is missing.',
		cure: 'Install bubblewrap (or util-linux and mount) and let this user create user namespaces, or set limits.sql_sandbox: preferred.',
	},
	'sql.engine_pinned': {
		meaning: 'The connector is pinned to another version of the SQL engine.',
		cure: 'Change `engine` in connector.yaml after checking the SQL, or install the version it names.',
	},
	'sql.engine_missing': {
		meaning: 'The program of the SQL engine is not where it should be.',
		cure: 'Build the project again with `npm run build`.',
	},
	'sql.secret_invalid': {
		meaning: 'A secret cannot become a named collection: it has to be a flat JSON object with plain keys.',
		cure: 'Set it again with `sluice secret set NAME`, as {"host": "...", "port": "...", ...}.',
	},
} as const satisfies Record<string, ErrorMeaning>;
