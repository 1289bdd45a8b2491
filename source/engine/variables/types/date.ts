import {dateFormats, epochFormats} from '../../../model/variable-format.js';
import {isDay} from './calendar.js';
import {excelToDay, msToDay, unixToMs} from './epoch.js';
import {checkMarked, isoToWallTime, patternToSql} from './pattern.js';
import type {Step, TypeDefinition} from './type-definition.js';

const checkedDay: Step = (text) => `if(${isDay(text)}, ${text}, NULL)`;

/** ISO 8601; a time of day is checked, then dropped, and never shifts the day (SPEC 3). */
const iso: readonly Step[] = [
	(text) => `if(${isDay(text)}, ${text}, ${isoToWallTime(text)})`,
	checkMarked,
	(text) => `substring(${text}, 1, 10)`,
];

/** A calendar day of years 1 to 9999. */
export const date: TypeDefinition = {
	name: 'date',
	formats: [...dateFormats, ...epochFormats],
	noun: 'a date',
	steps: ({format}) => {
		if (format === null || format === 'YYYY-MM-DD') return iso;
		if (format === 'unix_epoch') return [unixToMs, (ms) => `if(${ms} IS NULL, NULL, ${msToDay(ms)})`];
		if (format === 'excel_epoch') return [excelToDay];
		return [patternToSql(format, false), checkedDay];
	},
};
