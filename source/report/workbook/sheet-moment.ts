import {literal} from '../../model/sql-text.js';

/** Times of which every program that reads a sheet tells the same instant. */
const agreed: readonly [string, string] = ['1970-01-02', '2100'];
/** Days that sheets can hold and the engine knows the clocks of. */
const held: readonly [string, string] = ['1900-03-01', '2299'];

/**
 * SQL: a moment as a sheet holds it: the time on the clock in the workspace's zone, as an import reads it again. A sheet knows no zones, so
 * what that clock cannot tell stays text with its offset: the hour that comes twice in autumn, and times of rules nobody agrees on.
 *
 * @param text the moment as ISO 8601 in UTC
 * @param known from when to when a time is told by the clock
 */
export function sheetMoment(text: string, timezone: string, [from, to] = agreed): string {
	const at = `parseDateTime64BestEffortOrNull(${text}, 9, 'UTC')`;
	const clock = (moment: string) => `toString(toTimeZone(${moment}, ${literal(timezone)}))`;
	// why half an hour too: that is by how much some places turn their clocks
	const around = ['subtractHours', 'addHours']
		.map((shift) => clock(`${shift}(${at}, 1)`))
		.concat(['subtractMinutes', 'addMinutes'].map((shift) => clock(`${shift}(${at}, 30)`)));
	const repeats = `(${clock(at)} IN (${around.join(', ')}))`;
	const known = `(${text} >= '${from}' AND ${text} < '${to}' AND NOT ${repeats})`;
	// why not Z: a sheet's cell takes that for a time without a zone
	return `if(${known}, replaceOne(${clock(at)}, ' ', 'T'), replaceOne(${text}, 'Z', '+00:00'))`;
}

/** SQL: what a cell of a report shows of a text that may be a moment in UTC: its time in the workspace's zone; any other text as it is. */
export function reportMoment(text: string, timezone: string): string {
	return timezone === 'UTC' ? text : `if(endsWith(ifNull(${text}, ''), 'Z'), ${sheetMoment(text, timezone, held)}, ${text})`;
}
