import {identifier, keptTable, literal} from '../../model/sql-text.js';
import {blankReasonSql, conversionWarningSql} from './messages.js';
import type {ScopePlan} from './plan.js';
import type {LookupKind, PlannedVariable} from './planned-variable.js';
import {resolved} from './resolve.js';
import {definitions} from './types/all.js';

/** A table that must be filled before the SELECT runs, in the order given: later ones may read earlier ones. */
export type Lookup = {
	readonly variable: PlannedVariable;
	readonly kind: LookupKind;
	/** Its name in the database `run`. */
	readonly table: string;
	/** SELECT of `key String, elements Array(String)`: each distinct key once. */
	readonly keys: string;
};

export type CompiledScope = {readonly lookups: readonly Lookup[]; readonly select: string};

/**
 * A scope's variables as one SELECT over its SQL output, with the columns of `` run.`variables:<scope>` ``
 * (docs/decisions/0001-kept-tables.md), and the lookups it joins.
 *
 * Layer upon layer, each a subselect: texts, typed values, values of lookups; again for each round; then what the row as a whole is.
 * Every column of ours has a name with two underscores and a number, and columns of the SQL output are reached through `__s` alone:
 * an alias that has a column's name would hide it.
 */
export function compileScope({scope, rounds, zone}: ScopePlan): CompiledScope {
	const lookups: Lookup[] = [];
	let from = '';
	for (const round of rounds) {
		from = from === '' ? readingLayer(scope, round) : `SELECT *, ${round.map(textColumns).join(', ')}\nFROM (${from})`;
		if (round.length === 0) continue;
		from = `SELECT *, ${round.map(typedColumns).join(', ')}\nFROM (${from})`;
		const looked = round.flatMap((variable) => lookupOf(scope, variable, from));
		lookups.push(...looked);
		from = valueLayer(round, looked, zone.name, from);
	}
	return {lookups, select: rowLayer(rounds.flat(), from)};
}

function readingLayer(scope: string, round: readonly PlannedVariable[]): string {
	const columns = ['__s.__row AS __row', '__s.__line AS __line', ...round.map(textColumns)];
	return `SELECT ${columns.join(',\n')}\nFROM ${keptTable(`sql:${scope}`)} AS __s`;
}

/** The trimmed text; of an array also its elements, and whether it is malformed. */
function textColumns({index, text, split}: PlannedVariable): string {
	const columns = [`${text} AS __t${index}`];
	if (split !== null) columns.push(`${split.elements} AS __r${index}`, `${split.malformed} AS __m${index}`);
	return columns.join(', ');
}

/** The text typed, step by step, as `__c`; of an array each element, those that fail left out. */
function typedColumns({index, split, steps}: PlannedVariable): string {
	if (split === null) {
		const chain = steps.map((step, at) => `${step(at === 0 ? `__t${index}` : `__c${index}_${at - 1}`)} AS __c${index}_${at}`);
		return [...chain, `${steps.length === 0 ? `__t${index}` : `__c${index}_${steps.length - 1}`} AS __c${index}`].join(', ');
	}
	if (steps.length === 0) return `__r${index} AS __c${index}`;
	const typed = steps.reduce((array, step) => `arrayMap(__e -> ${step('__e')}, ${array})`, `__r${index}`);
	return `arrayMap(__e -> assumeNotNull(__e), arrayFilter(__e -> __e IS NOT NULL, ${typed})) AS __c${index}`;
}

function lookupOf(scope: string, variable: PlannedVariable, from: string): Lookup[] {
	const {index, name, lookup: kind, array} = variable;
	if (kind === null) return [];
	const keys =
		kind === 'day'
			? `SELECT DISTINCT assumeNotNull(substring(__c${index}, 1, 10)) AS key, CAST([] AS Array(String)) AS elements\nFROM (${from})\nWHERE length(__c${index}) = 23`
			: `SELECT assumeNotNull(__t${index}) AS key, any(${array ? `__c${index}` : `[assumeNotNull(__c${index})]`}) AS elements\nFROM (${from})\nWHERE __t${index} IS NOT NULL\nGROUP BY __t${index}`;
	return [{variable, kind, table: `lookup:${scope}:${name}`, keys}];
}

