import type {RelatedByField} from '../../model/related-record.js';
import type {FieldValue} from '../../model/value.js';
import {engineKind} from '../run-tables/engine-type.js';
import {fieldValue, parsed, sqlValue} from '../run-tables/json-value.js';
import {fieldNamed, shapeOf, stepOfTable, type ValueShape} from '../run-tables/record-cells.js';
import type {RowsRequest} from './request.js';
import type {TableShape} from './table-columns.js';

export type SqlRow = {readonly row: number; readonly values: Readonly<Record<string, unknown>>};

export type VariableCell = {readonly raw: string | null; readonly value: FieldValue | null; readonly problem: string | null};

export type VariablesRow = {
	readonly row: number;
	readonly state: 'ok' | 'skipped' | 'unchanged';
	readonly reason: string | null;
	readonly variables: Readonly<Record<string, VariableCell>>;
};

export type LoadRow = {
	readonly row: number;
	readonly line: number | null;
	readonly outcome: string;
	readonly reason: string | null;
	readonly record_id: string | null;
	readonly record: string | null;
	readonly rule: number | null;
	readonly warnings: readonly string[];
	readonly values: Readonly<Record<string, FieldValue>>;
	readonly changes: Readonly<Record<string, readonly [unknown, unknown]>>;
	/** By relationship: the records that its values and changes name, each once. Absent where the row has none. */
	readonly related?: RelatedByField;
};

export type TableRow = SqlRow | VariablesRow | LoadRow;

/** One row of a query: what each of its expressions gave, in order. */
export type Given = readonly unknown[];

/** How a table is read: the expressions of the SELECT, and what a row of them becomes (SPEC 13). */
export type Reading<Row> = {readonly select: readonly string[]; readonly row: (given: Given) => Row};

const textOrNull = (value: unknown) => (value === null || value === undefined ? null : String(value));
const numberOrNull = (value: unknown) => (value === null || value === undefined ? null : Number(value));

export function sqlReading({columns}: TableShape): Reading<SqlRow> {
	return {
		select: [
			'__row',
			...columns.map(({text, kind, name, column}) =>
				kind === 'list' && column ? `CAST(toJSONString(\`${name.replaceAll('`', '\\`')}\`) AS Nullable(String))` : text,
			),
		],
		row: ([row, ...given]) => ({
			row: Number(row),
			values: Object.fromEntries(
				columns.map(({name, column}, index) => [name, sqlValue(column ? engineKind(column.type) : 'text', textOrNull(given[index]))]),
			),
		}),
	};
}

const aboutLoad = ['__row', '__line', '__outcome', '__reason', '__record_id', '__record', '__rule', '__warnings', '__changes'] as const;

export function loadReading({table, columns}: TableShape, request: Pick<RowsRequest, 'connector' | 'objects' | 'mode'>): Reading<LoadRow> {
	const object = stepOfTable(table, request)?.object;
	const shapes = columns.map(({name}) => ({name, shape: shapeOf(fieldNamed(object, name))}));
	return {
		select: [...aboutLoad, ...columns.map(({text, kept}) => kept ?? text)],
		row: ([row, line, outcome, reason, id, record, rule, warnings, changes, ...given]) => {
			const values = Object.fromEntries(
				shapes.flatMap(({name, shape}, index): [string, FieldValue][] => {
					const value = fieldValue(shape, textOrNull(given[index]));
					return value === null ? [] : [[name, value]];
				}),
			);
			return {
				row: Number(row),
				line: numberOrNull(line),
				outcome: String(outcome),
				reason: textOrNull(reason),
				record_id: request.mode === 'dry' ? null : textOrNull(id),
				record: textOrNull(record),
				// why: a row that no rule decided may be kept with rule 0
				rule: Number(rule ?? 0) === 0 ? null : Number(rule),
				warnings: Array.isArray(warnings) ? warnings.map(String) : [],
				values,
				changes: outcome === 'created' ? created(values) : changed(String(changes ?? ''), shapes),
			};
		},
	};
}

/** A record that comes into being changes every value it has, from nothing. */
function created(values: Readonly<Record<string, FieldValue>>): LoadRow['changes'] {
	return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [null, value]]));
}

function changed(text: string, shapes: readonly {readonly name: string; readonly shape: ValueShape}[]): LoadRow['changes'] {
	if (text === '') return {};
	const kept = parsed(text);
	if (kept === null || typeof kept !== 'object') return {};
	return Object.fromEntries(
		Object.entries(kept).map(([name, pair]) => {
			const shape = shapes.find((one) => one.name === name)?.shape ?? 'text';
			const [before = null, after = null]: readonly unknown[] = Array.isArray(pair) ? pair : [];
			return [name, [typed(shape, before), typed(shape, after)]];
		}),
	);
}

/** why both: the changes are kept as JSON values, but a value may be there as its text, too */
function typed(shape: ValueShape, value: unknown): unknown {
	return typeof value === 'string' && shape !== 'text' ? fieldValue(shape, value) : value;
}
