import type {FieldType} from '../../../model/field-type.js';
import {identifier, keptTable} from '../../../model/sql-text.js';
import {stepColumns, stepOf} from '../step-columns.js';
import {type RowRange, rowsWithin, type StepRows} from '../step-select.js';
import type {BulkField, BulkStep} from './bulk-step.js';

/**
 * The rows that `stepSelect` would give, as `model/plain-row` has them in RowBinary, with a text for each field of the step.
 * `plain` says whether the record is to hold each value as it stands; where it is 0 the general way has to decide.
 * Checkboxes are 1 and 0.
 */
export function bulkSelect(of: StepRows, plain: BulkStep, range: RowRange): string {
	const columns = stepColumns(of.connector, of.step);
	const {scope} = stepOf(of.connector, of.step);
	const texts = plain.fields.map((field) => ({...field, text: `v.${identifier(columns[field.column]?.name ?? '')}`}));
	const conditions = texts.flatMap(conditionsOf);
	return `SELECT toUInt32(v.__row) AS row, toUInt8(notEmpty(v.__warnings)) AS warned, toUInt8(${conditions.join('\nAND ')}) AS plain${texts
		.map(({field, text}, position) => `,\n${shownAs(field.type, text)} AS value_${position}`)
		.join('')}
FROM (SELECT * FROM ${keptTable(`variables:${scope}`)} WHERE ${rowsWithin(of, range)}) AS v
ORDER BY v.__row`;
}

function shownAs(type: FieldType, text: string): string {
	return type === 'checkbox' ? `CAST(CAST(${text} = 'true' AS Nullable(UInt8)) AS Nullable(String))` : text;
}

/**
 * What a record's field would refuse or read in another way. Held against the converters of `values/` by a property: what is plain here
 * must come through them unchanged.
 */
function conditionsOf({field, needed, text}: BulkField & {readonly text: string}): readonly string[] {
	const given = `ifNull(${text}, '')`;
	const wanted = needed ? [`${text} IS NOT NULL`] : [];
	switch (field.type) {
		case 'text':
			return [...wanted, ...readable(given), `lengthUTF8(${given}) <= 255`];
		case 'email':
			// why not longer: beyond, the lengths of its parts count
			return [...wanted, `isValidASCII(${given})`, `length(${given}) <= 63`];
		case 'integer':
			return [...wanted, `(${text} IS NULL OR match(${given}, '^(?:0|-?[1-9][0-9]{0,17})$'))`];
		case 'longtext':
			return [...wanted, ...readable(given)];
		default:
			return wanted;
	}
}

/** Text that is the same wherever it is read: SQLite's JSON ends a text at a NUL, and bytes that are no UTF-8 are replaced on our way. */
function readable(given: string): readonly string[] {
	return [`isValidUTF8(${given})`, `position(${given}, '\\0') = 0`];
}
