import {join} from 'node:path';
import type {Selected} from '../../engine/job.js';
import type {Connector, Source} from '../../model/connector.js';
import type {Limits} from '../../model/limits.js';
import type {ShortTasks} from '../dispatch/short-tasks.js';
import {connectorSecrets} from '../secrets/connector-secrets.js';
import type {Vault} from '../secrets/vault.js';
import type {Look} from './found.js';
import {checksumOf} from './marks.js';

export type SqlSource = Extract<Source, {sql: string}>;

export type SqlWays = {
	readonly connector: Pick<Connector, 'apiName' | 'secrets'>;
	readonly vault: Vault;
	readonly tasks: ShortTasks;
	readonly limits: Limits;
	/** A folder for the result, and for the engine. */
	readonly scratch: string;
};

/**
 * Runs the query of a sql source, in an engine of its own with the walls of any user's SQL; first the one that tells its newest row, where
 * there is one (SPEC 11).
 *
 * @param before what was remembered when it was last taken; null: it is taken whatever it holds
 * @throws SluiceError `sql.*`
 */
export async function fetchSql(source: SqlSource, before: string | null, ways: SqlWays): Promise<Look> {
	const {freshness} = source;
	const newest = freshness !== null && typeof freshness === 'object' && 'maxTimestamp' in freshness ? freshness.maxTimestamp : null;
	let mark: string | null = null;
	if (newest !== null) {
		mark = JSON.stringify((await select(newest, 'source.freshness.max_timestamp', null, 1, ways)).rows[0]?.[0] ?? null);
		if (mark === before) return {changed: false};
	}
	const path = join(ways.scratch, 'result.csv');
	await select(source.sql, 'source.sql', path, 0, ways);
	if (freshness === 'checksum') {
		mark = await checksumOf(path);
		if (mark === before) return {changed: false};
	}
	return {changed: true, mark, input: {path, name: `${ways.connector.apiName}.csv`}, notes: []};
}

/** Runs one SELECT of the connector. `to`: a file for all its rows; `rows`: how many of them are answered. */
export async function select(text: string, what: string, to: string | null, rows: number, ways: SqlWays): Promise<Selected> {
	const {connector, vault, tasks, limits, scratch} = ways;
	const file = `connectors/${connector.apiName}/connector.yaml ${what}`;
	const {secrets} = connectorSecrets(vault, connector);
	const folder = join(scratch, 'engine');
	return (await tasks.run({task: 'select', folder, script: {text, file}, to, rows, limits, secrets})) as Selected;
}
