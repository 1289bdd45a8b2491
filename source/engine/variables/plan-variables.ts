import {identifier, literal} from '../../model/sql-text.js';
import type {Variable} from '../../model/variable.js';
import {planAdditional} from './additional.js';
import {nonBlankElements, splitText} from './array-text.js';
import {lookupOf, type PlannedVariable} from './planned-variable.js';
import {columnType, isNumeric, isTemporal, rawText} from './raw-text.js';
import type {ScopeColumn, ScopeRequest} from './request.js';
import {definitions} from './types/all.js';
import {nonBlank} from './white-space.js';
import {Zone} from './zone.js';

/** The variables of a scope in rounds: those of a later round are made from values of earlier ones. */
export type ScopePlan = {readonly scope: string; readonly rounds: readonly (readonly PlannedVariable[])[]; readonly zone: Zone};

/**
 * Decides how each variable of a scope is read. Columns that already have a type are read by it: a `Date` needs no input format, a
 * number has no decimal comma, and 1 and 0 are true and false.
 *
 * @param columns all columns that the variables name must be among them
 * @throws SluiceError `variables.unknown_source`, `variables.circle`, `variables.unknown_timezone`
 */
export function planScope(request: ScopeRequest, columns: readonly ScopeColumn[]): ScopePlan {
	const zone = new Zone(request.locale.timezone);
	const types = new Map(columns.map(({name, type}) => [name, type]));
	const own = request.connector.variables.filter(({scope}) => scope === request.scope);
	const planned = own.map((variable, index) => planVariable(variable, index, types, zone));
	return {scope: request.scope, zone, rounds: [planned, ...planAdditional(request, planned, zone)]};
}

function planVariable(variable: Variable, index: number, types: ReadonlyMap<string, string>, zone: Zone): PlannedVariable {
	const {name, type, array, required} = variable;
	const source = sourceOf(variable, types, zone.name);
	const format = source.temporal || source.bool ? null : type === 'boolean' && source.numeric ? 'one_zero' : variable.inputFormat;
	return {
		index,
		name,
		type,
		format,
		array,
		required,
		hashed: true,
		text: nonBlank(source.text),
		split: array ? (source.split ?? {from: 'text', ...splitText(`__t${index}`, variable.delimiter)}) : null,
		steps: definitions[type].steps({format, decimalComma: variable.decimalComma && !source.numeric}),
		lookup: lookupOf(type, array, zone),
	};
}

type SourceText = {
	readonly text: string;
	readonly split: PlannedVariable['split'];
	readonly temporal: boolean;
	readonly numeric: boolean;
	readonly bool: boolean;
};

function sourceOf({from}: Variable, types: ReadonlyMap<string, string>, timezone: string): SourceText {
	if ('value' in from) {
		return {text: `CAST(${literal(from.value)} AS Nullable(String))`, split: null, temporal: false, numeric: false, bool: false};
	}
	const column = `__s.${identifier(from.column)}`;
	const type = columnType(types.get(from.column) ?? 'String');
	const list = type.base === 'Array' ? columnType(type.argument) : null;
	const value = list ?? type;
	const traits = {temporal: isTemporal(value), numeric: isNumeric(value), bool: value.base === 'Bool'};
	if (list === null) return {text: rawText(column, type, timezone), split: null, ...traits};
	const elements = nonBlankElements(`arrayMap(__e -> ifNull(${rawText('__e', list, timezone)}, ''), ${column})`);
	return {
		text: `if(empty(${column}), NULL, CAST(${column} AS Nullable(String)))`,
		split: {from: 'column', elements, malformed: '0'},
		...traits,
	};
}
