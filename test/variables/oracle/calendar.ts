/** A wall time as numbers; `offset` in seconds ahead of UTC where the text has one. */
export type Moment = {
	year: number;
	month: number;
	day: number;
	hour: number;
	minute: number;
	second: number;
	ms: number;
	offset: number | null;
};

const midnight = {hour: 0, minute: 0, second: 0, ms: 0, offset: null};

export function exists({year, month, day, hour, minute, second, offset}: Moment): boolean {
	const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
	const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
	if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > (days[month - 1] ?? 0)) return false;
	if (hour > 23 || minute > 59 || second > 59) return false;
	return offset === null || Math.abs(offset) < 24 * 3600;
}

/** A cursor over text that reads digits, one at a time. */
class Cursor {
	at = 0;
	constructor(readonly text: string) {}
	digits(least: number, most: number): number {
		let taken = '';
		while (taken.length < most && /^[0-9]$/.test(this.text[this.at] ?? '')) taken += this.text[this.at++];
		if (taken.length < least) throw new RangeError('too few digits');
		return Number(taken);
	}
	literal(...choices: string[]): string {
		const found = choices.find((choice) => this.text.startsWith(choice, this.at));
		if (found === undefined) throw new RangeError(`no ${choices.join(' or ')}`);
		this.at += found.length;
		return found;
	}
	/** One of the words in any case of its ASCII letters; its place in the list. */
	word(words: readonly string[]): number {
		const lower = (text: string) => [...text].map((c) => (c >= 'A' && c <= 'Z' ? c.toLowerCase() : c)).join('');
		const found = words.findIndex((word) => lower(this.text.slice(this.at, this.at + word.length)) === word);
		if (found < 0) throw new RangeError(`none of ${words.join(', ')}`);
		this.at += words[found]?.length ?? 0;
		return found;
	}
	get rest(): string {
		return this.text.slice(this.at);
	}
	offset(): number {
		if (/^[\t\n\f\r ]/.test(this.rest)) this.at++;
		const sign = this.literal('Z', 'z', 'UTC', 'GMT', '+', '-');
		if (sign !== '+' && sign !== '-') return 0;
		const hours = this.digits(2, 2);
		if (this.rest.startsWith(':')) this.at++;
		else if (!/^[0-9]{2}/.test(this.rest)) return this.signed(sign, hours, 0);
		return this.signed(sign, hours, this.digits(2, 2));
	}
	signed(sign: string, hours: number, minutes: number): number {
		if (hours > 23 || minutes > 59) throw new RangeError('no such offset');
		return (sign === '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
	}
	end(): void {
		if (this.rest !== '') throw new RangeError('more text');
	}
}

function attempt(read: (cursor: Cursor) => Moment, text: string): Moment | null {
	try {
		const cursor = new Cursor(text);
		const moment = read(cursor);
		cursor.end();
		return exists(moment) ? moment : null;
	} catch (error) {
		if (error instanceof RangeError) return null;
		throw error;
	}
}

/** ISO 8601, with a time or without. */
export function isoMoment(text: string): Moment | null {
	return attempt((cursor) => {
		const year = cursor.digits(4, 4);
		cursor.literal('-');
		const month = cursor.digits(1, 2);
		cursor.literal('-');
		const moment: Moment = {year, month, day: cursor.digits(1, 2), ...midnight};
		if (cursor.rest === '') return moment;
		cursor.literal('T', ' ');
		moment.hour = cursor.digits(1, 2);
		cursor.literal(':');
		moment.minute = cursor.digits(2, 2);
		if (cursor.rest.startsWith(':')) {
			cursor.at++;
			moment.second = cursor.digits(2, 2);
			if (/^[.,]/.test(cursor.rest)) {
				cursor.at++;
				const from = cursor.at;
				cursor.digits(1, Number.POSITIVE_INFINITY);
				moment.ms = Number(text.slice(from, cursor.at).padEnd(3, '0').slice(0, 3));
			}
		}
		if (cursor.rest !== '') moment.offset = cursor.offset();
		return moment;
	}, text);
}

const months = 'january february march april may june july august september october november december'.split(' ');

/** Text of a pattern, walked letter by letter. */
export function patternMoment(text: string, pattern: string): Moment | null {
	return attempt((cursor) => {
		const moment: Moment = {year: 0, month: 0, day: 0, ...midnight};
		const tokens = pattern.match(/YYYY|YY|MMMM|MMM|MM?|DD?|HH?|hh?|mm|SSS|ss|A|Z|./gsu) ?? [];
		const isNumber = (token: string | undefined) => token !== undefined && /^(YYYY|YY|MM?|DD?|HH?|hh?|mm|SSS|ss)$/.test(token);
		let half: number | null = null;
		for (const [index, token] of tokens.entries()) {
			const least = isNumber(tokens[index - 1]) || isNumber(tokens[index + 1]) ? 2 : 1;
			if (token === 'YYYY') moment.year = cursor.digits(4, 4);
			else if (token === 'YY') {
				const year = cursor.digits(2, 2);
				moment.year = year < 69 ? 2000 + year : 1900 + year;
			} else if (token === 'MMMM') moment.month = cursor.word(months) + 1;
			else if (token === 'MMM') moment.month = cursor.word(months.map((name) => name.slice(0, 3))) + 1;
			else if (token === 'A') half = cursor.word(['am', 'pm']);
			else if (/^hh?$/.test(token)) {
				moment.hour = cursor.digits(least, 2);
				if (moment.hour < 1 || moment.hour > 12) throw new RangeError('no hour of half a day');
			} else if (/^MM?$/.test(token)) moment.month = cursor.digits(least, 2);
			else if (/^DD?$/.test(token)) moment.day = cursor.digits(least, 2);
			else if (/^HH?$/.test(token)) moment.hour = cursor.digits(least, 2);
			else if (token === 'mm') moment.minute = cursor.digits(2, 2);
			else if (token === 'ss') moment.second = cursor.digits(2, 2);
			else if (token === 'SSS') moment.ms = cursor.digits(3, 3);
			else if (token === 'Z') moment.offset = cursor.offset();
			else cursor.literal(token);
		}
		if (half === 0 && moment.hour === 12) moment.hour = 0;
		if (half === 1 && moment.hour < 12) moment.hour += 12;
		return moment;
	}, text);
}

/** Milliseconds since 1970 of a wall time as if it were UTC. */
export function wallMs({year, month, day, hour, minute, second, ms}: Moment): number {
	const date = new Date(0);
	date.setUTCFullYear(year, month - 1, day);
	date.setUTCHours(hour, minute, second, ms);
	return date.getTime();
}

/** ISO text of an instant; null outside years 1 to 9999. */
export function isoText(ms: number): string | null {
	const date = new Date(ms);
	const year = date.getUTCFullYear();
	return Number.isNaN(ms) || year < 1 || year > 9999 ? null : date.toISOString();
}

/** Milliseconds since 1970 of UNIX text. */
export function unixMs(text: string): number | null {
	const negative = text.startsWith('-');
	const [whole = '', fraction, more] = (negative ? text.slice(1) : text).split('.');
	const areDigits = (part: string) => part !== '' && [...part].every((digit) => digit >= '0' && digit <= '9');
	if (more !== undefined || !areDigits(whole) || (fraction !== undefined && !areDigits(fraction)) || whole.length > 13) return null;
	if (whole.length === 13 && fraction !== undefined) return null;
	const size = whole.length === 13 ? Number(whole) : Number(whole) * 1000 + Number((fraction ?? '').padEnd(3, '0').slice(0, 3));
	const ms = negative ? -size : size;
	return isoText(ms) === null ? null : ms;
}

/** Day and milliseconds of the day of an Excel serial, exactly. */
export function excelSerial(text: string): {day: number; dayRounded: number; ms: number} | null {
	const [whole = '', fraction = '0', more] = text.split('.');
	const areDigits = (part: string) => part !== '' && [...part].every((digit) => digit >= '0' && digit <= '9');
	if (more !== undefined || !areDigits(whole) || !areDigits(fraction) || whole.length > 7) return null;
	const scale = 10n ** BigInt(fraction.length);
	const doubled = 2n * 86_400_000n * BigInt(fraction) + scale;
	const ms = Number(doubled / (2n * scale));
	return {day: Number(whole), dayRounded: Number(whole) + Math.floor(ms / 86_400_000), ms: ms % 86_400_000};
}

/** Milliseconds since 1970 at the start of an Excel day: 1 is 1 January 1900, 59 its 28 February, 61 its 1 March. */
export function excelDayMs(day: number): number | null {
	if (day < 1 || day === 60) return null;
	const ms = Date.UTC(1900, 0, day < 60 ? day : day - 1);
	return isoText(ms) === null ? null : ms;
}
