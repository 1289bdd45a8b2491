import {join} from 'node:path';
import type {Selected} from '../../engine/protocol.js';
import {unsetOf} from '../../engine/sql/collections.js';
import type {Connector, Source} from '../../model/connector.js';
import {SluiceError} from '../../model/errors.js';
import type {Limits} from '../../model/limits.js';
import type {ShortTasks} from '../dispatch/short-tasks.js';
import {connectorSecrets, flatten} from '../secrets/connector-secrets.js';
import type {Vault} from '../secrets/vault.js';
import {checksumOf} from './fingerprints.js';
import type {Look} from './types.js';

export type SqlSource = Extract<Source, {sql: string}>;
export type DatabaseSource = Extract<Source, {database: string}>;
export type QuerySource = SqlSource | DatabaseSource;

export type SqlWays = {
	readonly connector: Pick<Connector, 'apiName' | 'secrets'>;
	readonly vault: Vault;
	readonly tasks: ShortTasks;
	readonly limits: Limits;
	/** The workspace's. */
	readonly timezone: string;
	/** A folder for the result, and for the engine. */
	readonly scratch: string;
	/** Ends the query. */
	readonly stopping: AbortSignal;
};

/**
 * Runs the query of a source: that of a sql source in an engine of its own with the walls of any user's SQL, that of a database by its own
 * driver. First the one that tells the newest row, where there is one (SPEC 11).
 *
 * @param before what was remembered when it was last taken; null: it is taken whatever it holds
 * @throws SluiceError `sql.*`, `source.*`
 */
export async function fetchRows(source: QuerySource, before: string | null, ways: SqlWays): Promise<Look> {
	const {freshness} = source;
	const newest = freshness !== null && typeof freshness === 'object' && 'maxTimestamp' in freshness ? freshness.maxTimestamp : null;
	let mark: string | null = null;
	if (newest !== null) {
		mark = JSON.stringify((await select(source, 'max_timestamp', null, 1, ways)).rows[0]?.[0] ?? null);
		if (mark === before) return {changed: false};
	}
	const path = join(ways.scratch, 'result.csv');
	await select(source, 'rows', path, 0, ways);
	if (freshness === 'checksum') {
		mark = await checksumOf(path);
		if (mark === before) return {changed: false};
	}
	return {changed: true, mark, input: {path, name: `${ways.connector.apiName}.csv`}, notes: []};
}

/** Runs the query of a source, or that of its freshness. `to`: a file for all its rows; `rows`: how many of them are answered. */
export async function select(
	source: QuerySource,
	which: 'rows' | 'max_timestamp',
	to: string | null,
	rows: number,
	ways: SqlWays,
): Promise<Selected> {
	const {connector, vault, tasks, limits, timezone, scratch, stopping} = ways;
	const {freshness} = source;
	const newest = freshness !== null && typeof freshness === 'object' && 'maxTimestamp' in freshness ? freshness.maxTimestamp : '';
	if ('database' in source) {
		const query = which === 'rows' ? source.query : newest;
		const asked = {kind: source.database, query, secretName: source.secret, secret: databaseSecret(source.secret, vault)};
		return (await tasks.run({task: 'fetch', asked, to, rows, limits}, stopping)) as Selected;
	}
	const text = which === 'rows' ? source.sql : newest;
	const file = `connectors/${connector.apiName}/connector.yaml ${which === 'rows' ? 'source.sql' : 'source.freshness.max_timestamp'}`;
	const {secrets} = connectorSecrets(vault, connector);
	const folder = join(scratch, 'engine');
	const unset = unsetOf(connector, secrets);
	return (await tasks.run(
		{task: 'select', folder, script: {text, file}, to, rows, limits, timezone, secrets, unset},
		stopping,
	)) as Selected;
}

function databaseSecret(name: string, vault: Vault): Readonly<Record<string, string>> {
	const text = vault.read(name);
	if (text !== null) return flatten(text);
	throw new SluiceError('secret.missing', `The secret "${name}" is not set`, {cure: `Set it with \`sluice secret set ${name}\`.`});
}
