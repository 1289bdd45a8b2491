import {keptTable} from '../../model/sql-text.js';
import type {Variable} from '../../model/variable.js';
import type {KeptColumn} from '../run-tables/columns.js';
import {columnText} from '../run-tables/engine-type.js';
import {fieldValue} from '../run-tables/json-value.js';
import type {ValueShape} from '../run-tables/record-cells.js';
import type {RowsRequest} from './request.js';
import type {Given, VariableCell, VariablesRow} from './shapes.js';
import type {TableShape} from './table-columns.js';

/**
 * How `variables:<scope>` is read: the page's own SELECT, and one of the raw texts of its rows from `sql:<scope>`.
 *
 * @param output the columns of `sql:<scope>`; none where it is not kept
 * @param texts where the rows of `sql:<scope>` stand
 */
export function variablesReading(
	shape: TableShape,
	request: Pick<RowsRequest, 'connector'>,
	output: readonly KeptColumn[],
	kept: readonly KeptColumn[],
	unchanged: boolean,
	texts = keptTable(`sql:${scopeOf(shape)}`),
) {
	const scope = scopeOf(shape);
	const sentences = kept.some(({name}) => name === '__warnings') ? '__warnings' : 'CAST([] AS Array(String))';
	const defined = shape.columns.map(({name}) => definitionOf(request.connector.variables, scope, name));
	const raws = defined.map((variable) =>
		output.find(({name}) => variable !== undefined && 'column' in variable.from && name === variable.from.column),
	);
	const used = raws.flatMap((column) => (column === undefined ? [] : [column]));
	return {
		select: ['__row', '__state', '__reason', '__problems', sentences, ...shape.columns.map(({text}) => text)],
		/** The raw texts of the rows of those numbers; null where the scope has none. */
		rawQuery: (rows: readonly number[]): string | null =>
			used.length === 0 || rows.length === 0
				? null
				: `SELECT __row, ${used.map((column) => columnText(column)).join(', ')} FROM ${texts} WHERE ${among(rows)} ORDER BY __row`,
		/** Which of the rows of those numbers are unchanged, and since which execution. */
		sinceQuery: (rows: readonly number[]): string | null =>
			unchanged && rows.length > 0 ? `SELECT __row, __since FROM ${keptTable(`diff:${scope}`)} WHERE ${among(rows)} ORDER BY __row` : null,
		row: (given: Given, raw: Given | undefined, since: string | undefined): VariablesRow => {
			const [row, state, reason, problems, warnings, ...values] = given;
			const failed = new Set(Array.isArray(problems) ? problems.map(String) : []);
			const told = Array.isArray(warnings) ? warnings.map(String) : [];
			let position = 0;
			const variables = shape.columns.map(({name}, index): [string, VariableCell] => {
				const text = textOrNull(values[index]);
				const rawText = raws[index] === undefined ? literalOf(defined[index]) : textOrNull(raw?.[++position]);
				const cell = {
					raw: rawText,
					value: fieldValue(valueShape(defined[index]), text),
					problem: failed.has(name) ? problemOf(name, told, rawText, defined[index]) : null,
				};
				return [name, cell];
			});
			return {
				row: Number(row),
				state: since !== undefined ? 'unchanged' : state === 'skipped' ? 'skipped' : 'ok',
				reason: since !== undefined ? `unchanged since ${since}` : textOrNull(reason),
				variables: Object.fromEntries(variables),
			};
		},
	};
}

export const scopeOf = ({table}: Pick<TableShape, 'table'>): string => table.slice('variables:'.length);

const textOrNull = (value: unknown) => (value === null || value === undefined ? null : String(value));

/** Numbers that follow one another are a range: a page of the primary key is then read as one. */
function among(rows: readonly number[]): string {
	const first = Math.min(...rows);
	const last = Math.max(...rows);
	return last - first < rows.length ? `__row >= ${first} AND __row <= ${last}` : `__row IN (${rows.join(', ')})`;
}

function definitionOf(variables: readonly Variable[], scope: string, name: string): Variable | undefined {
	return variables.find((variable) => variable.name === name && variable.scope === scope);
}

function literalOf(variable: Variable | undefined): string | null {
	return variable !== undefined && 'value' in variable.from ? variable.from.value : null;
}

function valueShape(variable: Variable | undefined): ValueShape {
	if (variable?.array) return 'list';
	return variable?.type === 'boolean' ? 'boolean' : 'text';
}

/** The row's warning about this variable, without the name that stands beside it; else what can be said without one. */
function problemOf(name: string, warnings: readonly string[], raw: string | null, variable: Variable | undefined): string {
	const opening = `variable "${name}": `;
	const told = warnings.filter((warning) => warning.startsWith(opening)).map((warning) => warning.slice(opening.length));
	return told.length > 0 ? told.join('; ') : `"${raw ?? ''}" could not be read as ${variable?.type ?? 'its type'}`;
}
