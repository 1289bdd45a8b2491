import {SluiceError} from '../../../model/errors.js';
import type {SqlSession} from '../../../model/sql-session.js';
import {identifier, literal} from '../../../model/sql-text.js';
import {columnType} from '../../variables/raw-text.js';
import {tokenise} from '../tokens.js';
import {
	type ExactColumn,
	exactColumn,
	isFloating,
	type MysqlColumnKind,
	mayChange,
	named,
	type OutsideColumn,
	type Refused,
	refusalOf,
} from './exact-columns.js';
import {type OutsideCall, outsideCalls} from './outside-calls.js';

/** The columns of a query of MySQL whose kind the engine's types do not tell. */
export type MysqlKindsOf = (secret: string, query: string) => Promise<ReadonlyMap<string, MysqlColumnKind>>;

/** A part of a statement that may name all columns of a table without spelling them. */
const namesAll: ReadonlySet<string> = new Set(['*', 'COLUMNS', 'NATURAL']);

/**
 * The statement with its calls of other databases written so that no value changes on its way (SPEC 5.4): a column of a type that the engine
 * reads wrongly is sent as text, and the statement ends at a value that the type cannot hold. Calls whose columns are all held exactly, or
 * whose columns of such types the statement does not name, stay as they are: the engine hands their WHERE on to the other database.
 *
 * @throws SluiceError `sql.outside_value` for a column that cannot be read so
 */
export async function withExactValues(session: SqlSession, sql: string, mysqlKindsOf: MysqlKindsOf): Promise<string> {
	const calls = outsideCalls(sql);
	if (calls.length === 0) return sql;
	const tokens = tokenise(sql);
	const said = new Set(tokens.map(({value}) => value));
	const all = tokens.some(({text}) => namesAll.has(text.toUpperCase()));
	let [exact, end] = ['', 0];
	for (const call of calls) {
		exact += sql.slice(end, call.start) + (await exactCall(session, call, mysqlKindsOf, (name) => all || said.has(name)));
		end = call.end;
	}
	return exact + sql.slice(end);
}

async function exactCall(
	session: SqlSession,
	call: OutsideCall,
	mysqlKindsOf: MysqlKindsOf,
	isRead: (name: string) => boolean,
): Promise<string> {
	const columns = await session.rows<{name: string; type: string}>(`DESCRIBE TABLE ${call.text}`);
	const query = queryOf(call);
	await refuseNullArrays(
		session,
		call,
		query,
		columns.filter(({name, type}) => columnType(type).base === 'Array' && isRead(name)),
	);
	const rounds = columns.some(({name, type}) => isFloating(type) && isRead(name)) && (await roundsNumbers(session, call));
	const kinds = await kindsOf(
		session,
		call,
		query,
		columns.some(({name}) => isRead(name)),
		mysqlKindsOf,
	);
	const changes = ({name, type}: {readonly name: string; readonly type: string}): boolean =>
		mayChange(type) || (rounds && isFloating(type)) || (kinds.get(name) ?? 'instant') !== 'instant';
	if (!columns.some((column) => changes(column) && isRead(column.name))) return call.text;
	if (query === undefined) {
		const [name = ''] = columns.filter(changes).map((column) => column.name);
		throw new SluiceError('sql.outside_value', refusalOf(call.database, name, 'the call names neither table nor query'));
	}
	const instants = await instantsOf(session, call, query, columns, kinds);
	const read = (sent: string) => `${call.database}(${identifier(call.secret)}, query = ${literal(sent)})`;
	const quote = call.database === 'postgresql' ? quotedTwice : quotedBack;
	const there: string[] = [];
	const here: string[] = [];
	for (const [at, column] of columns.entries()) {
		const exact = changes(column)
			? exactColumn(call.database, {...column, instant: instants(column.name), kind: kinds.get(column.name)})
			: null;
		if (exact === null) {
			there.push(quote(column.name));
			here.push(identifier(column.name));
			continue;
		}
		const {there: sent, here: made} = orRefusing(exact, call, column);
		there.push(`${sent} AS ${quote(`sluice_text_${at}`)}`);
		here.push(named(made(identifier(`sluice_text_${at}`)), column.name));
	}
	return `view(SELECT ${here.join(', ')} FROM ${read(`SELECT ${there.join(', ')} FROM (${query}) AS sluice_rows`)})`;
}

/** A column that cannot be read ends the statement only where it is read. */
function orRefusing(exact: ExactColumn | Refused, {database}: OutsideCall, {name}: Pick<OutsideColumn, 'name'>): ExactColumn {
	if (!('refused' in exact)) return exact;
	const message = literal(refusalOf(database, name, exact.refused, exact.cure));
	return {there: "''", here: (text) => `if(throwIf(1 OR ${text} IS NULL, ${message}) = 0, ${text}, NULL)`};
}

function queryOf({database, given}: OutsideCall): string | undefined {
	const [query, table, schema] = ['query', 'table', 'schema'].map((key) => given.get(key));
	if (query !== undefined) return query;
	if (table === undefined) return undefined;
	if (database === 'mysql') return `SELECT * FROM ${quotedBack(table)}`;
	return `SELECT * FROM ${schema === undefined || schema === '' ? '' : `${quotedTwice(schema)}.`}${quotedTwice(table)}`;
}

