import {isUtf8} from 'node:buffer';
import {unreachable} from '../../../model/unreachable.js';
import {plainNumber} from '../plain-number.js';
import type {Digits} from './leaf-type.js';
import type {SchemaLeaf} from './schema.js';

/** A value as it is stored: INT64 is bigint, what is made of bytes is bytes. */
export type RawValue = boolean | number | bigint | Uint8Array;

/** What shows a leaf's values as text: every digit, no exponent, ISO 8601 for times. Bytes that are not UTF-8 are in hexadecimal. */
export function leafText({type, physical}: SchemaLeaf): (value: RawValue) => string {
	switch (type.is) {
		case 'boolean':
		case 'null':
			return String;
		case 'integer': {
			const {bits, signed} = type;
			if (!signed) return (value) => String(BigInt.asUintN(bits, BigInt(value as number | bigint)));
			return bits < 32 || physical === 'INT64' ? (value) => String(BigInt.asIntN(bits, BigInt(value as number | bigint))) : String;
		}
		case 'double':
			return (value) => withoutExponent(doubleText(value as number));
		case 'float':
			return (value) => withoutExponent(floatText(value as number));
		case 'float16':
			return (value) => withoutExponent(floatText(halfOf(value as Uint8Array)));
		case 'text':
		case 'binary':
			return (value) => bytesText(value as Uint8Array);
		case 'opaque':
			return (value) => hex(value as Uint8Array);
		case 'uuid':
			return (value) =>
				hex(value as Uint8Array)
					.toLowerCase()
					.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
		case 'date':
			return (value) => dateText(value as number);
		case 'time':
			return (value) => timeText(BigInt(value as number | bigint), type.digits);
		case 'timestamp':
			return (value) => `${momentText(value as bigint, type.digits)}${type.utc ? 'Z' : ''}`;
		case 'int96':
			return (value) => int96Text(value as Uint8Array);
		case 'decimal':
			return (value) => decimalText(unscaled(value), type.scale);
		case 'interval':
			return (value) => intervalText(value as Uint8Array);
		case 'misfit':
			throw new Error('A column with a type that it cannot have is refused before it is read');
		default:
			return unreachable(type);
	}
}

/** The same as JSON: numbers and booleans as they are, the rest as strings. */
export function leafJson(leaf: SchemaLeaf): (value: RawValue) => string {
	const text = leafText(leaf);
	switch (leaf.type.is) {
		case 'boolean':
		case 'integer':
		case 'decimal':
			return text;
		case 'float':
		case 'double':
		case 'float16':
			return (value) => {
				const shown = text(value);
				return /[an]/.test(shown) ? JSON.stringify(shown) : shown;
			};
		default:
			return (value) => JSON.stringify(text(value));
	}
}

function bytesText(bytes: Uint8Array): string {
	return isUtf8(bytes) ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8') : hex(bytes);
}

function hex(bytes: Uint8Array): string {
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex').toUpperCase();
}

/** As the engine writes the values that are no numbers. */
function doubleText(value: number): string {
	if (Number.isNaN(value)) return 'nan';
	if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
	return Object.is(value, -0) ? '-0' : String(value);
}

/** The fewest digits that give the value back as a float. */
function floatText(value: number): string {
	if (!Number.isFinite(value) || value === 0) return doubleText(value);
	for (let digits = 1; digits < 9; digits++) {
		const text = value.toPrecision(digits);
		if (Math.fround(Number(text)) === value) return String(Number(text));
	}
	return String(Number(value.toPrecision(9)));
}

/** No double is too long for it. */
function withoutExponent(text: string): string {
	return plainNumber(text) ?? text;
}

function halfOf(bytes: Uint8Array): number {
	const bits = (bytes[0] ?? 0) | ((bytes[1] ?? 0) << 8);
	const [exponent, mantissa] = [(bits >> 10) & 31, bits & 1023];
	const size =
		exponent === 31
			? mantissa === 0
				? Number.POSITIVE_INFINITY
				: Number.NaN
			: exponent === 0
				? mantissa * 2 ** -24
				: (1024 + mantissa) * 2 ** (exponent - 25);
	return bits & 0x8000 ? -size : size;
}

/** A decimal from its digits without point. */
export function decimalText(digits: bigint, scale: number): string {
	if (scale === 0) return String(digits);
	const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0');
	return `${digits < 0n ? '-' : ''}${text.slice(0, -scale)}.${text.slice(-scale)}`;
}

/** Two's complement with the highest byte first, or an integer. */
function unscaled(value: RawValue): bigint {
	if (!(value instanceof Uint8Array)) return BigInt(value);
	return value.length === 0 ? 0n : BigInt.asIntN(value.length * 8, BigInt(`0x${hex(value)}`));
}

/** A day number as ISO 8601, for any year. */
function dateText(day: number): string {
	// The algorithm `civil_from_days` of H. Hinnant: years begin in March, in cycles of 400 years.
	const days = day + 719_468;
	const cycle = Math.floor(days / 146_097);
	const ofCycle = days - cycle * 146_097;
	const yearOfCycle = Math.floor(
		(ofCycle - Math.floor(ofCycle / 1460) + Math.floor(ofCycle / 36_524) - Math.floor(ofCycle / 146_096)) / 365,
	);
	const ofYear = ofCycle - (365 * yearOfCycle + Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100));
	const fromMarch = Math.floor((5 * ofYear + 2) / 153);
	const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
	const year = yearOfCycle + cycle * 400 + (month <= 2 ? 1 : 0);
	const ofMonth = ofYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
	return `${year < 0 ? '-' : ''}${String(Math.abs(year)).padStart(4, '0')}-${two(month)}-${two(ofMonth)}`;
}

function momentText(units: bigint, digits: Digits): string {
	const day = 86_400n * 10n ** BigInt(digits);
	const rest = ((units % day) + day) % day;
	return `${dateText(Number((units - rest) / day))}T${clock(rest, digits)}.${fraction(rest, digits)}`;
}

/** A time of day; its fraction only where it is not zero. */
function timeText(units: bigint, digits: Digits): string {
	const size = units < 0n ? -units : units;
	const end = size % 10n ** BigInt(digits) === 0n ? '' : `.${fraction(size, digits)}`;
	return `${units < 0n ? '-' : ''}${clock(size, digits)}${end}`;
}

function clock(units: bigint, digits: Digits): string {
	const seconds = Number(units / 10n ** BigInt(digits));
	return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

function fraction(units: bigint, digits: Digits): string {
	return String(units % 10n ** BigInt(digits)).padStart(digits, '0');
}

/** Nanoseconds of the day, then the Julian day, both with the lowest byte first. */
function int96Text(bytes: Uint8Array): string {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
	const days = BigInt(view.getInt32(8, true) - 2_440_588);
	return momentText(days * 86_400_000_000_000n + view.getBigInt64(0, true), 9);
}

/** Months, days and milliseconds as a duration of ISO 8601. */
function intervalText(bytes: Uint8Array): string {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
	const [months, days, milliseconds] = [view.getUint32(0, true), view.getUint32(4, true), view.getUint32(8, true)];
	const date = `${months ? `${months}M` : ''}${days ? `${days}D` : ''}`;
	const seconds = milliseconds ? `T${decimalText(BigInt(milliseconds), 3).replace(/\.?0+$/, '')}S` : '';
	return date || seconds ? `P${date}${seconds}` : 'PT0S';
}

function two(value: number): string {
	return String(value).padStart(2, '0');
}
