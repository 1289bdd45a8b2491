import type {SqlSession} from '../../model/sql-session.js';
import {identifier} from '../../model/sql-text.js';
import {innerType, isNested} from './column-types.js';
import {type ExportColumn, exportText, rowsAlias} from './columns.js';

/** The most digits that readers of Parquet agree on in a decimal. */
const mostDigits = 38;

type Typed = 'decimal' | 'date' | 'datetime';

/**
 * SQL: the columns as they go into a Parquet file. Numbers, days and moments that are kept as text become values of their own kind where
 * every one of the column fits it, and stay text otherwise, so that none is lost or changed.
 */
export async function parquetValues(session: SqlSession, table: string, columns: readonly ExportColumn[]): Promise<readonly string[]> {
	const typed = columns.map((column) => ({column, kind: typedKind(column)}));
	const looked = typed.flatMap(({column, kind}) => (kind === null ? [] : [fits(exportText(column), kind)]));
	const [found] =
		looked.length === 0
			? []
			: await session.rows<{fits: readonly (readonly (string | number)[])[]}>(
					`SELECT [${looked.join(', ')}] AS fits FROM ${table} AS ${rowsAlias}`,
				);
	const answers = (found?.fits ?? []).map((pair) => pair.map(Number));
	return typed.map(({column, kind}) => {
		if (kind === null) return plainValue(column);
		const [first = 0, second = 0] = answers.shift() ?? [];
		return typedValue(exportText(column), kind, first, second);
	});
}

function typedKind({type, field}: ExportColumn): Typed | null {
	if (/^Decimal/.test(innerType(type))) return 'decimal';
	if (!field || field.multiple) return null;
	if (field.type === 'date' || field.type === 'datetime') return field.type;
	return ['decimal', 'money', 'rating'].includes(field.type) ? 'decimal' : null;
}

/** Two numbers a column: for decimals the digits before and after the point, for days and moments how many lie where the engine has none. */
function fits(text: string, kind: Typed): string {
	const value = `ifNull(${text}, '')`;
	if (kind !== 'decimal') return `[toUInt64(countIf(${value} != '' AND (${value} < '1900' OR ${value} >= '2299'))), 0]`;
	const part = (number: number) => `toUInt64(max(length(splitByChar('.', replaceOne(${value}, '-', ''))[${number}])))`;
	return `[${part(1)}, ${part(2)}]`;
}

function typedValue(text: string, kind: Typed, first: number, second: number): string {
	if (kind === 'decimal') return first + second <= mostDigits ? `toDecimal128OrNull(${text}, ${second})` : text;
	if (first > 0) return text;
	return kind === 'date' ? `toDate32OrNull(${text})` : `parseDateTime64BestEffortOrNull(${text}, 3, 'UTC')`;
}

function plainValue(column: ExportColumn): string {
	const type = innerType(column.type);
	const kept =
		/^(U?Int(8|16|32|64)|Float(32|64)|Bool|Date|Date32|DateTime)/.test(type) || (isNested(type) && /^(Array|Map|Tuple)/.test(type));
	return kept ? `${rowsAlias}.${identifier(column.name)}` : exportText(column);
}
