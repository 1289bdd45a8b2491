import {decimalText, isReferenceDecimal} from '../../model/decimal-sql.js';
import {identifier} from '../../model/sql-text.js';
import type {CellKind} from '../workbook/cell-sql.js';
import type {KeptColumn} from './columns.js';

/** What a value of a column is to people: its cell in a sheet, its member in JSON. */
export type EngineKind = CellKind | 'integer' | 'list';

function withoutWrapper(type: string): string {
	const inner = /^(?:Nullable|LowCardinality)\((.*)\)$/s.exec(type)?.[1];
	return inner === undefined ? type : withoutWrapper(inner);
}

export function engineKind(type: string): EngineKind {
	const base = withoutWrapper(type);
	if (/^U?Int\d+$/.test(base)) return 'integer';
	if (/^Decimal/.test(base)) return 'number';
	if (/^B?Float\d+$/.test(base)) return 'float';
	if (base === 'Bool') return 'boolean';
	if (base === 'Date' || base === 'Date32') return 'date';
	if (/^DateTime/.test(base)) return 'datetime';
	return base.startsWith('Array(') ? 'list' : 'text';
}

export function cellKindOf(type: string): CellKind {
	const kind = engineKind(type);
	if (kind === 'integer') return 'number';
	return kind === 'list' ? 'text' : kind;
}

/** Whether a column has decimals of reference data, whose type has more digits after the point than their values. */
export function isLongDecimal(type: string): boolean {
	const base = withoutWrapper(type);
	return base.startsWith('Decimal(') && isReferenceDecimal(base.slice('Decimal('.length, -1));
}

/** SQL: the column's value as text people read, Nullable(String): decimals keep their scale, moments are ISO 8601 in the column's zone. */
export function columnText({name, type}: KeptColumn, from = ''): string {
	const column = from === '' ? identifier(name) : `${from}.${identifier(name)}`;
	const base = withoutWrapper(type);
	// why as it is: the engine plans a table of thousands of columns by the square of its expressions
	if (type === 'Nullable(String)') return column;
	if (base === 'String') return `CAST(${column} AS Nullable(String))`;
	if (base.startsWith('Decimal')) return decimalText(column, base.slice('Decimal('.length, -1));
	const text = /^(Array|Map|Tuple|Nested|JSON|Object|Variant|Dynamic)/.test(base)
		? `toString(${column})`
		: `CAST(${column} AS Nullable(String))`;
	return base.startsWith('DateTime') ? `replaceOne(${text}, ' ', 'T')` : text;
}
