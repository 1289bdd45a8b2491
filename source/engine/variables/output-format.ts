import {unreachable} from '../../model/unreachable.js';
import type {VariableType} from '../../model/variable.js';
import {monthNames, type PatternToken, parsePattern} from '../../model/variable-format.js';
import {wordsOf} from './types/boolean.js';
import type {Zone} from './zone.js';

/** What decides how a value becomes text. */
export type OutputVariable = {readonly type: VariableType; readonly array: boolean; readonly outputFormat: string | null};

/**
 * How a variable's canonical text reads in a text field (SPEC 6): through its `output_format`, else as it is. The elements of an array
 * are joined by a comma and a space. Moments are written by the clocks of the workspace's zone; days by none.
 */
export function formatOutput({type, array, outputFormat}: OutputVariable, canonical: string, zone: Zone): string {
	if (!array) return formatOne(type, outputFormat, canonical, zone);
	const elements = JSON.parse(canonical) as readonly string[];
	return elements.map((element) => formatOne(type, outputFormat, element, zone)).join(', ');
}

function formatOne(type: VariableType, format: string | null, canonical: string, zone: Zone): string {
	if (format === null) return canonical;
	if (type === 'boolean') return wordsOf(format)[canonical === 'true' ? 0 : 1];
	if (type !== 'date' && type !== 'datetime') return canonical;
	const instantMs = Date.parse(type === 'date' ? `${canonical}T00:00:00.000Z` : canonical);
	if (format === 'unix_epoch') return unixText(instantMs);
	const wall = type === 'date' ? `${canonical}T00:00:00.000+00:00` : zone.wallText(instantMs);
	if (format === 'excel_epoch') return excelText(Date.parse(`${wall.slice(0, 23)}Z`)) ?? canonical;
	return parsePattern(format)
		.map((part) => ('token' in part ? written(part.token, wall) : part.text))
		.join('');
}

/** The part of `YYYY-MM-DDTHH:mm:ss.SSS±HH:MM` that a token means. */
function written(token: PatternToken, wall: string): string {
	switch (token) {
		case 'YYYY':
			return wall.slice(0, 4);
		case 'YY':
			return wall.slice(2, 4);
		case 'MMMM':
			return monthNames[Number(wall.slice(5, 7)) - 1] ?? '';
		case 'MMM':
			return written('MMMM', wall).slice(0, 3);
		case 'MM':
			return wall.slice(5, 7);
		case 'DD':
			return wall.slice(8, 10);
		case 'HH':
			return wall.slice(11, 13);
		case 'hh':
			return written('h', wall).padStart(2, '0');
		case 'h':
			return String(Number(wall.slice(11, 13)) % 12 || 12);
		case 'A':
			return Number(wall.slice(11, 13)) < 12 ? 'AM' : 'PM';
		case 'mm':
			return wall.slice(14, 16);
		case 'ss':
			return wall.slice(17, 19);
		case 'SSS':
			return wall.slice(20, 23);
		case 'Z':
			return wall.endsWith('+00:00') ? 'Z' : wall.slice(23);
		case 'M':
			return String(Number(wall.slice(5, 7)));
		case 'D':
			return String(Number(wall.slice(8, 10)));
		case 'H':
			return String(Number(wall.slice(11, 13)));
		default:
			return unreachable(token);
	}
}

/** Seconds, with a fraction where there is one: so it reads back as the same instant. */
function unixText(instantMs: number): string {
	const milliseconds = ((instantMs % 1000) + 1000) % 1000;
	if (milliseconds === 0) return String(instantMs / 1000);
	const size = Math.abs(instantMs);
	return `${instantMs < 0 ? '-' : ''}${Math.trunc(size / 1000)}.${String(size % 1000).padStart(3, '0')}`;
}

const msPerDay = 86_400_000;
const excelDayZero = Date.UTC(1899, 11, 30);

/** The serial of a wall time in the 1900 date system, to the millisecond; null before 1900. Before its 1 March Excel counts one less. */
function excelText(wallMs: number): string | null {
	const sinceZero = wallMs - excelDayZero;
	const days = Math.floor(sinceZero / msPerDay);
	const serial = days < 61 ? days - 1 : days;
	if (serial < 1) return null;
	const fraction = (sinceZero - days * msPerDay) / msPerDay;
	return fraction === 0 ? String(serial) : `${serial}${fraction.toFixed(9).slice(1).replace(/0+$/, '')}`;
}