/** The values: `__v` canonical text or NULL, `__f` whether the conversion failed, `__n` a note or ''. */
function valueLayer(round: readonly PlannedVariable[], lookups: readonly Lookup[], zone: string, from: string): string {
	const columns = round.map((variable) => resolved(variable, zone)).join(',\n');
	const joins = lookups.map(({variable: {index}, kind, table}) => {
		const key = kind === 'day' ? `substring(__l.__c${index}, 1, 10)` : `__l.__t${index}`;
		return `LEFT ANY JOIN ${keptTable(table)} AS __k${index} ON ifNull(${key}, '') = __k${index}.key`;
	});
	return `SELECT __l.*, ${columns}\nFROM (${from}) AS __l\n${joins.join('\n')}`;
}

function rowLayer(variables: readonly PlannedVariable[], from: string): string {
	const required = variables.filter((variable) => variable.required);
	const failing = variables.filter(({type, array}) => array || type !== 'string');
	const noting = variables.filter(({lookup}) => lookup !== null);
	const blank = anyOf(required.map(({index}) => `__v${index} IS NULL`));
	const failed = anyOf(failing.map(({index}) => `__f${index}`));
	const reasons = required.map(
		({index, name, type, format}) => `if(__v${index} IS NULL, ${blankReasonSql(name, `__t${index}`, `__f${index}`, type, format)}, '')`,
	);
	const problems = listOf(
		failed,
		failing.map(({index, name}) => `if(__f${index}, ${literal(name)}, '')`),
	);
	const notes = listOf(
		'1',
		noting.map(({index}) => `__n${index}`),
	);
	const warnings = failing.map(
		({index, name, type, format}) => `if(__f${index}, ${conversionWarningSql(name, `__t${index}`, type, format)}, '')`,
	);
	return `SELECT __row, __line,
if(${blank}, 'skipped', 'ok') AS __state,
CAST(if(${blank}, arrayStringConcat(${listOf('1', reasons)}, '; '), NULL) AS Nullable(String)) AS __reason,
${problems} AS __problems,
${notes} AS __notes,
arrayConcat(${listOf(failed, warnings)}, ${notes}) AS __warnings,
${hashOf(variables)} AS __hash${variables.map(({index, name}) => `,\n__v${index} AS ${identifier(name)}`).join('')}
FROM (${from})`;
}

function anyOf(conditions: readonly string[]): string {
	return conditions.length === 0 ? '0' : `(${conditions.join(' OR ')})`;
}

/** SQL of the texts that are not '', made only for the rows where `when` holds: most rows have none. */
function listOf(when: string, texts: readonly string[]): string {
	if (texts.length === 0 || when === '0') return 'CAST([] AS Array(String))';
	return `if(${when}, arrayFilter(__x -> __x != '', CAST([${texts.join(', ')}] AS Array(String))), CAST([] AS Array(String)))`;
}

/**
 * One number for all values of a row, in the order of the variables' names: the order of the file does not matter.
 * why `tuple`: the hash of any NULL is NULL, but inside a tuple it is a value like another (and differs from '').
 */
function hashOf(variables: readonly PlannedVariable[]): string {
	const hashed = variables.filter((variable) => variable.hashed).sort((a, b) => (a.name < b.name ? -1 : 1));
	const keys = hashed.map(({index, type, array}) => {
		const {key} = definitions[type];
		if (key === undefined) return `__v${index}`;
		return array ? `arrayMap(__e -> ${key('__e')}, __c${index})` : key(`__v${index}`);
	});
	return `sipHash128(tuple(${keys.length === 0 ? "''" : keys.join(', ')}))`;
}
