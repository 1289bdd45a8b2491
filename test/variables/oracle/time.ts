import {excelDayMs, excelSerial, isoMoment, isoText, type Moment, patternMoment, unixMs, wallMs} from './calendar.js';
import {instantOf} from './zone.js';

export function dateOf(text: string, format: string | null): string | null {
	if (format === 'unix_epoch') return dayOf(unixMs(text));
	if (format === 'excel_epoch') return dayOf(excelDayMs(excelSerial(text)?.day ?? 0));
	const moment = format === null || format === 'YYYY-MM-DD' ? isoMoment(text) : patternMoment(text, format);
	return moment === null ? null : dayOf(wallMs({...moment, hour: 0, minute: 0, second: 0, ms: 0}));
}

function dayOf(ms: number | null): string | null {
	return ms === null ? null : (isoText(ms)?.slice(0, 10) ?? null);
}

export function datetimeOf(text: string, format: string | null, zone: string): string | null {
	if (format === 'unix_epoch') {
		const ms = unixMs(text);
		return ms === null ? null : isoText(ms);
	}
	if (format === 'excel_epoch') {
		const serial = excelSerial(text);
		const day = serial === null ? null : excelDayMs(serial.dayRounded);
		return serial === null || day === null ? null : isoText(instantOf(day + serial.ms, zone));
	}
	const moment = format === null ? isoMoment(text) : patternMoment(text, format);
	return moment === null ? null : isoText(instantOfMoment(moment, zone));
}

function instantOfMoment(moment: Moment, zone: string): number {
	return moment.offset === null ? instantOf(wallMs(moment), zone) : wallMs(moment) - moment.offset * 1000;
}
