import {literal} from '../../model/sql-text.js';
import {unreachable} from '../../model/unreachable.js';
import {cellStyle} from './cell-style.js';
import {cutMark, excelLimits} from './sheet-frame.js';

/**
 * What a column's canonical text means, and so which cell it becomes. `number` is decimal digits, `float` what the engine prints
 * for a Float; `date` is `YYYY-MM-DD`, `datetime` `YYYY-MM-DDTHH:mm:ss[.fraction][Z]`, `boolean` `true` or `false`.
 */
export type CellKind = 'text' | 'number' | 'float' | 'boolean' | 'date' | 'datetime';

/** What is known of all values of a column (see `column-profile.ts`), so that a clean column pays for nothing. */
export type ColumnProfile = {
	readonly blanks: number;
	readonly longestBytes: number;
	readonly bytes: number;
	/** For text: some value needs more than XML entities. For other kinds: some value is not of its kind, or not to Excel. */
	readonly special: boolean;
};

/** A piece of a row's XML: fixed text, or an SQL expression that is never NULL. */
export type Piece = {readonly fixed: string} | {readonly sql: string};

const controls = '\\x{00}-\\x{08}\\x{0b}-\\x{1f}\\x{7f}-\\x{9f}\\x{fffe}\\x{ffff}';
const re = (pattern: string) => literal(pattern);

/** Lambdas that the expressions of this file use. They stand in a WITH clause, so that a wide table's statement stays short. */
export const cellLambdas = [
	// why: the last byte of a control character's UTF-8 is its code (U+0080 to U+009F are C2 80 to C2 9F); EF BF BE/BF are U+FFFE/FFFF
	`(t -> if(match(t, ${re(`^[${controls}]`)}), concat(if(length(t) = 3, '_xFF', '_x00'), if(length(t) = 3, if(endsWith(t, '\\xBE'), 'FE', 'FF'), right(hex(t), 2)), '_'), t)) AS sluice_control`,
	`(x -> if(match(x, ${re(`[${controls}]`)}), arrayStringConcat(arrayMap(t -> sluice_control(t), extractAll(x, ${re(`[^${controls}]+|[${controls}]`)}))), x)) AS sluice_controls`,
	`(x -> intDiv(length(x) - length(replaceRegexpAll(x, ${re('[\\x{10000}-\\x{10ffff}]')}, '')), 4)) AS sluice_astral`,
	// why: a character beyond the basic plane is two UTF-16 units, so the head is shortened by as many as it holds
	`(x -> concat(substringUTF8(x, 1, ${excelLimits.cellUnits - 100} - sluice_astral(substringUTF8(x, 1, ${excelLimits.cellUnits - 100}))), ${literal(cutMark('@')).replace('@', "', toString(lengthUTF8(x)), '")})) AS sluice_shortened`,
	`(x -> if(length(x) > ${excelLimits.cellUnits}, if(lengthUTF8(x) + sluice_astral(x) > ${excelLimits.cellUnits}, sluice_shortened(x), x), x)) AS sluice_cut`,
	`(x -> encodeXMLComponent(sluice_controls(replaceRegexpAll(sluice_cut(toValidUTF8(x)), ${re('_(x[0-9A-Fa-f]{4})')}, '_x005F_\\\\1')))) AS sluice_text`,
] as const;

/** Whether a text needs more than XML entities: controls, white space that XML may drop, `_xHHHH`, broken UTF-8, too long. */
function isSpecialText(x: string): string {
	return `(${needsCare(x, '^ | $')} OR length(${x}) > ${excelLimits.cellUnits})`;
}

/** why ASCII first: it is told twice as fast, and most text is; why multiMatchAny for one pattern: it reads three times as fast as match */
function needsCare(x: string, edges: string): string {
	const pattern = `[${controls}\\t\\n]|_[xX][0-9A-Fa-f]{4}|${edges}`;
	return `((NOT isValidASCII(${x}) AND NOT isValidUTF8(${x})) OR multiMatchAny(${x}, [${re(pattern)}]))`;
}

