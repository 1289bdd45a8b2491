import type {FieldType} from '../../../../model/field-type.js';
import type {Field} from '../../../../model/object.js';
import {instantOf, zoneOffset} from '../../../../model/time-zone.js';
import type {FieldValue} from '../../../../model/value.js';
import type {VariableType} from '../../../../model/variable.js';
import type {Locale} from '../../../protocol.js';
import {emailOf, isUrl, phoneReader, uuidOf} from './checks.js';

/** Told why a text cannot be a value of the field, as the end of a sentence: `is not a web address`. */
export type Refuse = (why: string) => void;

/** One canonical text, not blank and trimmed, as one value in normal form (an item, for multi-value fields); null after a refusal. */
export type Convert = (text: string, refuse: Refuse) => FieldValue | null;

const int64Max = 2n ** 63n - 1n;
const int64Min = -(2n ** 63n);
const decimal = /^-?\d+(\.\d+)?$/;

const asText: Convert = (text, refuse) => {
	if (text.length <= 255 || [...text].length <= 255) return text;
	refuse('is longer than 255 characters');
	return null;
};

const asIs: Convert = (text) => text;

const asEmail: Convert = (text, refuse) => emailOf(text) ?? refused(refuse, 'is not an email address');

const asUuid: Convert = (text, refuse) => uuidOf(text) ?? refused(refuse, 'is not a UUID');

const asUrl: Convert = (text, refuse) => (isUrl(text) ? text : refused(refuse, 'is not a web address'));

const asDecimal: Convert = (text, refuse) => (decimal.test(text) ? text : refused(refuse, 'is not a number'));

const asInteger: Convert = (text, refuse) => {
	const point = text.indexOf('.');
	if (!decimal.test(text)) return refused(refuse, 'is not a number');
	if (point >= 0 && !/^0*$/.test(text.slice(point + 1))) return refused(refuse, 'is not a whole number');
	const whole = point >= 0 ? text.slice(0, point) : text;
	const number = Number(whole);
	if (Number.isSafeInteger(number)) return number + 0;
	const exact = BigInt(whole);
	return exact > int64Max || exact < int64Min ? refused(refuse, 'is beyond a 64-bit integer') : exact;
};

const asCheckbox: Convert = (text) => text === 'true';

const asYesNo: Convert = (text) => (text === 'true' ? 'yes' : 'no');

const asYesNoMaybe: Convert = (text, refuse) => {
	const word = text.trim().toLowerCase();
	return ['yes', 'no', 'maybe'].includes(word) ? word : refused(refuse, 'is none of yes, no and maybe');
};

/**
 * How texts of a variable's type become values of a field (SPEC 3, 8.2). Joined texts count as `string`.
 *
 * Options and related records are not looked up here: those fields get the text as given.
 */
export function converterOf(from: VariableType, field: Pick<Field, 'type'>, locale: Locale): Convert {
	if (field.type === 'date' && from === 'datetime') return dayIn(locale.timezone);
	if (field.type === 'datetime' && from === 'date') return midnightIn(locale.timezone);
	if (field.type === 'phone_number' && from !== 'phone_number') return asPhone(locale.defaultCountry);
	if (field.type === 'yes_no_maybe' && from !== 'boolean') return asYesNoMaybe;
	const {type} = field;
	if ((type === 'date' || type === 'datetime') && from !== type) return (text, refuse) => checkedTime(text, type, refuse);
	return byType[type];
}

const byType: Readonly<Record<FieldType, Convert>> = {
	text: asText,
	longtext: asIs,
	email: asEmail,
	phone_number: asIs,
	url: asUrl,
	integer: asInteger,
	decimal: asDecimal,
	money: asDecimal,
	rating: asDecimal,
	checkbox: asCheckbox,
	yes_no_maybe: asYesNo,
	date: asIs,
	datetime: asIs,
	dropdown: asIs,
	radio: asIs,
	checkboxes: asIs,
	dynamic_tags: asIs,
	relationship: asIs,
	uuid: asUuid,
};

function asPhone(defaultCountry: string | null): Convert {
	const read = phoneReader(defaultCountry);
	return (text, refuse) => read(text) ?? refused(refuse, 'is not a phone number');
}

function dayIn(timezone: string): Convert {
	const offsetAt = zoneOffset(timezone);
	return (text, refuse) => {
		const ms = Date.parse(text);
		return withinYears(ms + offsetAt(ms), timezone, refuse)?.slice(0, 10) ?? null;
	};
}

function midnightIn(timezone: string): Convert {
	const offsetAt = zoneOffset(timezone);
	return (text, refuse) => withinYears(instantOf(Date.parse(`${text}T00:00:00.000Z`), offsetAt), timezone, refuse);
}

/** A moment as text. Near the first and the last day of what a date can be, the offset of a zone leads out of it (SPEC 3). */
function withinYears(ms: number, timezone: string, refuse: Refuse): string | null {
	const text = new Date(ms).toISOString();
	return /^\d{4}-/.test(text) && !text.startsWith('0000') ? text : refused(refuse, `lies outside of the years 1 to 9999 in ${timezone}`);
}

/** Several texts joined into a date may be anything; a variable of the type itself never is. */
function checkedTime(text: string, type: 'date' | 'datetime', refuse: Refuse): string | null {
	const shape = type === 'date' ? /^\d{4}-\d\d-\d\d$/ : /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
	return shape.test(text) && !Number.isNaN(Date.parse(text)) ? text : refused(refuse, `is not a ${type}`);
}

function refused(refuse: Refuse, why: string): null {
	refuse(why);
	return null;
}
