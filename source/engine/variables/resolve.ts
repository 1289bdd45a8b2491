import {literal} from '../../model/sql-text.js';
import type {PlannedVariable} from './planned-variable.js';
import {instantOf, secondsOf} from './types/calendar.js';

/**
 * SQL of a variable's value, of whether its conversion failed, and of its note, from its typed text and, where it has one, the row
 * of its lookup table `__k`.
 */
export function resolved(variable: PlannedVariable, zone: string): string {
	const {index, lookup, split} = variable;
	if (lookup === 'day') return dayResolved(variable, zone);
	if (lookup === 'text') {
		const failed = split === null ? `__k${index}.failed` : `(${droppedElements(index)} OR __k${index}.failed)`;
		return `__k${index}.value AS __v${index}, ${failed} AS __f${index}, __k${index}.note AS __n${index}`;
	}
	if (split === null) return `${typed(variable)} AS __v${index}, ${failedOf(index)} AS __f${index}, '' AS __n${index}`;
	return `if(empty(__c${index}), NULL, toJSONString(__c${index})) AS __v${index}, ${droppedElements(index)} AS __f${index}, '' AS __n${index}`;
}

function typed({index, type}: PlannedVariable): string {
	// why: no zone was needed, so wall time is UTC
	return type === 'datetime' ? `if(length(__c${index}) = 23, concat(__c${index}, 'Z'), __c${index})` : `__c${index}`;
}

function failedOf(index: number): string {
	return `(__t${index} IS NOT NULL AND __v${index} IS NULL)`;
}

function droppedElements(index: number): string {
	return `(__t${index} IS NOT NULL AND (__m${index} OR length(__c${index}) < length(__r${index})))`;
}

function dayResolved({index, name}: PlannedVariable, zone: string): string {
	const piece = `greatest(1, arrayCount(__p -> __p <= __h${index}, __k${index}.starts))`;
	const at = (column: string) => `__k${index}.${column}[__p${index}]`;
	const text = `replaceOne(substring(__c${index}, 1, 19), 'T', ' ')`;
	const note = (how: string) =>
		`concat(${literal(`variable "${name}": `)}, ${text}, ${literal(` ${how} in ${zone}; read as `)}, ifNull(__v${index}, ''))`;
	return `ifNull(${secondsOf(`__c${index}`)}, 0) AS __h${index},
${piece} AS __p${index},
multiIf(__c${index} IS NULL, NULL, length(__c${index}) = 24, __c${index}, ${instantOf(`__c${index}`, at('offsets'))}) AS __v${index},
${failedOf(index)} AS __f${index},
ifNull(multiIf(length(__c${index}) != 23, '', ${at('kinds')} = 'gap', ${note('does not exist: the clocks skip it')},
	${at('kinds')} = 'fold', ${note('happens twice: the first is meant')}, ''), '') AS __n${index}`;
}
