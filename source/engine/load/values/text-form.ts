import type {VariableType} from '../../../model/variable.js';
import {parsePattern} from '../../../model/variable-format.js';
import {type ZoneOffset, zoneOffset} from './time-zone.js';

const words: Readonly<Record<string, readonly [string, string]>> = {
	true_false: ['true', 'false'],
	yes_no: ['yes', 'no'],
	on_off: ['on', 'off'],
	one_zero: ['1', '0'],
	t_f: ['t', 'f'],
	checked_unchecked: ['checked', 'unchecked'],
};

const dayMs = 24 * 60 * 60 * 1000;
/** Day 0 of Excel's calendar as everybody reads it, its imaginary 29 February 1900 included. */
const excelEpochMs = Date.UTC(1899, 11, 30);

/**
 * How a variable's canonical text reads when it is mapped to a text field (SPEC 6, `output_format`): the formats that its type reads, written.
 * Datetimes are written in the workspace's time zone, as they would be read; null where canonical text is wanted as it is.
 */
export function textForm(type: VariableType, outputFormat: string | null, timezone: string): ((canonical: string) => string) | null {
	if (outputFormat === null) return null;
	if (type === 'boolean') {
		const [yes, no] = words[outputFormat] ?? ['true', 'false'];
		return (canonical) => (canonical === 'true' ? yes : no);
	}
	if (type === 'date') return (canonical) => writeTime(`${canonical}T00:00:00.000Z`, outputFormat, zoneOffset('UTC'));
	if (type === 'datetime') return (canonical) => writeTime(canonical, outputFormat, zoneOffset(timezone));
	return null;
}

function writeTime(instant: string, format: string, offsetAt: ZoneOffset): string {
	const ms = Date.parse(instant);
	if (format === 'unix_epoch') return String(Math.floor(ms / 1000));
	const offset = offsetAt(ms);
	if (format === 'excel_epoch') return String((ms + offset - excelEpochMs) / dayMs);
	const wall = new Date(ms + offset).toISOString();
	return parsePattern(format)
		.map((part) => ('text' in part ? part.text : writePart(part.token, wall, offset)))
		.join('');
}

function writePart(token: string, wall: string, offset: number): string {
	switch (token) {
		case 'YYYY':
			return wall.slice(0, 4);
		case 'MM':
			return wall.slice(5, 7);
		case 'DD':
			return wall.slice(8, 10);
		case 'HH':
			return wall.slice(11, 13);
		case 'mm':
			return wall.slice(14, 16);
		case 'ss':
			return wall.slice(17, 19);
		case 'SSS':
			return wall.slice(20, 23);
		case 'Z':
			return writeOffset(offset);
		default:
			return String(Number(writePart(token + token, wall, offset)));
	}
}

function writeOffset(offset: number): string {
	if (offset === 0) return 'Z';
	const minutes = Math.abs(offset) / 60_000;
	const two = (number: number) => String(Math.floor(number)).padStart(2, '0');
	return `${offset < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`;
}
