import {allowedEngines} from './guard/verdicts/table-engines.js';

/** A named collection as the engine's configuration wants it: the secret's keys and values, all text. */
export type Collection = {readonly name: string; readonly entries: readonly (readonly [key: string, value: string])[]};

export type SqlLimits = {
	readonly memoryBytes: number;
	readonly timeSeconds: number;
	readonly rows: number;
	readonly threads: number;
	readonly diskBytes: number;
};

/** Bytes as people read them in a message about a limit. */
export function inMegabytes(bytes: number): string {
	return (bytes / 1_000_000).toLocaleString('en-GB');
}

/** What a restricted session may do. The daemon's secrets pass through here on their way to the engine and are never stored. */
export type AccessConfiguration = {readonly limits: SqlLimits; readonly collections: readonly Collection[]};

export const readableDatabases = ['input', 'kizen', 'records', 'meta', 'connector', 'output'] as const;
export const writableDatabases = ['connector', 'output'] as const;

/** Where outputs are copied to within the restricted session; the guard hides it from SQL. See keep-outputs.ts. */
export const keptDatabase = 'kept';

/** Keys of a collection that a call may give itself; all others keep the secret's value (a call could send its credentials elsewhere). */
export const overridableKeys = ['table', 'query', 'schema', 'format', 'structure'] as const;

/** What the engine holds for itself, besides statements and tables: 64 MB were too few on some machines. A lone statement then meets its own, plainer limit first. */
const engineBytes = 160_000_000;

/** How often the engine asks an S3 server again that fails. Its own 500 times would take longer than any statement may. */
const s3Retries = 3;

const xmlEscapes: Readonly<Record<string, string>> = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;'};

function xml(text: string): string {
	return text.replace(/[&<>"']/g, (character) => xmlEscapes[character] ?? character);
}

function grants(collections: readonly Collection[]): readonly string[] {
	const write = 'SELECT, INSERT, CREATE TABLE, CREATE VIEW, DROP TABLE, DROP VIEW, ALTER, TRUNCATE, OPTIMIZE';
	return [
		...readableDatabases.map((database) => `GRANT SELECT ON ${database}.*`),
		...writableDatabases.map((database) => `GRANT ${write} ON ${database}.*`),
		`GRANT ${write} ON ${keptDatabase}.*`,
		'GRANT CREATE TEMPORARY TABLE ON *.*',
		...allowedEngines.map((engine) => `GRANT TABLE ENGINE ON ${engine}`),
		...collections.map(({name}) => `GRANT NAMED COLLECTION ON ${name}`),
		...(collections.length === 0 ? [] : ['POSTGRES', 'MYSQL', 'S3', 'URL'].map((source) => `GRANT READ ON ${source}`)),
	];
}

/** A limit that a statement may lower. Zero would be none. */
function atMost(limit: number): string {
	return `<min>1</min><max>${limit}</max>`;
}

/**
 * The `users.xml` of a restricted session: grants, and limits that no statement can lift.
 * They are ranges rather than constants: a statement may lower its own, and each gets what is left of the script's time.
 * Values in rows of text are not read as expressions: an answer of a server would be run as SQL.
 */
export function usersXml({limits, collections}: AccessConfiguration): string {
	const settings: readonly (readonly [name: string, value: string | number, constraint: string])[] = [
		['max_memory_usage', limits.memoryBytes, atMost(limits.memoryBytes)],
		['max_rows_to_read', limits.rows, atMost(limits.rows)],
		['max_execution_time', limits.timeSeconds, atMost(limits.timeSeconds)],
		['max_threads', limits.threads, atMost(limits.threads)],
		['max_bytes_before_external_group_by', Math.floor(limits.memoryBytes * 0.4), ''],
		['max_bytes_before_external_sort', Math.floor(limits.memoryBytes * 0.4), ''],
		['max_query_size', 16_777_216, '<const/>'],
		['http_max_tries', 1, '<const/>'],
		['max_http_get_redirects', 0, '<const/>'],
		['http_connection_timeout', 10, '<const/>'],
		['s3_max_redirects', 0, '<const/>'],
		['s3_max_single_read_retries', 2, '<const/>'],
		['s3_connect_timeout_ms', 5000, '<const/>'],
		['s3_request_timeout_ms', 30000, '<const/>'],
		['allow_ddl', 1, '<const/>'],
		['allow_introspection_functions', 0, '<const/>'],
		['input_format_values_interpret_expressions', 0, ''],
		['input_format_values_deduce_templates_of_expressions', 0, '<const/>'],
	];
	const constraints = settings.filter(([, , constraint]) => constraint !== '');
	return [
		'<clickhouse><users><default><password></password><networks><ip>::/0</ip></networks><profile>default</profile><quota>default</quota>',
		'<grants>',
		...grants(collections).map((grant) => `<query>${xml(grant)}</query>`),
		'</grants></default></users><profiles><default>',
		...settings.map(([name, value]) => `<${name}>${value}</${name}>`),
		'<constraints>',
		...constraints.map(([name, , constraint]) => `<${name}>${constraint}</${name}>`),
		'</constraints></default></profiles><quotas><default/></quotas></clickhouse>',
	].join('\n');
}

/**
 * The engine's configuration file: where the users are, the named collections, and what the whole engine may hold in memory. The limit of a
 * statement does not count what tables in memory hold.
 */
export function serverXml(usersFile: string, {limits, collections}: AccessConfiguration): string {
	const free: readonly string[] = overridableKeys;
	const entry = ([key, value]: readonly [string, string]) =>
		`<${key} overridable="${free.includes(key) ? 'true' : 'false'}">${xml(value)}</${key}>`;
	return [
		`<clickhouse><max_server_memory_usage>${limits.memoryBytes + engineBytes}</max_server_memory_usage>`,
		'<access_control_improvements>',
		'<select_from_system_db_requires_grant>true</select_from_system_db_requires_grant>',
		'<select_from_information_schema_requires_grant>true</select_from_information_schema_requires_grant>',
		`</access_control_improvements><user_directories><users_xml><path>${xml(usersFile)}</path></users_xml></user_directories>`,
		`<s3_retry_attempts>${s3Retries}</s3_retry_attempts><s3_max_redirects>0</s3_max_redirects>`,
		'<named_collections>',
		...collections.map(({name, entries}) => `<${name}>${entries.map(entry).join('')}</${name}>`),
		'</named_collections></clickhouse>',
	].join('\n');
}
