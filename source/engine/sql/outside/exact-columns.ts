import {identifier, literal} from '../../../model/sql-text.js';
import {columnType} from '../../variables/raw-text.js';

export type OutsideColumn = {
	readonly name: string;
	/** The engine's type, such as `Nullable(Date32)`. */
	readonly type: string;
	/** Whether it holds instants rather than wall clocks; null: it cannot be told. */
	readonly instant: boolean | null;
	/** What the engine's type does not tell of a column of MySQL. */
	readonly kind?: MysqlColumnKind | undefined;
};

/** What the engine's type does not tell of a column of MySQL: TIMESTAMP, bytes without a character set, a geometry, zeros in front. */
export type MysqlColumnKind = 'instant' | 'bytes' | 'geometry' | 'zerofill';

/** How a column is read so that no value of it changes. */
export type ExactColumn = {
	/** The expression that the other database evaluates, to text. */
	readonly there: string;
	/** The expression that the engine makes of that text. It ends the statement at a value that the type cannot hold. */
	readonly here: (text: string) => string;
};

/** A column that cannot be read at all: the reason, and the cure where reading it as text is none. */
export type Refused = {readonly refused: string; readonly cure?: string};

/** Marks the message that names a refused column, within the engine's text. */
export const refusalMark = 'The engine cannot hold a value of the column';

/**
 * Whether the engine may change values of a column of this type while it reads it from another database: days and moments outside its
 * range, instants, `numeric` without a scale. An array of these counts too.
 */
export function mayChange(type: string): boolean {
	const {base, argument} = columnType(type);
	if (base === 'Array') return mayChange(argument);
	return ['Date', 'Date32', 'DateTime', 'DateTime64'].includes(base) || (base === 'Decimal' && argument === '38, 19');
}

/**
 * Whether a column of this type holds floating-point numbers. PostgreSQL prints them with as many digits as the role's settings say, and the
 * engine loses the last digit of those of MySQL.
 */
export function isFloating(type: string): boolean {
	const {base, argument} = columnType(type);
	return base === 'Array' ? isFloating(argument) : base === 'Float32' || base === 'Float64';
}

/** The message of a refusal, with its cure. */
export function refusalOf(
	database: 'postgresql' | 'mysql',
	name: string,
	reason: string,
	cure = readAsText(database, name, database === 'postgresql' ? `"${name}"::text` : `CAST(\`${name}\` AS CHAR)`),
): string {
	return `${refusalMark} "${name}" of ${database}(): ${reason}. ${cure}`;
}

function readAsText(database: 'postgresql' | 'mysql', name: string, cast: string): string {
	return `Read it as text: query='SELECT ${cast} AS ${database === 'postgresql' ? `"${name}"` : `\`${name}\``}, ... FROM ...'`;
}

/** How the column is read; the reason where it cannot be read at all. Only for columns that the engine may change. */
export function exactColumn(database: 'postgresql' | 'mysql', column: OutsideColumn): ExactColumn | Refused {
	const {base, argument} = columnType(column.type);
	if (column.kind !== undefined && column.kind !== 'instant') return exactOfKind(column.name, column.kind);
	if (base === 'Array' && isFloating(argument)) {
		return {
			refused: "the role's extra_float_digits rounds the numbers of an array",
			cure: 'Set it for the role (ALTER ROLE name SET extra_float_digits = 3), or read the rows with `source: {postgres: name, query: ...}`',
		};
	}
	if (base === 'Array') return {refused: 'it is an array whose elements may be outside what the engine holds'};
	if (isFloating(column.type)) return database === 'postgresql' ? exactNumber(column.name, base) : printedNumber(column.name, base);
	const whole = database === 'postgresql' ? postgres(column.name) : mysql(column.name);
	const checked = (parsed: (text: string) => string, wrong: (text: string) => string, reason: string) => (text: string) =>
		`if(throwIf(${text} IS NOT NULL AND ifNull(${wrong(text)}, 1), ${literal(refusalOf(database, column.name, reason))}) = 0, ${parsed(text)}, NULL)`;
	if (base === 'Decimal') {
		const parsed = (text: string) => `toDecimal128OrNull(${text}, 19)`;
		const wrong = (text: string) => `startsWith(${text}, '!') OR isNull(${parsed(text)})`;
		return {
			there: whole.decimal,
			here: checked(parsed, wrong, 'it is NaN, infinite, or has more than 19 digits before or after the point'),
		};
	}
	if (base.startsWith('Date') && !base.startsWith('DateTime')) {
		const parsed = (text: string) => `toDate32OrNull(${text})`;
		return {
			there: whole.day,
			here: checked(parsed, (text) => `toString(${parsed(text)}) != ${text}`, 'it is no day from 1900-01-01 to 2299-12-31'),
		};
	}
	if (column.instant === null) return {refused: 'whether it holds instants or wall clocks cannot be told'};
	const scale = base === 'DateTime' ? 0 : Number(argument.split(',')[0]);
	const zone = column.instant ? ", 'UTC'" : '';
	const parsed = (text: string) => `toDateTime64OrNull(${text}, ${scale}${zone})`;
	return {
		there: column.instant ? whole.instant(scale) : whole.wallClock,
		here: checked(
			parsed,
			(text) => `toString(${parsed(text)}) != ${text} OR toYear(${parsed(text)}) NOT BETWEEN 1900 AND 2299`,
			'it is no moment of the years 1900 to 2299, or one that the clocks of the workspace skip',
		),
	};
}

