import {decimalText} from '../../model/decimal-sql.js';
import {literal} from '../../model/sql-text.js';

/** What a ClickHouse type is once `Nullable` and `LowCardinality` are taken off. */
export type ColumnType = {readonly base: string; readonly argument: string};

export function columnType(type: string): ColumnType {
	const inner = /^(?:Nullable|LowCardinality)\((.*)\)$/s.exec(type)?.[1];
	if (inner !== undefined) return columnType(inner);
	const [, base = type, argument = ''] = /^(\w+)\((.*)\)$/s.exec(type) ?? [];
	return {base, argument};
}

const numeric = /^(?:U?Int\d+|B?Float\d+|Decimal\d*)$/;
const temporal = /^Date(?:32|Time|Time64)?$/;

/** Whether a column of this type already holds numbers, so that no separators of a locale are read into their text. */
export function isNumeric({base}: ColumnType): boolean {
	return numeric.test(base);
}

/** Whether a column of this type already holds days or moments, which then are read as ISO whatever the input format. */
export function isTemporal({base}: ColumnType): boolean {
	return temporal.test(base);
}

/**
 * SQL: a value of any ClickHouse type as the text a variable reads, a Nullable(String). NULL stays NULL; numbers keep every digit and
 * have no exponent; decimals keep their scale; days and moments are ISO 8601, moments with the offset of their column's zone.
 *
 * @param timezone in which text without an offset is read
 */
export function rawText(value: string, type: ColumnType, timezone: string): string {
	const text = `CAST(${value} AS Nullable(String))`;
	if (/^B?Float\d+$/.test(type.base)) return withoutExponent(text);
	if (type.base.startsWith('Decimal')) return decimalText(value, type.argument);
	if (type.base === 'DateTime') return moment(value, 0, type, timezone);
	if (type.base === 'DateTime64') return moment(value, Number(type.argument.split(',')[0] ?? '3'), type, timezone);
	return text;
}

/** The last zone that had an offset with seconds: Monrovia, until 7 January 1972. */
const wholeMinutesFrom = "toDateTime64('1972-01-08 00:00:00', 0, 'UTC')";

/**
 * Before 1972 offsets may have seconds, which no offset in text has. The time is then told without an offset where it is one of the zone in
 * which that is read, else in UTC.
 */
function moment(value: string, scale: number, {argument}: ColumnType, timezone: string): string {
	const format = literal(`%Y-%m-%dT%H:%i:%S${scale > 0 ? '.%f' : ''}`);
	const offset = `formatDateTime(${value}, '%z')`;
	const zone = `if(${offset} = '+0000', 'Z', concat(substring(${offset}, 1, 3), ':', substring(${offset}, 4, 2)))`;
	const modern = `concat(formatDateTime(${value}, ${format}), ${zone})`;
	const own = /'(.*)'/.exec(argument)?.[1];
	if (own === 'UTC' || (own === undefined && timezone === 'UTC')) return `CAST(${modern} AS Nullable(String))`;
	const old =
		own === undefined || own === timezone
			? `formatDateTime(${value}, ${format})`
			: `concat(formatDateTime(toTimeZone(${value}, 'UTC'), ${format}), 'Z')`;
	return `CAST(if(${value} < ${wholeMinutesFrom}, ${old}, ${modern}) AS Nullable(String))`;
}

/** `1.5e-7` → `0.00000015`, `1e21` → `1000000000000000000000`. ClickHouse prints exponents from 1e21 up and from 1e-7 down. */
function withoutExponent(text: string): string {
	const part = (index: number) => `splitByChar('e', ifNull(${text}, ''))[${index}]`;
	const digits = `replaceAll(trim(LEADING '-' FROM ${part(1)}), '.', '')`;
	const exponent = `toInt32OrZero(${part(2)})`;
	const size = `if(${exponent} < 0, concat('0.', repeat('0', greatest(0, -${exponent} - 1)), ${digits}),
		concat(${digits}, repeat('0', greatest(0, ${exponent} + 1 - toInt32(length(${digits}))))))`;
	return `if(position(${text}, 'e') > 0, concat(if(startsWith(${text}, '-'), '-', ''), ${size}), ${text})`;
}