/**
 * Whether one of several texts that are not too long may be special; where it says no, none is. One look at all of them together costs a
 * third of a look at each, and most tables hold nothing special.
 *
 * @param texts expressions that are never NULL
 */
export function maySpecial(texts: readonly string[]): string {
	// why this sign between them: it is rare beside a blank, which would be taken for an edge
	return needsCare(`concat(${texts.join(", '^', ")}, '')`, '(?:^|\\^) | (?:\\^|$)');
}

const ofKind: Readonly<Record<Exclude<CellKind, 'text'>, (x: string) => string>> = {
	// why: a double keeps 15 significant digits; what has more would silently change, so it stays text
	number: (x) =>
		`(match(${x}, ${re('^-?[0-9]{1,300}(\\.[0-9]+)?$')}) AND (length(${x}) <= 15 OR length(replaceRegexpOne(replaceAll(replaceRegexpOne(${x}, ${re('^-?[0.]*')}, ''), '.', ''), '0+$', '')) <= 15))`,
	float: (x) => `match(${x}, ${re('^-?[0-9]+(\\.[0-9]+)?(e[-+]?[0-9]{1,2})?$')})`,
	boolean: (x) => `(${x} IN ('true', 'false'))`,
	// why: Excel knows no day before 1900, and counts a 29 February 1900 that never was
	date: (x) => `(match(${x}, ${re('^[0-9]{4}-[0-9]{2}-[0-9]{2}$')}) AND ${x} >= '1900-03-01')`,
	datetime: (x) =>
		`(match(${x}, ${re('^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,3}0*)?Z?$')}) AND ${x} >= '1900-03-01')`,
};

/** Why the end: up to there the engine reads a day as it stands, beyond it `serialDay` shifts it. */
const beforeShift = (x: string) => `${x} < '2300'`;

/**
 * Whether a value keeps its column from the short way, as the profile asks.
 *
 * @param canonical the text is of its kind for certain (variables, fields): only what Excel cannot hold is looked for
 */
export function isSpecial(kind: CellKind, x: string, canonical: boolean): string {
	switch (kind) {
		case 'text':
			return isSpecialText(x);
		case 'number':
			return canonical ? `length(${x}) > 15` : `NOT ${ofKind.number(x)}`;
		case 'date':
		case 'datetime':
			return canonical ? `NOT (${x} >= '1900-03-01' AND ${beforeShift(x)})` : `NOT (${ofKind[kind](x)} AND ${beforeShift(x)})`;
		default:
			return canonical ? '0' : `NOT ${ofKind[kind](x)}`;
	}
}

/** Days since Excel's day 0. why the shift: the engine's dates end in 2299, the calendar repeats every 400 years (146,097 days). */
function serialDay(x: string): string {
	const cycles = `intDiv(toInt32OrZero(substring(${x}, 1, 4)) - 1900, 400)`;
	const shifted = `concat(toString(toInt32OrZero(substring(${x}, 1, 4)) - 400 * ${cycles}), substring(${x}, 5, 6))`;
	return `(ifNull(toInt32(toDate32OrNull(${shifted})), 0) + 25569 + 146097 * ${cycles})`;
}

const milliseconds = (x: string) => `toUInt32OrZero(rightPad(substring(replaceOne(${x}, 'Z', ''), 21, 3), 3, '0'))`;

function serialInstant(x: string): string {
	const seconds = `(toUInt32OrZero(substring(${x}, 12, 2)) * 3600 + toUInt32OrZero(substring(${x}, 15, 2)) * 60 + toUInt32OrZero(substring(${x}, 18, 2)))`;
	return `(${serialDay(x)} + (${seconds} * 1000 + ${milliseconds(x)}) / 86400000)`;
}

