import {literal} from '../../model/sql-text.js';
import type {PlannedVariable} from './planned-variable.js';
import {instantOf, secondsOf} from './types/calendar.js';
import {wallTimeNotes} from './wall-time-note.js';

/**
 * From typed text and lookups to values, in layers of columns that build on one another: `__v` canonical text or NULL, `__f` whether
 * the conversion failed, `__n` a note or ''.
 */
export function valueColumns(round: readonly PlannedVariable[], zone: string): readonly (readonly string[])[] {
	const days = round.filter(({lookup}) => lookup === 'day');
	return [
		days.map(({index}) => `ifNull(${secondsOf(`__c${index}`)}, 0) AS __h${index}`),
		days.map(({index}) => `greatest(1, arrayCount(__p -> __p <= __h${index}, __k${index}_starts)) AS __p${index}`),
		round.map((variable) => `${value(variable)} AS __v${variable.index}`),
		round.flatMap((variable) => [`${failed(variable)} AS __f${variable.index}`, `${note(variable, zone)} AS __n${variable.index}`]),
	];
}

function value({index, type, lookup, split}: PlannedVariable): string {
	const typed = `__c${index}`;
	if (lookup === 'text') return `__k${index}_value`;
	if (split !== null) return `if(empty(${typed}), NULL, toJSONString(${typed}))`;
	if (type !== 'datetime') return typed;
	const wallTime = lookup === null ? `concat(${typed}, 'Z')` : instantOf(typed, `__k${index}_offsets[__p${index}]`);
	return `if(length(${typed}) = 23, ${wallTime}, ${typed})`;
}

function failed({index, lookup, split}: PlannedVariable): string {
	if (split === null) return `(__t${index} IS NOT NULL AND __v${index} IS NULL)`;
	const dropped = `__m${index} OR length(__c${index}) < length(__r${index})`;
	return `(__t${index} IS NOT NULL AND (${dropped}${lookup === 'text' ? ` OR __k${index}_failed` : ''}))`;
}

function note({index, name, lookup}: PlannedVariable, zone: string): string {
	if (lookup === null) return "''";
	if (lookup === 'text') return `__k${index}_note`;
	const text = `replaceOne(substring(__c${index}, 1, 19), 'T', ' ')`;
	const kind = `__k${index}_kinds[__p${index}]`;
	const [before, gap, fold] = [`variable "${name}": `, ` ${wallTimeNotes.gap(zone)}`, ` ${wallTimeNotes.fold(zone)}`].map(literal);
	const sentence = `concat(${before}, ${text}, if(${kind} = 'gap', ${gap}, ${fold}), ifNull(__v${index}, ''))`;
	return `if(length(__c${index}) = 23 AND ${kind} IN ('gap', 'fold'), ifNull(${sentence}, ''), '')`;
}
