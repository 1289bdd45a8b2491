import {literal} from '../../model/sql-text.js';

/**
 * SQL: a moment as a sheet holds it: the time on the clock in the workspace's zone, as an import reads it again. A sheet knows no zones, so
 * what that clock cannot tell stays text with its offset: the hour that comes twice in autumn, and times of rules nobody agrees on.
 *
 * @param text the moment as ISO 8601 in UTC
 */
export function sheetMoment(text: string, timezone: string): string {
	const at = `parseDateTime64BestEffortOrNull(${text}, 9, 'UTC')`;
	const clock = (moment: string) => `toString(toTimeZone(${moment}, ${literal(timezone)}))`;
	// why half an hour too: that is by how much some places turn their clocks
	const around = ['subtractHours', 'addHours']
		.map((shift) => clock(`${shift}(${at}, 1)`))
		.concat(['subtractMinutes', 'addMinutes'].map((shift) => clock(`${shift}(${at}, 30)`)));
	const repeats = `(${clock(at)} IN (${around.join(', ')}))`;
	const known = `(${text} >= '1970-01-02' AND ${text} < '2100' AND NOT ${repeats})`;
	// why not Z: a sheet's cell takes that for a time without a zone
	return `if(${known}, replaceOne(${clock(at)}, ' ', 'T'), replaceOne(${text}, 'Z', '+00:00'))`;
}