function textCell(letters: Piece, row: string, x: string, special: boolean): readonly Piece[] {
	const open = [{fixed: '<c r="'}, letters, {sql: row}];
	// why two forms: the short one makes a sheet a quarter smaller to compress; white space is only kept for certain in the long one
	if (!special) return [...open, {fixed: '" t="str"><v>'}, {sql: `encodeXMLComponent(${x})`}, {fixed: '</v></c>'}];
	const escaped = `if(${isSpecialText(x)}, sluice_text(${x}), encodeXMLComponent(${x}))`;
	return [...open, {fixed: '" t="inlineStr"><is><t xml:space="preserve">'}, {sql: escaped}, {fixed: '</t></is></c>'}];
}

/** @param far days may lie beyond those the engine knows, so that they are shifted */
function kindCell(kind: Exclude<CellKind, 'text'>, letters: Piece, row: string, x: string, far: boolean): readonly Piece[] {
	const open = [{fixed: '<c r="'}, letters, {sql: row}];
	const close = {fixed: '</v></c>'};
	switch (kind) {
		case 'number':
		case 'float':
			return [...open, {fixed: '"><v>'}, {sql: x}, close];
		case 'boolean':
			return [...open, {fixed: '" t="b"><v>'}, {sql: `if(${x} = 'true', '1', '0')`}, close];
		case 'date': {
			const day = far ? serialDay(x) : `toInt32(toDate32(${x})) + 25569`;
			return [...open, {fixed: `" s="${cellStyle.date}"><v>`}, {sql: `toString(${day})`}, close];
		}
		case 'datetime': {
			const plain = `toUnixTimestamp64Milli(toDateTime64(substring(${x}, 1, 23), 3, 'UTC'))`;
			const fraction = far ? milliseconds(x) : `${plain} % 1000`;
			const style = `if(${fraction} = 0, '${cellStyle.datetime}', '${cellStyle.datetimeMilliseconds}')`;
			const serial = far ? serialInstant(x) : `${plain} / 86400000 + 25569`;
			return [...open, {fixed: '" s="'}, {sql: style}, {fixed: '"><v>'}, {sql: `toString(${serial})`}, close];
		}
		default:
			return unreachable(kind);
	}
}

/**
 * The XML of one cell. A blank value makes no cell.
 *
 * @param row an SQL expression of the sheet's row number, as text
 * @param value an SQL expression of the value's canonical text, Nullable(String)
 */
export function cellXml(
	kind: CellKind,
	column: {letters: string; value: string; row: string; profile: ColumnProfile; rows: number},
): readonly Piece[] {
	const {letters, value, row, profile, rows} = column;
	if (profile.blanks === rows) return [];
	const x = `assumeNotNull(${value})`;
	const whole = profile.special ? [{sql: carefulCell(kind, {fixed: letters}, row, x)}] : plainCell(kind, {fixed: letters}, row, x);
	return profile.blanks === 0 ? whole : [{sql: `if(ifNull(${value}, '') = '', '', ${concatenated(whole)})`}];
}

/** A cell of a column whose values are all as they should be. */
function plainCell(kind: CellKind, letters: Piece, row: string, x: string): readonly Piece[] {
	return kind === 'text' ? textCell(letters, row, x, false) : kindCell(kind, letters, row, x, false);
}

/** SQL of a cell whatever its value holds: what is not of its kind is text, text is escaped and cut as far as it needs. */
export function carefulCell(kind: CellKind, letters: Piece, row: string, x: string): string {
	const text = concatenated(textCell(letters, row, x, true));
	return kind === 'text' ? text : `if(${ofKind[kind](x)}, ${concatenated(kindCell(kind, letters, row, x, true))}, ${text})`;
}

/** Pieces as one SQL expression; neighbouring fixed texts become one literal. */
export function concatenated(pieces: readonly Piece[]): string {
	const parts: string[] = [];
	let fixed = '';
	for (const piece of pieces) {
		if ('fixed' in piece) {
			fixed += piece.fixed;
			continue;
		}
		if (fixed !== '') parts.push(literal(fixed));
		fixed = '';
		parts.push(piece.sql);
	}
	if (fixed !== '') parts.push(literal(fixed));
	return parts.length === 1 ? `concat(${parts[0]}, '')` : `concat(${parts.join(', ')})`;
}
