import type {Field} from '../../model/object.js';
import {identifier} from '../../model/sql-text.js';
import type {KeptColumn} from '../../report/run-tables/columns.js';
import {cellKindOf, columnText, engineKind} from '../../report/run-tables/engine-type.js';
import {fieldCell} from '../../report/run-tables/record-cells.js';
import type {CellKind} from '../../report/workbook/cell-sql.js';
import {innerType, isNested, momentText} from './column-types.js';

/** A column of an export: as it is kept, and the object's field that it is; null in the result of SQL. */
export type ExportColumn = KeptColumn & {readonly field: Field | null};

/** The alias under which the kept table stands in every statement. */
export const rowsAlias = 't';

/** SQL: the column's value as text, Nullable(String): days and moments in ISO 8601, lists and what else is nested as JSON, blank lists NULL. */
export function exportText(column: KeptColumn): string {
	const value = `${rowsAlias}.${identifier(column.name)}`;
	const type = innerType(column.type);
	if (type.startsWith('Array(')) return `if(empty(${value}), NULL, CAST(toJSONString(${value}) AS Nullable(String)))`;
	if (isNested(type)) return `CAST(toJSONString(${value}) AS Nullable(String))`;
	if (type.startsWith('DateTime')) return momentText(value);
	return columnText(column, rowsAlias);
}

/** SQL: the column as it goes into a CSV: whole numbers, floats and booleans as they are, all else as text, which is quoted. */
export function csvValue(column: ExportColumn, decimal: '.' | ','): string {
	const value = isPlain(column.type) ? `${rowsAlias}.${identifier(column.name)}` : exportText(column);
	if (decimal === '.' || !hasFraction(column)) return value;
	return `replaceOne(CAST(${value} AS Nullable(String)), '.', ',')`;
}

function hasFraction({type, field}: ExportColumn): boolean {
	if (engineKind(type) === 'float' || innerType(type).startsWith('Decimal')) return true;
	return field !== null && !field.multiple && ['decimal', 'money', 'rating'].includes(field.type);
}

/** SQL: the column as it goes into a line of JSON: the same, and lists and objects as such; blank is null. */
export function jsonValue(column: KeptColumn): string {
	const value = `${rowsAlias}.${identifier(column.name)}`;
	return isPlain(column.type) || isNested(innerType(column.type)) ? value : exportText(column);
}

/** What a cell of the column is in a sheet: for fields by the field's type, since days and decimals are kept as text. */
export function exportCell({type, field}: ExportColumn): CellKind {
	if (!field) return cellKindOf(type);
	return field.multiple ? 'text' : fieldCell(field.type);
}

function isPlain(type: string): boolean {
	return ['integer', 'float', 'boolean'].includes(engineKind(type));
}
