import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {type Connector, scopesOf} from '../../model/connector.js';
import {identifier, keptTable} from '../../model/sql-text.js';
import type {ExecutionJob} from '../protocol.js';
import {createDatabases} from '../sql/databases.js';
import {type SqlWorker, startWorker} from '../sql/worker-session.js';
import type {ExecutionProgress} from './progress.js';

type Column = {readonly name: string; readonly type: string};

/**
 * Stages `intake` and `sql` of a rerun of failed rows: the original's SQL output rows that errored in a step, or were skipped as invalid,
 * numbered anew (SPEC 9). Each execution's tables lie in a folder of their own, so the rows go from one engine to the other.
 */
export async function copyFailedRows(
	job: ExecutionJob,
	original: {id: string; folder: string},
	worker: SqlWorker,
	progress: ExecutionProgress,
): Promise<void> {
	progress.begin('intake');
	await createDatabases(worker);
	const ranWith = await connectorOf(original.folder);
	const source = await startWorker({folder: original.folder, limits: job.limits});
	let rows = 0;
	try {
		for (const scope of scopesOf(job.connector)) {
			const copied = await copyScope(source, worker, scope, await failedRows(source, ranWith, scope));
			progress.scopeRows(scope, copied);
			rows += copied;
		}
	} finally {
		await source.kill();
	}
	progress.readRows(rows);
	progress.log('info', 'intake', `${rows} rows of ${original.id} that errored or were skipped as invalid`);
	progress.end('intake', 'completed', rows);
	progress.end('sql', 'skipped', rows);
}

async function copyScope(source: SqlWorker, worker: SqlWorker, scope: string, failed: string): Promise<number> {
	const table = keptTable(`sql:${scope}`);
	const columns = await source.rows<Column>(`DESCRIBE TABLE ${table}`);
	const definitions = columns.map(({name, type}) => `${identifier(name)} ${type}`).join(', ');
	await worker.execute(`DROP TABLE IF EXISTS ${table} SYNC`);
	await worker.execute(`CREATE TABLE ${table} (${definitions}) ENGINE = MergeTree ORDER BY __row`);
	const names = columns.map(({name}) => name);
	const others = names.filter((name) => name !== '__row').map(identifier);
	const blocks = source.blocks(
		// why nested: the engine refuses a condition on a column whose name a window function of the same SELECT takes
		`SELECT ${['toUInt64(row_number() OVER (ORDER BY failed.__row)) AS __row', ...others].join(', ')}
		 FROM (SELECT * FROM ${table} WHERE __row IN (${failed})) AS failed
		 ORDER BY failed.__row`,
	);
	let copied = 0;
	for await (const block of blocks) {
		await worker.insert(table, names, block);
		copied += block[0]?.length ?? 0;
	}
	return copied;
}

/** The SELECT of the rows of a scope that did not come through: errored in any step of the scope, or without a required value. */
async function failedRows(source: SqlWorker, {loadSteps}: Pick<Connector, 'loadSteps'>, scope: string): Promise<string> {
	const kept = await source.rows<{name: string}>("SELECT name FROM system.tables WHERE database = 'run'");
	const loaded = loadSteps.flatMap((step, index) =>
		step.scope === scope && kept.some(({name}) => name === `load:${index + 1}`) ? [`load:${index + 1}`] : [],
	);
	const invalid = `SELECT __row FROM ${keptTable(`variables:${scope}`)} WHERE __state = 'skipped'`;
	return [invalid, ...loaded.map((table) => `SELECT __row FROM ${keptTable(table)} WHERE __outcome = 'errored'`)].join(' UNION DISTINCT ');
}

/** The connector as the original ran with: its steps say which rows belong to which scope. */
async function connectorOf(folder: string): Promise<Pick<Connector, 'loadSteps'>> {
	const {connector} = JSON.parse(await readFile(join(folder, 'configuration.json'), 'utf8')) as {connector: Connector};
	return connector;
}
