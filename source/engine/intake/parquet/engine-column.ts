import {identifier} from '../../../model/sql-text.js';
import {unreachable} from '../../../model/unreachable.js';
import type {Digits} from './leaf-type.js';
import type {SchemaLeaf, SchemaNode} from './schema.js';

/** A column as the engine reads it from a Parquet file: the type that it is asked for, and the SQL that makes text of it. */
export type EngineColumn = {readonly name: string; readonly type: string; readonly text: string};

/** The table that the columns are read from. Names are qualified by it, so that they never mean a column of the result. */
export const parquetSource = 'parquet';

/** Names that the engine gives to something of a file's. */
const engineNames = /^_(path|file|size|time|etag|tags|row_number|table|database|headers|data_lake_snapshot_version)$/;

/** Digits of a decimal that the engine holds in its widest integer, and the bytes of it. */
const [mostDigits, mostBytes] = [76, 32];

/**
 * The columns as the engine reads them, or null where it would not read each of them right: columns with the same name or none, nested
 * ones (it makes empty lists of NULL), and types that it does not know.
 */
export function engineColumns(columns: readonly SchemaNode[]): readonly EngineColumn[] | null {
	const names = new Set(columns.map(({name}) => name));
	if (names.size < columns.length) return null;
	const found = columns.map(engineColumn).filter((column) => column !== null);
	return found.length === columns.length ? found : null;
}

function engineColumn(node: SchemaNode): EngineColumn | null {
	const {name} = node;
	if (node.kind === 'group' || node.repetition === 'repeated' || !node.known) return null;
	if (name === '' || name.includes('.') || name.includes('\0') || engineNames.test(name)) return null;
	const column = `${parquetSource}.${identifier(name)}`;
	const read = readAs(node, column);
	return read && {name, type: `Nullable(${read.type})`, text: `CAST(${read.text} AS Nullable(String))`};
}

type Read = {readonly type: string; readonly text: string};

function readAs(leaf: SchemaLeaf, column: string): Read | null {
	const {type, physical, length} = leaf;
	switch (type.is) {
		case 'boolean':
			return {type: 'Bool', text: column};
		case 'integer':
			return {type: `${type.signed ? '' : 'U'}Int${type.bits}`, text: column};
		case 'float':
		case 'float16':
			return {type: 'Float32', text: plainNumber(column)};
		case 'double':
			return {type: 'Float64', text: plainNumber(column)};
		case 'uuid':
			return {type: 'UUID', text: column};
		case 'text':
		case 'binary':
			if (physical === 'BYTE_ARRAY') return {type: 'String', text: column};
			// A FixedString loses the zero bytes at its end when it becomes a String.
			return length > 0 ? {type: `FixedString(${length})`, text: `substring(${column}, 1)`} : null;
		case 'date':
			return {type: 'Int32', text: dateText(column)};
		case 'time': {
			const units = `toUnixTimestamp64${unitName(type.digits)}(${column})`;
			return {type: `DateTime64(${type.digits}, 'UTC')`, text: timeText(units, type.digits)};
		}
		case 'timestamp':
			return {
				type: `DateTime64(${type.digits}, 'UTC')`,
				text: `concat(${momentText(column, type.digits)}, ${type.utc ? "'Z'" : "''"})`,
			};
		case 'int96':
			return {type: 'FixedString(12)', text: int96Text(column)};
		case 'decimal':
			return decimal(leaf, column, type.precision, type.scale);
		case 'interval':
		case 'opaque':
		case 'null':
		case 'misfit':
			return null;
		default:
			return unreachable(type);
	}
}

/** A number without exponent. The engine writes one digit before the point where it writes an exponent. */
function plainNumber(column: string): string {
	const text = `toString(${column})`;
	const mantissa = `splitByChar('e', ${text})[1]`;
	const digits = `replaceAll(replaceAll(${mantissa}, '-', ''), '.', '')`;
	const exponent = `toInt32OrZero(splitByChar('e', ${text})[2])`;
	const small = `concat('0.', repeat('0', -${exponent} - 1), ${digits})`;
	const large = `concat(${digits}, repeat('0', ${exponent} + 1 - toInt32(length(${digits}))))`;
	const sign = `if(startsWith(${text}, '-'), '-', '')`;
	const expanded = `if(position(${text}, 'e') = 0, ${text}, concat(${sign}, if(${exponent} < 0, ${small}, ${large})))`;
	// Most numbers have no exponent, and a comparison of numbers costs less than a look at their texts.
	return `if(ifNull(${column} = 0 OR abs(${column}) BETWEEN 0.001 AND 1000000000000, true), ${text}, ${expanded})`;
}

/** The calendar's cycle: 400 years, as many as the engine's days have (1900 to 2299). */
const [cycleDays, firstDay] = [146_097, -25_567];

