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
	const type = node.repetition === 'required' ? read?.type : `Nullable(${read?.type})`;
	return read && type ? {name, type, text: `CAST(${read.text} AS Nullable(String))`} : null;
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
			if (physical === 'BYTE_ARRAY') return {type: 'String', text: bytesText(column)};
			// A FixedString loses the zero bytes at its end when it becomes a String.
			return length > 0 ? {type: `FixedString(${length})`, text: bytesText(`substring(${column}, 1)`)} : null;
		case 'date':
			return {type: 'Int32', text: dateText(column)};
		case 'time': {
			const units = `toUnixTimestamp64${unitName(type.digits)}(${column})`;
			return {type: `DateTime64(${type.digits}, 'UTC')`, text: timeText(units, type.digits)};
		}
		case 'timestamp':
			return {
				type: `DateTime64(${type.digits}, 'UTC')`,
				text: momentText(column, type.digits, type.utc ? 'Z' : ''),
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

/**
 * SQL that computes a value once and names it in more SQL. A value that is written several times makes a statement long, and the engine takes
 * longer to plan it than to run it. In a branch of `if` it is computed for the rows of that branch alone, which the engine does not do for
 * arithmetic.
 *
 * @param name has a capital letter, which no column of a result has
 */
function named(name: string, value: string, body: string): string {
	return `arrayMap(${name} -> ${body}, [${value}])[1]`;
}

/** `near` where a number lies in a range, as most do, else `far`. The number may be anything where the value is NULL: so are both texts. */
function inRange(number: string, [low, high]: readonly [number | bigint, number | bigint], near: string, far: string): string {
	return `if(${number} BETWEEN ${low} AND ${high}, ${near}, ${far})`;
}

/** As `leafText` shows bytes: those that are not UTF-8 in hexadecimal. */
function bytesText(bytes: string): string {
	return `if(isValidUTF8(assumeNotNull(${bytes})), ${bytes}, hex(${bytes}))`;
}

/** A number without exponent. The engine writes one digit before the point where it writes an exponent. */
function plainNumber(column: string): string {
	const size = `abs(assumeNotNull(${column}))`;
	const small = "concat('0.', repeat('0', -theExponent - 1), theDigits)";
	const large = "concat(theDigits, repeat('0', theExponent + 1 - toInt32(length(theDigits))))";
	const expanded = `concat(if(startsWith(theText, '-'), '-', ''), if(theExponent < 0, ${small}, ${large}))`;
	const withDigits = named('theDigits', "replaceAll(replaceAll(splitByChar('e', theText)[1], '-', ''), '.', '')", expanded);
	const withExponent = named('theExponent', "toInt32OrZero(splitByChar('e', theText)[2])", withDigits);
	const any = named('theText', `toString(${column})`, `if(position(theText, 'e') = 0, theText, ${withExponent})`);
	// A comparison of numbers costs less than a look at their texts.
	return `if(isNull(${column}) OR ${size} = 0 OR ${size} BETWEEN 0.000001 AND 1e20, toString(${column}), ${any})`;
}

/** The calendar's cycle: 400 years, as many as the engine's days have (1900 to 2299). */
const [cycleDays, firstDay] = [146_097, -25_567];

/** A day number as ISO 8601, for any year: the day of the same name between 1900 and 2299, its year moved by whole cycles. */
function dateText(days: string): string {
	const asDay = (day: string) => `formatDateTime(CAST(toInt32(${day}) AS Nullable(Date32)), '%F')`;
	// `leftPad` cuts what is longer.
	const shown = "if(abs(theYear) > 9999, toString(abs(theYear)), leftPad(toString(abs(theYear)), 4, '0'))";
	const moved = `concat(if(theYear < 0, '-', ''), ${shown}, substring(theDay, 5))`;
	const withYear = named('theYear', 'toInt64(substring(theDay, 1, 4)) + 400 * theCycles', moved);
	const withDay = named('theDay', asDay(`theDays - theCycles * ${cycleDays}`), withYear);
	const withCycles = named('theCycles', floorDivide(`theDays - ${firstDay}`, cycleDays), withDay);
	const far = named('theDays', `toInt64(${days})`, withCycles);
	return inRange(`assumeNotNull(${days})`, [firstDay, firstDay + cycleDays - 1], asDay(days), far);
}

/** A moment of microseconds or the like since 1970 as ISO 8601. The engine writes the years 1 to 9999 as they are. */
function momentText(column: string, digits: Digits, zone: 'Z' | ''): string {
	const near = `formatDateTime(${column}, '%Y-%m-%dT%H:%i:%S.%f${zone}')`;
	if (digits === 9) return near;
	const units = (moment: string) => `toUnixTimestamp64${unitName(digits)}(${moment})`;
	const second = 10n ** BigInt(digits);
	const years = [-62_135_596_800n * second, 253_402_300_800n * second - 1n] as const;
	const far = named('theUnits', units(column), `concat(${unitsText('theUnits', digits)}, '${zone}')`);
	return inRange(units(`assumeNotNull(${column})`), years, near, far);
}

function unitsText(units: string, digits: Digits): string {
	const day = `${86_400 * 10 ** digits}`;
	const text = `concat(${dateText('theDayNumber')}, 'T', ${clock('theRest', digits)}, '.', ${fraction('theRest', digits)})`;
	return named('theDayNumber', floorDivide(units, day), named('theRest', `${units} - theDayNumber * ${day}`, text));
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
