import type {ScopeRequest} from '../../source/engine/variables/request.js';
import type {SqlSession} from '../../source/model/sql-session.js';
import {identifier, keptTable} from '../../source/model/sql-text.js';
import type {AdditionalVariable, Variable} from '../../source/model/variable.js';

/** A variable that reads the column of its own name, with the defaults of a connector file. */
export function variable(name: string, given: Partial<Variable> = {}): Variable {
	return {
		name,
		scope: 'input',
		from: {column: name},
		type: 'string',
		array: false,
		delimiter: ',',
		required: false,
		inputFormat: null,
		outputFormat: null,
		decimalComma: false,
		...given,
	};
}

export function request(
	variables: readonly Variable[],
	additionalVariables: readonly AdditionalVariable[] = [],
	timezone = 'UTC',
): ScopeRequest {
	return {
		scope: 'input',
		connector: {variables, additionalVariables, sqlParameters: {region: 'EU'}},
		locale: {timezone, defaultCountry: 'FR'},
		execution: {id: '0198-run', startedAt: '2026-11-20T23:30:00.000Z', startedBy: 'ann', inputFile: 'people.csv'},
	};
}

/** Leaves an output table of text columns behind, as the SQL stage does: rows count from 1, `__line` from 2. */
export async function outputTable(
	session: SqlSession,
	columns: Readonly<Record<string, readonly (string | null)[]>>,
	scope = 'input',
): Promise<void> {
	const names = Object.keys(columns);
	const table = keptTable(`sql:${scope}`);
	const rows = Math.max(...Object.values(columns).map((values) => values.length));
	await session.execute(`DROP TABLE IF EXISTS ${table} SYNC`);
	await session.execute(
		`CREATE TABLE ${table} (__row UInt64, __line Nullable(UInt64), ${names.map((name) => `${identifier(name)} Nullable(String)`).join(', ')}) ENGINE = MergeTree ORDER BY __row`,
	);
	const numbers = Array.from({length: rows}, (_, row) => row + 1);
	await session.insert(table, ['__row', '__line', ...names], [numbers, numbers.map((row) => row + 1), ...Object.values(columns)]);
}

/** Leaves an output table behind whose columns have types of their own: `SELECT` expressions by column name. */
export async function typedOutputTable(session: SqlSession, select: string): Promise<void> {
	const table = keptTable('sql:input');
	await session.execute(`DROP TABLE IF EXISTS ${table} SYNC`);
	await session.execute(
		`CREATE TABLE ${table} ENGINE = MergeTree ORDER BY __row AS SELECT toUInt64(rowNumberInAllBlocks() + 1) AS __row, CAST(NULL AS Nullable(UInt64)) AS __line, * FROM (${select})`,
	);
}

/** The typed rows of a scope, in order. */
export async function typedRows(session: SqlSession, columns = '*', scope = 'input'): Promise<readonly Record<string, unknown>[]> {
	return session.rows(`SELECT ${columns} FROM ${keptTable(`variables:${scope}`)} ORDER BY __row`);
}
