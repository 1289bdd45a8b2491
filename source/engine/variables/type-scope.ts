import {SluiceError} from '../../model/errors.js';
import {nearest} from '../../model/nearest.js';
import type {SqlSession} from '../../model/sql-session.js';
import {itemNotesTable, keptTable, rowNotesTable, scopeNotesTable, writtenOnce} from '../../model/sql-text.js';
import {compileScope, layerSettings} from './compile-variables.js';
import {dropLookup, fillLookup} from './lookup.js';
import {planScope} from './plan-variables.js';
import type {ScopeColumn, ScopeRequest} from './request.js';

/** The engine parses 262,144 bytes unless told otherwise; hundreds of variables need more. */
const longStatement = 100_000;

/** How the rows of a scope came out. `ok` + `skipped` = `rows`; `problems` rows have a failed conversion, `warned` any warning. */
export type TypedScope = {
	readonly rows: number;
	readonly ok: number;
	readonly skipped: number;
	readonly problems: number;
	readonly warned: number;
};

/**
 * Types one scope: `` run.`sql:<scope>` `` becomes `` run.`variables:<scope>` ``, row by row, in one statement (SPEC 6).
 * May be called again: what an interrupted call left is replaced.
 *
 * @throws SluiceError `variables.missing_scope`, `variables.missing_column` (naming all of them), `variables.unknown_source`,
 * `variables.circle`, `variables.unknown_timezone`, `sql.*`
 */
export async function typeScope(session: SqlSession, request: ScopeRequest): Promise<TypedScope> {
	const tables = await runTables(session);
	const columns = await columnsOf(session, request.scope, tables);
	refuseMissing(request, columns);
	const plan = planScope(request, columns);
	const notes = notesOf(request.scope, columns, tables);
	const {lookups, select} = compileScope(plan, notes);
	const table = keptTable(`variables:${request.scope}`);
	if (select.length > longStatement) await session.execute(`SET max_query_size = ${2 * longStatement + 4 * select.length}`);
	for (const lookup of lookups) await fillLookup(session, lookup, plan.zone, request.locale);
	await session.execute(`DROP TABLE IF EXISTS ${table} SYNC`);
	await session.execute(`CREATE TABLE ${table} ${writtenOnce('__row')} AS\n${select}\nSETTINGS ${layerSettings}`);
	for (const lookup of lookups) await dropLookup(session, lookup);
	return countRows(session, table);
}

/** The warnings of intake for the rows of a scope. */
function notesOf(scope: string, columns: readonly ScopeColumn[], tables: readonly string[]): {table: string; byItem: boolean} | null {
	const hasItem = columns.some(({name, type}) => name === '_item' && /^(Nullable\()?UInt\d+\)?$/.test(type));
	if (hasItem && tables.includes(itemNotesTable)) return {table: itemNotesTable, byItem: true};
	const table = [rowNotesTable, scopeNotesTable(scope)].find((name) => tables.includes(name));
	return table === undefined ? null : {table, byItem: false};
}

/** The columns of a scope's SQL output with their types, ours (`__row`, `__line`) left out. @throws SluiceError `variables.missing_scope` */
export async function scopeColumns(session: SqlSession, scope: string): Promise<readonly ScopeColumn[]> {
	return columnsOf(session, scope, await runTables(session));
}

async function runTables(session: SqlSession): Promise<readonly string[]> {
	return (await session.rows<{name: string}>('SHOW TABLES FROM run')).map(({name}) => name);
}

async function columnsOf(session: SqlSession, scope: string, tables: readonly string[]): Promise<readonly ScopeColumn[]> {
	if (!tables.includes(`sql:${scope}`)) throw missingScope(scope, tables);
	const columns = await session.rows<ScopeColumn>(`DESCRIBE TABLE ${keptTable(`sql:${scope}`)}`);
	return columns.filter(({name}) => name !== '__row' && name !== '__line').map(({name, type}) => ({name, type}));
}

function missingScope(scope: string, tables: readonly string[]): SluiceError {
	const scopes = tables.filter((name) => name.startsWith('sql:')).map((name) => name.slice('sql:'.length));
	const meant = nearest(scope, scopes);
	return new SluiceError('variables.missing_scope', `The SQL left no output table "${scope}"`, {
		where: `variables, scope ${scope}`,
		expected: scopes.length > 0 ? `one of ${scopes.join(', ')}` : undefined,
		cure: meant === undefined ? undefined : `Did you mean "${meant}"?`,
	});
}

function refuseMissing({scope, connector}: ScopeRequest, columns: readonly ScopeColumn[]): void {
	const known = columns.map(({name}) => name);
	const named = connector.variables.flatMap((variable) =>
		variable.scope === scope && 'column' in variable.from ? [variable.from.column] : [],
	);
	const missing = [...new Set(named)].filter((column) => !known.includes(column));
	if (missing.length === 0) return;
	const list = missing.map((column) => {
		const meant = nearest(column, known);
		return meant === undefined ? `"${column}"` : `"${column}" (nearest: "${meant}")`;
	});
	throw new SluiceError('variables.missing_column', `Output table "${scope}" lacks columns that variables name: ${list.join(', ')}`, {
		where: `variables, scope ${scope}`,
		expected: `columns ${known.join(', ')}`,
	});
}

async function countRows(session: SqlSession, table: string): Promise<TypedScope> {
	const [counted] = await session.rows<Record<'rows' | 'ok' | 'problems' | 'warned', string | number>>(
		`SELECT count() AS rows, countIf(__state = 'ok') AS ok, countIf(notEmpty(__problems)) AS problems, countIf(notEmpty(__warnings)) AS warned\nFROM ${table}`,
	);
	const [rows = 0, ok = 0] = [Number(counted?.rows ?? 0), Number(counted?.ok ?? 0)];
	return {rows, ok, skipped: rows - ok, problems: Number(counted?.problems ?? 0), warned: Number(counted?.warned ?? 0)};
}