/**
 * Whether numbers are rounded on their way: the engine reads those of MySQL so, and PostgreSQL prints fewer digits than there are by the role's
 * setting, or by default before its version 12.
 */
async function roundsNumbers(session: SqlSession, call: OutsideCall): Promise<boolean> {
	if (call.database !== 'postgresql') return true;
	const rounds = "current_setting('server_version_num')::int < 120000 AND n < 3 OR n < 1";
	const row = await rowOf(
		session,
		call,
		`SELECT (${rounds})::int AS rounds FROM (SELECT current_setting('extra_float_digits')::int AS n) AS s`,
	);
	return Number(row.rounds) === 1;
}

/** The one row of a query that the other database is asked beforehand. */
async function rowOf(session: SqlSession, call: OutsideCall, query: string): Promise<Readonly<Record<string, unknown>>> {
	const [row] = await session.rows(`SELECT * FROM ${call.database}(${identifier(call.secret)}, query = ${literal(query)})`);
	return row ?? {};
}

/**
 * The engine makes an empty array of one that is NULL. Which rows hold one is asked beforehand: sent as the result of a query, an empty array
 * in the first row would be refused too.
 *
 * @throws SluiceError `sql.outside_value`
 */
async function refuseNullArrays(
	session: SqlSession,
	call: OutsideCall,
	query: string | undefined,
	arrays: readonly {readonly name: string}[],
): Promise<void> {
	if (arrays.length === 0 || query === undefined) return;
	const found = arrays.map(({name}, at) => `(coalesce(bool_or(${quotedTwice(name)} IS NULL), false))::int AS n${at}`);
	const row = await rowOf(session, call, `SELECT ${found.join(', ')} FROM (${query}) AS sluice_rows`);
	const column = arrays.find((_, at) => Number(row[`n${at}`]) === 1);
	if (column) throw new SluiceError('sql.outside_value', refusalOf(call.database, column.name, 'it is NULL, which no array is here'));
}

type Instants = (name: string) => boolean | null;

/** Which of the columns hold instants. The engine's types do not tell. */
async function instantsOf(
	session: SqlSession,
	call: OutsideCall,
	query: string,
	columns: readonly {readonly name: string; readonly type: string}[],
	kinds: ReadonlyMap<string, MysqlColumnKind>,
): Promise<Instants> {
	const moments = columns.filter(({type}) => columnType(type).base.startsWith('DateTime')).map(({name}) => name);
	if (moments.length === 0) return () => false;
	if (call.database === 'postgresql') {
		const types = moments.map((name, at) => `pg_typeof(r.${quotedTwice(name)})::text AS t${at}`);
		// A row without values has types all the same, and none of the query's own rows is asked for.
		const row = await rowOf(
			session,
			call,
			`SELECT ${types.join(', ')} FROM (SELECT 1) AS o LEFT JOIN (SELECT * FROM (${query}) AS i LIMIT 0) AS r ON true`,
		);
		const typeOf = new Map(moments.map((name, at) => [name, row[`t${at}`]]));
		return (name) => {
			const type = typeOf.get(name);
			return type === 'timestamp with time zone' ? true : type === 'timestamp without time zone' ? false : null;
		};
	}
	return (name) => kinds.get(name) === 'instant';
}

/** What the engine's types do not tell of the columns of a call of MySQL. */
async function kindsOf(
	session: SqlSession,
	call: OutsideCall,
	query: string | undefined,
	isNeeded: boolean,
	mysqlKindsOf: MysqlKindsOf,
): Promise<ReadonlyMap<string, MysqlColumnKind>> {
	if (call.database === 'postgresql' || query === undefined || !isNeeded) return new Map();
	const table = call.given.get('query') === undefined ? call.given.get('table') : undefined;
	if (table === undefined) return await mysqlKindsOf(call.secret, query);
	const kind =
		"CASE WHEN DATA_TYPE = 'timestamp' THEN 'instant' WHEN COLUMN_TYPE LIKE '%zerofill%' THEN 'zerofill' WHEN DATA_TYPE LIKE '%blob' OR DATA_TYPE LIKE '%binary' THEN 'bytes' ELSE 'geometry' END";
	const told =
		"DATA_TYPE IN ('timestamp', 'geometry', 'point', 'linestring', 'polygon', 'multipoint', 'multilinestring', 'multipolygon', 'geometrycollection', 'geomcollection') OR DATA_TYPE LIKE '%blob' OR DATA_TYPE LIKE '%binary' OR COLUMN_TYPE LIKE '%zerofill%'";
	const sent = `SELECT COLUMN_NAME AS name, ${kind} AS kind FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ${literal(table)} AND (${told})`;
	const rows = await session.rows<{name: string; kind: MysqlColumnKind}>(
		`SELECT * FROM mysql(${identifier(call.secret)}, query = ${literal(sent)})`,
	);
	return new Map(rows.map(({name, kind: is}) => [name, is]));
}

function quotedTwice(name: string): string {
	return `"${name.replaceAll('"', '""')}"`;
}

function quotedBack(name: string): string {
	return `\`${name.replaceAll('`', '``')}\``;
}
