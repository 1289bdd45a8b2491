import {SluiceError} from '../../model/errors.js';
import type {SqlServerCell} from './sqlserver-driver.js';

/** The driver divides an integer by a power of ten: below this, multiplying by it again gives that integer, rounded twice. */
const largestExact = 2 ** 51;

/** A time as the driver gives it: to the millisecond, and the rest of a second beside it. */
type PreciseDate = Date & {readonly nanosecondsDelta?: number};

/**
 * A value as SQL Server prints it by CONVERT with style 121, binary with style 1, floats with as many digits as tell them apart. What the
 * driver has rounded is refused.
 *
 * @throws SluiceError `sql.outside_value`, which names the column
 */
export function sqlServerText({metadata: {colName, type, scale = 0, dataLength = 8}, value}: SqlServerCell): string | null {
	if (value === null || value === undefined) return null;
	const refuse = (what: string, cure: string): never => {
		throw new SluiceError('sql.outside_value', `The column "${colName}" ${what}`, {cure});
	};
	const name = type.name.toLowerCase();
	if (/^(?:variant|sql_variant|udt)/.test(name)) {
		return refuse('is of a type that has no text of its own', `Convert it in the query: CONVERT(nvarchar(max), ${colName}) AS ${colName}.`);
	}
	if (typeof value === 'string') return value;
	if (typeof value === 'bigint') return String(value);
	if (typeof value === 'boolean') return value ? '1' : '0';
	if (Buffer.isBuffer(value)) return `0x${value.toString('hex').toUpperCase()}`;
	if (typeof value === 'number') {
		const digits = /money/.test(name) ? 4 : /^(?:decimal|numeric)/.test(name) ? scale : null;
		if (digits === null) return /^real/.test(name) || (/^float/.test(name) && dataLength === 4) ? shortestReal(value) : String(value);
		if (Math.abs(value) * 10 ** digits < largestExact) return fixed(value, digits);
		return refuse(
			'has a number of more digits than the driver gives exactly',
			`Convert it in the query: CONVERT(varchar(60), ${colName}) AS ${colName}.`,
		);
	}
	if (value instanceof Date) return timeText(value, name, {scale, dataLength});
	return refuse('is of a type that is not read', `Convert it in the query: CONVERT(nvarchar(max), ${colName}) AS ${colName}.`);
}

/** The driver has divided an integer: to round it back is exact. `toFixed` alone goes to 100 digits, and to exponents at 1e21. */
function fixed(value: number, digits: number): string {
	const whole = BigInt(Math.round(Math.abs(value) * 10 ** digits));
	const text = String(whole).padStart(digits + 1, '0');
	const sign = value < 0 && whole !== 0n ? '-' : '';
	return digits === 0 ? `${sign}${text}` : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** The shortest text that is the same number in 32 bits. */
function shortestReal(value: number): string {
	for (let digits = 6; digits < 9; digits++) {
		const text = String(Number(value.toPrecision(digits)));
		if (Math.fround(Number(text)) === value) return text;
	}
	return String(Number(value.toPrecision(9)));
}

/** The driver gives times in UTC, where what it read had no zone: its digits are those of the server. */
function timeText(value: PreciseDate, name: string, {scale, dataLength}: {scale: number; dataLength: number}): string {
	const pad = (number: number, width = 2): string => String(number).padStart(width, '0');
	const date = `${pad(value.getUTCFullYear(), 4)}-${pad(value.getUTCMonth() + 1)}-${pad(value.getUTCDate())}`;
	const clock = `${pad(value.getUTCHours())}:${pad(value.getUTCMinutes())}:${pad(value.getUTCSeconds())}`;
	if (/^date(?:n)?$/.test(name)) return date;
	if (/^smalldatetime/.test(name) || (name === 'datetimen' && dataLength === 4)) return `${date} ${clock}`;
	if (/^datetime(?:n)?$/.test(name)) return `${date} ${clock}.${pad(value.getUTCMilliseconds(), 3)}`;
	const ticks = Math.round(value.getUTCMilliseconds() * 10_000 + (value.nanosecondsDelta ?? 0) * 10_000_000);
	const fraction = scale === 0 ? '' : `.${pad(ticks, 7).slice(0, scale)}`;
	if (/^time/.test(name)) return `${clock}${fraction}`;
	// The offset that it was written with is not given: the instant is.
	return /^datetimeoffset/.test(name) ? `${date} ${clock}${fraction} +00:00` : `${date} ${clock}${fraction}`;
}
