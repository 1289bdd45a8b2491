import {SluiceError} from '../../model/errors.js';
import type {ExecutionMode} from '../../model/execution.js';
import {nearest} from '../../model/nearest.js';
import {own} from '../../model/own.js';
import {identifier} from '../../model/sql-text.js';
import {type KeptColumn, theirs} from '../run-tables/columns.js';
import {columnText, type EngineKind, engineKind} from '../run-tables/engine-type.js';
import {fieldCell, fieldNamed, stepOfTable, variableCell} from '../run-tables/record-cells.js';
import {identifierSql, identifiersSql, type Relations} from '../run-tables/related.js';
import type {RowsRequest} from './request.js';

/** A column as people name it: its text in SQL (Nullable(String)), and what sorts it. */
export type NamedColumn = {
	readonly name: string;
	readonly text: string;
	readonly kind: EngineKind;
	readonly column: KeptColumn | null;
	/** The text as it is kept, where people are shown another one: the ids of related records. */
	readonly kept?: string;
};

/** What a table is to a reader: its own columns, then those that tell about the row. */
export type TableShape = {
	readonly table: string;
	readonly columns: readonly NamedColumn[];
	readonly about: readonly NamedColumn[];
	readonly mode: ExecutionMode;
};

const about: Readonly<Record<string, readonly [name: string, text: string, kind: EngineKind][]>> = {
	sql: [],
	variables: [
		['state', '__state', 'text'],
		['reason', '__reason', 'text'],
		['problems', "arrayStringConcat(__problems, ', ')", 'text'],
	],
	load: [
		['outcome', '__outcome', 'text'],
		['reason', '__reason', 'text'],
		['record', '__record', 'text'],
		['record_id', '__record_id', 'text'],
		['rule', '__rule', 'integer'],
		['warnings', "arrayStringConcat(__warnings, '; ')", 'text'],
	],
};

/**
 * Names what can be read, filtered and sorted by.
 *
 * @param kept the table's columns; none: there is no such table
 * @param relations its relationships, which people know by the identifiers of the related records
 * @throws SluiceError `report.no_table`
 */
export function tableShape(
	kept: readonly KeptColumn[],
	request: Pick<RowsRequest, 'table' | 'connector' | 'objects' | 'mode'>,
	relations: Relations | null = null,
): TableShape {
	const {table} = request;
	const family = table.slice(0, Math.max(0, table.indexOf(':')));
	const known = own(about, family);
	if (known === undefined || kept.length === 0)
		throw new SluiceError('report.no_table', `The execution keeps no table "${table}"`, {
			expected: 'sql:<table>, variables:<scope> or load:<n>',
		});
	const kindOf = kindsOf(family, request);
	const every: readonly [string, string, EngineKind][] = [['row', '__row', 'integer'], ['line', '__line', 'integer'], ...known];
	return {
		table,
		mode: request.mode,
		columns: theirs(table, kept).map((column) => {
			const named = {name: column.name, text: columnText(column), kind: kindOf(column), column};
			return relations?.kept && relations.objects.has(column.name) ? byIdentifier(named, relations, request) : named;
		}),
		// The ids that a dry run makes up mean no record, so that nothing may be found by them.
		about: every
			.filter(([name]) => !(name === 'record_id' && request.mode === 'dry'))
			.map(([name, text, kind]) => ({name, text: `CAST(${text} AS Nullable(String))`, kind, column: null})),
	};
}

/** A relationship as the identifiers of its records; those of several stand in one text, as a list reads. */
function byIdentifier(
	column: NamedColumn & {readonly column: KeptColumn},
	relations: Relations,
	request: Pick<RowsRequest, 'table' | 'connector' | 'objects'>,
): NamedColumn {
	const {multiple} = fieldNamed(stepOfTable(request.table, request)?.object, column.name);
	return {...column, text: multiple ? identifiersSql(column.text, relations) : identifierSql(column.text, relations), kept: column.text};
}

function kindsOf(family: string, request: Pick<RowsRequest, 'table' | 'connector' | 'objects'>): (column: KeptColumn) => EngineKind {
	if (family === 'sql') return ({type}) => engineKind(type);
	if (family === 'load') {
		const object = stepOfTable(request.table, request)?.object;
		return ({name}) => fieldCell(fieldNamed(object, name).type);
	}
	const {variables, additionalVariables} = request.connector;
	return ({name}) => variableCell([...variables, ...additionalVariables].find((variable) => variable.name === name)?.type ?? 'string');
}

/** The column of that name, the table's own first. @throws SluiceError `report.no_column` */
export function columnNamed({table, columns, about: more}: TableShape, name: string): NamedColumn {
	const found = columns.find((column) => column.name === name) ?? more.find((column) => column.name === name);
	if (found) return found;
	const names = [...columns, ...more].map((column) => column.name);
	const close = nearest(name, names);
	throw new SluiceError('report.no_column', `${table} has no column "${name}"`, {
		expected: names.slice(0, 50).join(', '),
		cure: close === undefined ? undefined : `Did you mean "${close}"?`,
	});
}

/** SQL that puts a column in the order people expect: numbers by value, lists and text as they read. */
export function sortKey({text, kind, column}: NamedColumn): string {
	if (kind === 'number' || kind === 'integer' || kind === 'float')
		return column && kind !== 'number' ? identifier(column.name) : `toFloat64OrNull(${text})`;
	return text;
}