/** The bits of a number of PostgreSQL: its text has the digits that the role's settings say. */
function exactNumber(name: string, base: string): ExactColumn {
	const send = base === 'Float32' ? 'float4send' : 'float8send';
	return {
		there: `encode(${send}("${name.replaceAll('"', '""')}"), 'hex')`,
		here: (text) => `if(isNull(${text}), NULL, reinterpretAs${base}(reverse(unhex(assumeNotNull(${text})))))`,
	};
}

/** A number of MySQL as it prints it: the engine reads the text of a function's argument exactly. */
function printedNumber(name: string, base: string): ExactColumn {
	return {there: mysql(name).decimal, here: (text) => `to${base}OrNull(${text})`};
}

/** A column of MySQL whose values the engine reads as other bytes or another text than the server prints. */
function exactOfKind(name: string, kind: Exclude<MysqlColumnKind, 'instant'>): ExactColumn {
	const c = `\`${name.replaceAll('`', '``')}\``;
	const [wrong, reason, cast] = {
		bytes: [(text: string) => `NOT isValidUTF8(${text})`, 'it holds bytes that are no text', `HEX(${c})`],
		geometry: [() => '1', 'it is a geometry', `ST_AsText(${c})`],
		zerofill: [() => '1', 'it is ZEROFILL, and its zeros in front would be lost', `CAST(${c} AS CHAR)`],
	}[kind] as [(text: string) => string, string, string];
	return {
		there: kind === 'bytes' ? c : `CASE WHEN ${c} IS NOT NULL THEN '' END`,
		here: (text) =>
			`if(throwIf(${text} IS NOT NULL AND ifNull(${wrong(text)}, 1), ${literal(refusalOf('mysql', name, reason, readAsText('mysql', name, cast)))}) = 0, ${text}, NULL)`,
	};
}

type Texts = {
	readonly decimal: string;
	readonly day: string;
	readonly wallClock: string;
	readonly instant: (scale: number) => string;
};

/** Texts that do not depend on the role's DateStyle or zone. What is out of range is sent as it is printed, which the engine then refuses. */
function postgres(name: string): Texts {
	const c = `"${name.replaceAll('"', '""')}"`;
	const within = (from: string, to: string, text: string) =>
		`CASE WHEN ${c} >= '${from}' AND ${c} < '${to}' THEN ${text} WHEN ${c} IS NOT NULL THEN '!' || ${c}::text END`;
	return {
		decimal: `CASE WHEN ${c} = trunc(${c}, 19) AND abs(${c}) < 10000000000000000000 THEN ${c}::text WHEN ${c} IS NOT NULL THEN '!' || ${c}::text END`,
		day: within('1900-01-01', '2300-01-01', `to_char(${c}, 'YYYY-MM-DD')`),
		wallClock: within('1900-01-01', '2300-01-01', `to_char(${c}, 'YYYY-MM-DD HH24:MI:SS.US')`),
		instant: () =>
			within('1900-01-01 00:00:00+00', '2300-01-01 00:00:00+00', `to_char(${c} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')`),
	};
}

function mysql(name: string): Texts {
	const c = `\`${name.replaceAll('`', '``')}\``;
	const text = `CAST(${c} AS CHAR)`;
	return {
		decimal: text,
		day: text,
		wallClock: text,
		// A TIMESTAMP of zeros has the Unix time 0.
		instant: (scale) =>
			`CASE WHEN UNIX_TIMESTAMP(${c}) = 0 THEN ${text} WHEN ${c} IS NOT NULL THEN CAST(CAST('1970-01-01 00:00:00' AS DATETIME(${scale})) + INTERVAL UNIX_TIMESTAMP(${c}) SECOND AS CHAR) END`,
	};
}

/** A select list's entry. */
export function named(expression: string, name: string): string {
	return `${expression} AS ${identifier(name)}`;
}
