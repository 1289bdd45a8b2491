import {dateFormats, epochFormats} from '../../../model/variable-format.js';
import {instantOf, isWallTime} from './calendar.js';
import {excelToWallTime, msToInstant, unixToMs} from './epoch.js';
import {checkMarked, isoToWallTime, patternToSql} from './pattern.js';
import type {Step, TypeDefinition} from './type-definition.js';

const checkedWallTime: Step = (text) => `if(${isWallTime(text)}, ${text}, NULL)`;

/** Where an offset stands, the instant; else wall time as it is. */
const shifted: Step = (text) => {
	const size = `(3600 * toInt32OrZero(substring(${text}, 25, 2)) + 60 * toInt32OrZero(substring(${text}, 28, 2)))`;
	const offset = `if(substring(${text}, 24, 1) = '-', -${size}, ${size})`;
	return `if(length(${text}) = 29, ${instantOf(text, offset)}, ${text})`;
};

/** A moment. Text without an offset is still wall time after these steps: which instant it is, the workspace's zone decides. */
export const datetime: TypeDefinition = {
	name: 'datetime',
	formats: [...dateFormats, ...epochFormats],
	noun: 'a datetime',
	steps: ({format}) => {
		if (format === null) return [isoToWallTime, checkMarked, shifted];
		if (format === 'unix_epoch') return [unixToMs, msToInstant];
		if (format === 'excel_epoch') return [excelToWallTime];
		return [patternToSql(format, true), checkedWallTime, shifted];
	},
};
