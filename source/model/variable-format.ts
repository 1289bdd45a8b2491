import type {VariableType} from './variable.js';

/** The pairs of words a boolean may be written with (SPEC 6). */
export const booleanFormats = ['true_false', 'yes_no', 'on_off', 'one_zero', 't_f', 'checked_unchecked'] as const;

export type BooleanFormat = (typeof booleanFormats)[number];

/** Counts of days or seconds from a fixed day. */
export const epochFormats = ['excel_epoch', 'unix_epoch'] as const;

export type EpochFormat = (typeof epochFormats)[number];

/** The date patterns that have a place in lists and in `infer`; any other pattern of the same letters is as good. */
export const dateFormats = [
	'YYYY-MM-DD',
	'MM/DD/YYYY',
	'DD/MM/YYYY',
	'MM-DD-YYYY',
	'DD-MM-YYYY',
	'MM.DD.YYYY',
	'DD.MM.YYYY',
	'YYYY/MM/DD',
	'YYYY.MM.DD',
] as const;

/** Longer ones first, where one begins like another. */
/** More patterns that `infer` tries: short years, and English names of months. */
export const inferredDateFormats = [
	'DD.MM.YY',
	'MM.DD.YY',
	'MM/DD/YY',
	'DD/MM/YY',
	'DD-MM-YY',
	'DD MMM YYYY',
	'DD-MMM-YYYY',
	'DD-MMM-YY',
	'DD MMMM YYYY',
	'MMM DD, YYYY',
	'MMMM DD, YYYY',
] as const;

/** Longer ones first, where one begins like another. */
const tokens = ['YYYY', 'YY', 'MMMM', 'MMM', 'MM', 'M', 'DD', 'D', 'HH', 'H', 'hh', 'h', 'mm', 'ss', 'SSS', 'A', 'Z'] as const;

export type PatternToken = (typeof tokens)[number];
export type PatternPart = {readonly token: PatternToken} | {readonly text: string};

/** The months as `MMMM` writes them; `MMM` is their first three letters. */
export const monthNames = [
	'January',
	'February',
	'March',
	'April',
	'May',
	'June',
	'July',
	'August',
	'September',
	'October',
	'November',
	'December',
] as const;

/** The last year of the 21st century that `YY` can mean; later ones are of the 20th. */
export const lastShortYear = 68;

/** A date or time pattern as its parts, in order. Letters that mean nothing stay text. */
export function parsePattern(pattern: string): readonly PatternPart[] {
	const parts: PatternPart[] = [];
	for (let rest = pattern; rest !== ''; ) {
		const token = tokens.find((candidate) => rest.startsWith(candidate));
		parts.push(token === undefined ? {text: rest[0] ?? ''} : {token});
		rest = rest.slice(token?.length ?? 1);
	}
	return parts;
}

export function isEpoch(format: string): format is EpochFormat {
	return epochFormats.some((epoch) => epoch === format);
}

const dateExpectation = `${[...dateFormats, ...epochFormats].join(', ')}, or a pattern of YYYY, YY, MMMM, MMM, MM, M, DD, D`;
const noFormats: readonly VariableType[] = ['email', 'number', 'phone_number', 'string', 'uuid'];

/** What a type takes as a format, as a sentence for errors. */
export function expectedFormats(type: VariableType): string {
	if (type === 'boolean') return booleanFormats.join(', ');
	if (type === 'date') return dateExpectation;
	return type === 'datetime' ? `${dateExpectation}, HH, H, mm, ss, SSS, Z, and hh or h with A (AM or PM)` : 'no format: this type has none';
}

/** Why `format` cannot be a format of the type, as part of a sentence; null when it can (SPEC 6). */
export function formatProblem(type: VariableType, format: string): string | null {
	if (noFormats.includes(type)) return `the type ${type} has no formats`;
	if (type === 'boolean') return booleanFormats.some((known) => known === format) ? null : 'it is not one of the pairs of words';
	if (isEpoch(format)) return null;
	return patternProblem(type, parsePattern(format));
}

function patternProblem(type: VariableType, parts: readonly PatternPart[]): string | null {
	const kinds = parts.flatMap((part) => ('token' in part ? [part.token.slice(0, 1) === 'S' ? 'SSS' : part.token.slice(0, 1)] : []));
	const stray = parts.find((part) => 'text' in part && /[A-SU-Za-z]/.test(part.text));
	if (stray !== undefined && 'text' in stray) return `the letter "${stray.text}" means nothing in a pattern`;
	const missing = ['Y', 'M', 'D'].filter((kind) => !kinds.includes(kind));
	if (missing.length > 0) return `the pattern lacks ${missing.map((kind) => ({Y: 'YYYY', M: 'MM', D: 'DD'})[kind]).join(', ')}`;
	if (new Set(kinds).size < kinds.length) return 'the pattern names a part twice';
	if (type === 'date' && kinds.some((kind) => !['Y', 'M', 'D'].includes(kind))) return 'a date has no time of day';
	const [hours, halfDayHours, half, minutes, seconds, fraction] = ['H', 'h', 'A', 'm', 's', 'SSS'].map((kind) => kinds.includes(kind));
	if (hours && halfDayHours) return 'HH and hh both name the hour: HH counts to 23, hh to 12 with A';
	if (hours && half) return 'A (AM or PM) goes with hh, and HH counts to 23';
	if (halfDayHours && !half) return 'hh counts to 12 and lacks A (AM or PM); HH counts to 23';
	if (half && !halfDayHours) return 'A (AM or PM) lacks its hour: hh';
	const gap = (minutes && !hours && !halfDayHours) || (seconds && !minutes) || (fraction && !seconds);
	return gap ? 'the time lacks a larger part: HH before mm, mm before ss, ss before SSS' : null;
}
