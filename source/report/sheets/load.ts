import type {Connector} from '../../model/connector.js';
import type {ExecutionMode} from '../../model/execution.js';
import type {LoadStep} from '../../model/load-step.js';
import type {ObjectDefinition} from '../../model/object.js';
import type {SqlSession} from '../../model/sql-session.js';
import {identifier, keptTable, literal} from '../../model/sql-text.js';
import {keptColumns, theirs} from '../run-tables/columns.js';
import {fieldCell, fieldNamed, shapeOf, stepOfTable, type ValueShape} from '../run-tables/record-cells.js';
import {identifierSql, identifiersSql, relationsOf, withoutCreated} from '../run-tables/related.js';
import type {SheetColumn} from '../workbook/row-xml.js';
import type {SheetSource} from '../workbook/table-sheet.js';

export type LoadSheetContext = {
	readonly connector: Connector;
	readonly objects: readonly ObjectDefinition[];
	readonly mode: ExecutionMode;
	/** The columns of a scope's SQL output whose text is known to need no care. */
	readonly clean: (scope: string) => ReadonlySet<string>;
};

/** What a list's JSON text reads like in a cell. Text that is no list stays as it is. */
export function listText(text: string): string {
	return `if(startsWith(ifNull(${text}, ''), '['), arrayStringConcat(JSONExtract(assumeNotNull(${text}), 'Array(String)'), ', '), ${text})`;
}

const never = {sql: 'CAST(NULL AS Nullable(String))', filled: 'never'} as const;
const text = (column: string) => `CAST(${column} AS Nullable(String))`;
const shown = (shape: ValueShape, sql: string) => (shape === 'list' ? listText(sql) : sql);

/** `Load <n> <object> (<scope>)`: what became of each row, the mapped values, and the old value of each field that changed (SPEC 12). */
export async function loadSheet(session: SqlSession, table: string, context: LoadSheetContext): Promise<SheetSource> {
	const found = stepOfTable(table, context);
	const fields = theirs(table, await keptColumns(session, table)).map(({name}) => fieldNamed(found?.object, name));
	const {changes, foreign} = await lookAt(session, table, fields);
	const clean = foreign ? new Set() : cleanFields(context, found?.step);
	const relations = await relationsOf(session, table, context);
	const isDry = context.mode === 'dry';
	const names = ({multiple}: {readonly multiple: boolean}, value: string) => {
		if (!relations?.kept) return multiple ? listText(value) : value;
		return multiple ? identifiersSql(value, relations, isDry) : identifierSql(value, relations, isDry);
	};
	/** The ids of existing records. Records to be created have no id that anyone could look up. */
	const ids = ({multiple}: {readonly multiple: boolean}, value: string) => {
		const kept = relations?.kept && isDry ? withoutCreated(value, multiple, relations) : value;
		return multiple ? listText(kept) : kept;
	};
	const identifies = found?.object?.fields.find(({identifier: is}) => is)?.apiName;
	const columns: readonly SheetColumn[] = [
		{header: 'Row', kind: 'number', sql: text('__row'), filled: 'always'},
		{header: 'Line', kind: 'number', sql: text('__line'), safe: true},
		{header: 'Outcome', kind: 'text', sql: text('__outcome'), filled: 'always'},
		{header: 'Reason', kind: 'text', sql: text('__reason')},
		{header: 'Warnings', kind: 'text', sql: text("arrayStringConcat(__warnings, '; ')")},
		{header: 'Record ID', kind: 'text', safe: true, ...(context.mode === 'dry' ? never : {sql: text('__record_id')})},
		{header: 'Record', kind: 'text', sql: text('__record'), safe: clean.has(identifies)},
		{header: 'Rule', kind: 'number', sql: text('__rule'), safe: true},
		...fields.flatMap((field): readonly SheetColumn[] => {
			const value = text(identifier(field.apiName));
			const column: SheetColumn = {
				header: field.apiName,
				kind: fieldCell(field.type),
				sql: shown(shapeOf(field), value),
				canonical: true,
				safe: clean.has(field.apiName) && !field.multiple && fieldCell(field.type) === 'text',
			};
			if (!relations?.objects.has(field.apiName)) return [column];
			return [
				{...column, sql: names(field, value), safe: false},
				{header: `${field.apiName} (id)`, kind: 'text', sql: ids(field, value)},
			];
		}),
		...fields.map((field, index): SheetColumn => {
			const old = changes.paths[index];
			const values =
				old === undefined ? never : {sql: relations?.objects.has(field.apiName) ? names(field, old) : shown(shapeOf(field), old)};
			return {header: `${field.apiName} (old)`, kind: fieldCell(field.type), canonical: true, ...values};
		}),
	];
	const about = found ? `${found.number} ${found.step.object} (${found.step.scope})` : table.slice('load:'.length);
	return {title: `Load ${about}`, table: changes.table, columns};
}

/**
 * The fields that take over one variable, which is read from a column of the SQL output whose text needs no care: what trimming, a normal
 * form or a look-up makes of it needs none either.
 */
function cleanFields({connector, clean}: LoadSheetContext, step: LoadStep | undefined): ReadonlySet<string | undefined> {
	const isClean = (name: string) => {
		const variable = connector.variables.find((candidate) => candidate.name === name && candidate.scope === step?.scope);
		return variable !== undefined && !variable.array && 'column' in variable.from && clean(step?.scope ?? '').has(variable.from.column);
	};
	const fields = step?.mapping.filter(({variables: [only = '', ...others]}) => others.length === 0 && isClean(only)) ?? [];
	return new Set(fields.map(({field}) => field));
}

/**
 * `changes`: the table with `__old`, each row's changes read once; without it where no row has any, as after a first load. `foreign`:
 * whether some row shows what a record held before, rather than what the row itself brought.
 */
async function lookAt(session: SqlSession, table: string, fields: readonly {readonly apiName: string}[]) {
	const kept = keptTable(table);
	const [row] = await session.rows<{changed: string | number; foreign: string | number}>(
		`SELECT countIf(__changes != '') AS changed, countIf(__outcome != 'created' AND (isNotNull(__record_id) OR isNotNull(__record))) AS foreign FROM ${kept}`,
	);
	const foreign = Number(row?.foreign ?? 1) > 0;
	if (Number(row?.changed ?? 0) === 0 || fields.length === 0) return {changes: {table: kept, paths: []}, foreign};
	const type = `Tuple(${fields.map(({apiName}) => `${identifier(apiName)} Array(Nullable(String))`).join(', ')})`;
	return {
		changes: {
			table: `(SELECT *, JSONExtract(__changes, ${literal(type)}) AS __old FROM ${kept})`,
			paths: fields.map((_, index) => `tupleElement(__old, ${index + 1})[1]`),
		},
		foreign,
	};
}