/** A day number as ISO 8601, for any year: the day of the same name between 1900 and 2299, its year moved by whole cycles. */
function dateText(days: string): string {
	const cycles = floorDivide(`toInt64(${days}) - ${firstDay}`, cycleDays);
	const asDay = (day: string) => `toString(CAST(${day} AS Nullable(Date32)))`;
	const near = asDay(`toInt32(${days} - ${cycles} * ${cycleDays})`);
	const year = `toInt64(substring(${near}, 1, 4)) + 400 * ${cycles}`;
	// `leftPad` cuts what is longer.
	const shown = `if(abs(${year}) > 9999, toString(abs(${year})), leftPad(toString(abs(${year})), 4, '0'))`;
	const far = `concat(if(${year} < 0, '-', ''), ${shown}, substring(${near}, 5))`;
	const isNear = `ifNull(${days} BETWEEN ${firstDay} AND ${firstDay + cycleDays - 1}, true)`;
	return `if(${isNear}, ${asDay(`toInt32(${days})`)}, ${far})`;
}

/** A moment of microseconds or the like since 1970 as ISO 8601. The engine writes the years 1 to 9999 as they are. */
function momentText(column: string, digits: Digits): string {
	const near = `replaceOne(toString(${column}), ' ', 'T')`;
	if (digits === 9) return near;
	const units = `toUnixTimestamp64${unitName(digits)}(${column})`;
	const second = 10n ** BigInt(digits);
	const isNear = `ifNull(${units} BETWEEN ${-62_135_596_800n * second} AND ${253_402_300_800n * second - 1n}, true)`;
	return `if(${isNear}, ${near}, ${unitsText(units, digits)})`;
}

function unitsText(units: string, digits: Digits): string {
	const day = `${86_400 * 10 ** digits}`;
	const days = floorDivide(units, day);
	const rest = `(${units} - ${days} * ${day})`;
	return `concat(${dateText(days)}, 'T', ${clock(rest, digits)}, '.', ${fraction(rest, digits)})`;
}

/** A time of day; its fraction only where it is not zero. */
function timeText(units: string, digits: Digits): string {
	const size = `abs(${units})`;
	const end = `if(${size} % ${10 ** digits} = 0, '', concat('.', ${fraction(size, digits)}))`;
	return `concat(if(${units} < 0, '-', ''), ${clock(size, digits)}, ${end})`;
}

function clock(units: string, digits: Digits): string {
	const seconds = `intDiv(${units}, ${10 ** digits})`;
	const part = (value: string) => `leftPad(toString(${value}), 2, '0')`;
	return `concat(${part(`intDiv(${seconds}, 3600)`)}, ':', ${part(`intDiv(${seconds}, 60) % 60`)}, ':', ${part(`${seconds} % 60`)})`;
}

function fraction(units: string, digits: Digits): string {
	return `leftPad(toString(${units} % ${10 ** digits}), ${digits}, '0')`;
}

/** Nanoseconds of the day, then the Julian day, both with the lowest byte first. */
function int96Text(column: string): string {
	const nanoseconds = `reinterpretAsInt64(substring(${column}, 1, 8))`;
	const days = `(toInt64(reinterpretAsInt32(substring(${column}, 9, 4))) - 2440588)`;
	const carried = floorDivide(nanoseconds, '86400000000000');
	const rest = `(${nanoseconds} - ${carried} * 86400000000000)`;
	return `concat(${dateText(`(${days} + ${carried})`)}, 'T', ${clock(rest, 9)}, '.', ${fraction(rest, 9)})`;
}

/**
 * A decimal with all digits of its scale. The engine reads decimals in byte arrays right only where the array is as short as can be, so that
 * they are read as bytes.
 */
function decimal({physical, length}: SchemaLeaf, column: string, precision: number, scale: number): Read | null {
	const text = (value: string) => `toDecimalString(${value}, ${scale})`;
	if (physical === 'INT32' && scale <= 9) return {type: `Decimal(9, ${scale})`, text: text(column)};
	if (physical === 'INT64' && scale <= 18) return {type: `Decimal(18, ${scale})`, text: text(column)};
	if (physical !== 'FIXED_LEN_BYTE_ARRAY' || length < 1 || length > mostBytes || Math.max(precision, scale) > mostDigits) return null;
	const type = `FixedString(${length})`;
	const width = [4, 8, 16].find((bytes) => length <= bytes && scale <= decimalDigits(bytes)) ?? mostBytes;
	const sign = `if(reinterpretAsUInt8(substring(${column}, 1, 1)) > 127, '${'\\xff'.repeat(width - length)}', '${'\\0'.repeat(width - length)}')`;
	const bytes = length === width ? `reverse(${column})` : `reverse(concat(${sign}, ${column}))`;
	return {type, text: text(`reinterpret(CAST(${bytes} AS Nullable(FixedString(${width}))), 'Decimal(${decimalDigits(width)}, ${scale})')`)};
}

function decimalDigits(bytes: number): number {
	return {4: 9, 8: 18, 16: 38}[bytes] ?? mostDigits;
}

/** `intDiv` rounds towards zero. */
function floorDivide(value: string, by: number | string): string {
	return `intDiv(${value} - if(${value} < 0, ${by} - 1, 0), ${by})`;
}

function unitName(digits: Digits): 'Milli' | 'Micro' | 'Nano' {
	return digits === 3 ? 'Milli' : digits === 6 ? 'Micro' : 'Nano';
}
