import type {Comparison, Condition, Field} from '../../model/object.js';
import {unreachable} from '../../model/unreachable.js';
import type {Bound} from './codec.js';
import {comparable} from './condition-value.js';
import {idField} from './fields.js';
import {keyColumnOf} from './layout.js';
import {type Source, storedValue} from './record-sql.js';

/** A condition in SQL over `record`, with its parameters. */
export type Where = {readonly sql: string; readonly bound: readonly Bound[]};

type Scalar = string | number | boolean;

/**
 * Compiles a filter group's condition (SPEC 2.1). Text compares exactly for `=`, `any_of` and order, and without regard to case for `contains`
 * and `starts_with`; numbers compare by value. `!=` and `none_of` hold for a blank field, the other comparisons do not. A multi-value field
 * equals a list that has the same members, and contains each of its members.
 */
export function compileCondition(condition: Condition, field: (name: string) => Field, source: Source): Where {
	if ('all' in condition) return joined(condition.all, ' AND ', 'TRUE', field, source);
	if ('any' in condition) return joined(condition.any, ' OR ', 'FALSE', field, source);
	const {is, value} = condition;
	const values = Array.isArray(value) ? (value as readonly Scalar[]) : value === null ? [] : [value as Scalar];
	const column = columnFor(field(condition.field), source);
	if (is === 'is_blank') return {sql: `${column.text} IS ${value === false ? 'NOT NULL' : 'NULL'}`, bound: []};
	return column.field.multiple ? compareMembers(column, is, values) : compareOne(column, is, values, column.key);
}

function joined(parts: readonly Condition[], by: string, empty: string, field: (name: string) => Field, source: Source): Where {
	if (parts.length === 0) return {sql: empty, bound: []};
	const all = parts.map((part) => compileCondition(part, field, source));
	return {sql: `(${all.map(({sql}) => sql).join(by)})`, bound: all.flatMap(({bound}) => bound)};
}

type Column = {readonly field: Field; readonly text: string; readonly key: string};

function columnFor(field: Field, source: Source): Column {
	if (field === idField) return {field, text: 'hex(record._id)', key: 'record._id'};
	const key = source.has(field) ? `record.${keyColumnOf(field)}` : 'NULL';
	return {field, text: storedValue(source, field), key};
}

/** One value against the condition's. `key` is what is compared, `column.text` what people see. */
function compareOne(column: Column, is: Exclude<Comparison, 'is_blank'>, values: readonly Scalar[], key: string): Where {
	const bound = values.map((value) => compared(column.field, value));
	const [first = null, second = null] = bound;
	switch (is) {
		case '=':
		case 'any_of':
			return values.length === 0 && is === '=' ? {sql: `${key} IS NULL`, bound: []} : {sql: anyOf(column, key, bound), bound};
		case '!=':
		case 'none_of':
			return values.length === 0 && is === '!='
				? {sql: `${key} IS NOT NULL`, bound: []}
				: {sql: `NOT coalesce(${anyOf(column, key, bound)}, FALSE)`, bound};
		case '>':
		case '>=':
		case '<':
		case '<=':
			return {sql: `${key} ${is} ?`, bound: [first]};
		case 'between':
			return {sql: `${key} BETWEEN ? AND ?`, bound: [first, second]};
		case 'contains':
		case 'starts_with':
			return containing(key === column.key ? column.text : key, values, is === 'starts_with');
		default:
			return unreachable(is);
	}
}

function compared(field: Field, value: Scalar): Bound {
	const bound = comparable(field, value);
	return field === idField ? String(bound).replaceAll('-', '') : bound;
}

/** Without `coalesce`, so that an index can serve it: a condition that is NULL holds for nobody, and is never negated as such. */
function anyOf({field}: Column, key: string, bound: readonly Bound[]): string {
	return `${key} IN (${bound.map(() => (field === idField ? 'unhex(?)' : '?')).join(', ')})`;
}

function containing(text: string, values: readonly Scalar[], atStart: boolean): Where {
	if (values.length === 0) return {sql: 'FALSE', bound: []};
	const parts = values.map((value) => textHolds(text, String(value), atStart));
	return {sql: `(${parts.map(({sql}) => sql).join(' OR ')})`, bound: parts.flatMap(({bound}) => bound)};
}

/** Whether a text holds another, without regard to case. */
export function textHolds(text: string, sought: string, atStart = false): Where {
	const plain = [...sought].every((letter) => letter > '\0' && letter < '\x7f') && sought.length < 1000;
	if (plain) {
		const pattern = `${atStart ? '' : '%'}${sought.replaceAll(/[\\%_]/g, '\\$&')}%`;
		return {sql: `${text} LIKE ? ESCAPE '\\'`, bound: [pattern]};
	}
	// why: LIKE knows the case of ASCII letters alone; this is a call into JavaScript for each row
	return {sql: `instr(fold(CAST(${text} AS TEXT)), ?) ${atStart ? '= 1' : '> 0'}`, bound: [sought.toLowerCase()]};
}

function compareMembers(column: Column, is: Exclude<Comparison, 'is_blank'>, values: readonly Scalar[]): Where {
	const some = (where: Where): Where => ({
		sql: `EXISTS (SELECT 1 FROM json_each(${column.text}) member WHERE ${where.sql})`,
		bound: where.bound,
	});
	switch (is) {
		case '=':
		case '!=': {
			const same = sameMembers(column, values);
			return is === '=' ? same : {sql: `NOT ${same.sql}`, bound: same.bound};
		}
		case 'none_of': {
			const any = some(compareOne(column, 'any_of', values, 'member.value'));
			return {sql: `NOT ${any.sql}`, bound: any.bound};
		}
		case 'contains':
			return some(compareOne(column, 'any_of', values, 'member.value'));
		default:
			return some(compareOne(column, is, values, 'member.value'));
	}
}

/** Exactly these members, in whatever order. */
function sameMembers({field, text}: Column, values: readonly Scalar[]): Where {
	const distinct = [...new Set(values.map((value) => String(comparable(field, value))))];
	if (distinct.length === 0) return {sql: `(${text} IS NULL)`, bound: []};
	const among = distinct.map(() => '?').join(', ');
	return {
		sql: `coalesce(json_array_length(${text}) = ${distinct.length}
			AND NOT EXISTS (SELECT 1 FROM json_each(${text}) member WHERE member.value NOT IN (${among})), FALSE)`,
		bound: distinct,
	};
}
