import {identifier, keptTable, literal} from '../../model/sql-text.js';
import {blankReasonSql, conversionWarningSql} from './messages.js';
import type {ScopePlan} from './plan-variables.js';
import type {LookupKind, PlannedVariable} from './planned-variable.js';
import {valueColumns} from './resolve-lookups.js';
import {definitions} from './types/all.js';

/**
 * The settings every statement made of these layers runs with. Arrays must read as JSON.stringify writes them, `a/b` and not `a\\/b`.
 * why no merging: merged layers evaluate what a rare branch needs anew for each place that names it (1M rows: 3.2 s of CPU against 1.9 s,
 * and minutes for some choices of columns).
 */
export const layerSettings =
	'output_format_json_escape_forward_slashes = 0, query_plan_merge_expressions = 0, max_ast_elements = 10000000, max_expanded_ast_elements = 10000000';

/** A table that must be filled before the SELECT runs, in the order given: later ones may read earlier ones. */
export type Lookup = {
	/** Those that ask it: one, or all datetimes of a round, which share the days of their zone. */
	readonly variables: readonly PlannedVariable[];
	readonly kind: LookupKind;
	/** Its name in the database `run`. */
	readonly table: string;
	/** SELECT of `key String, elements Array(String)`: each distinct key once. */
	readonly keys: string;
};

/** The columns of a lookup table: its key, then what it answers. */
export const lookupColumns = {
	day: [
		['starts', 'Array(Int32)'],
		['offsets', 'Array(Int32)'],
		['kinds', 'Array(String)'],
	],
	text: [
		['value', 'Nullable(String)'],
		['failed', 'UInt8'],
		['note', 'String'],
	],
} as const satisfies Record<LookupKind, readonly (readonly [string, string])[]>;

export type CompiledScope = {readonly lookups: readonly Lookup[]; readonly select: string};

/**
 * A scope's variables as one SELECT over its SQL output, with the columns of `` run.`variables:<scope>` ``
 * (docs/decisions/0001-kept-tables.md), and the lookups it joins.
 *
 * Layer upon layer, each a subselect: texts, elements, typed values step by step, values of lookups; again for each round; then what
 * the row as a whole is. why so many: an alias that is named often is copied as often before the engine plans, a column of a subselect
 * is not (240 ms against 20 ms to plan one datetime).
 * Every column of ours has a name with two underscores and a number, and columns of the SQL output are reached through `__s` alone:
 * an alias that has a column's name would hide it.
 *
 * @param notes the table of `run` with warnings of intake for single rows, which join those of the variables, by their line or by their line
 * and item; null where there are none
 */
export function compileScope(
	{scope, rounds, zone}: ScopePlan,
	notes: {readonly table: string; readonly byItem: boolean} | null,
): CompiledScope {
	const noted = notes !== null;
	const lookups: Lookup[] = [];
	const output = `${keptTable(`sql:${scope}`)} AS __s`;
	let from = noted
		? `${output}\nLEFT ANY JOIN ${keptTable(notes.table)} AS __i ON __s.__line = __i.line${notes.byItem ? ' AND __s._item = __i.item' : ''}`
		: output;
	const own = ['__s.__row AS __row', '__s.__line AS __line', ...(noted ? ['__i.notes AS __i_notes'] : [])];
	for (const [number, round] of rounds.entries()) {
		const texts = round.flatMap(textColumns);
		from = number === 0 ? layer([...own, ...texts], from) : layer(['*', ...texts], from);
		from = [round.flatMap(elementColumns), ...stepColumns(round)].reduce((under, columns) => layer(['*', ...columns], under), from);
		const looked = lookupsOf(scope, number, round, from);
		lookups.push(...looked);
		from = joined(looked, from);
		from = valueColumns(round, zone.name).reduce((under, columns) => layer(['*', ...columns], under), from);
	}
	return {lookups, select: rowSelect(rounds.flat(), noted, from)};
}

/** A subselect; one that would add nothing is left out. */
function layer(columns: readonly string[], from: string): string {
	return columns.length === 1 && columns[0] === '*' ? from : `(SELECT ${columns.join(',\n')}\nFROM ${from})`;
}

function textColumns({index, text, split}: PlannedVariable): string[] {
	return [`${text} AS __t${index}`, ...(split?.from === 'column' ? [`${split.elements} AS __r${index}`, `0 AS __m${index}`] : [])];
}

function elementColumns({index, split}: PlannedVariable): string[] {
	return split?.from === 'text' ? [`${split.elements} AS __r${index}`, `${split.malformed} AS __m${index}`] : [];
}

/** The text typed, step by step, the last as `__c`; of an array each element, those that fail left out. */
function stepColumns(round: readonly PlannedVariable[]): readonly (readonly string[])[] {
	const depth = Math.max(1, ...round.map(({split, steps}) => (split === null ? steps.length : 1)));
	return Array.from({length: depth}, (_, at) =>
		round.flatMap((variable) => (variable.split === null ? scalarStep(variable, at) : at === 0 ? [arraySteps(variable)] : [])),
	);
}

function scalarStep({index, steps}: PlannedVariable, at: number): string[] {
	const step = steps[at];
	const name = at >= steps.length - 1 ? `__c${index}` : `__c${index}_${at}`;
	if (step === undefined) return at === 0 ? [`__t${index} AS ${name}`] : [];
	return [`${step(at === 0 ? `__t${index}` : `__c${index}_${at - 1}`)} AS ${name}`];
}

function arraySteps({index, steps}: PlannedVariable): string {
	if (steps.length === 0) return `__r${index} AS __c${index}`;
	const typed = steps.reduce((array, step) => `arrayMap(__e -> ${step('__e')}, ${array})`, `__r${index}`);
	return `arrayMap(__e -> assumeNotNull(__e), arrayFilter(__e -> __e IS NOT NULL, ${typed})) AS __c${index}`;
}

function lookupsOf(scope: string, round: number, variables: readonly PlannedVariable[], from: string): readonly Lookup[] {
	const days = variables.filter(({lookup}) => lookup === 'day');
	const texts = variables.filter(({lookup}) => lookup === 'text').map((variable) => textLookup(scope, variable, from));
	return days.length === 0 ? texts : [dayLookup(scope, round, days, from), ...texts];
}

/** The days of all datetimes at once: a pass of its own for each took 0.8 to 1 s a variable, in any zone but UTC. */
function dayLookup(scope: string, round: number, variables: readonly PlannedVariable[], from: string): Lookup {
	const days = variables.map(({index}) => `if(ifNull(length(__c${index}), 0) = 23, assumeNotNull(substring(__c${index}, 1, 10)), '')`);
	const keys = `SELECT DISTINCT key, CAST([] AS Array(String)) AS elements\nFROM (SELECT arrayJoin([${days.join(', ')}]) AS key\nFROM ${from})\nWHERE key != ''`;
	return {variables, kind: 'day', table: `lookup:${scope}:${round}`, keys};
}

function textLookup(scope: string, variable: PlannedVariable, from: string): Lookup {
	const {index, name, array} = variable;
	const elements = array ? `__c${index}` : `[assumeNotNull(__c${index})]`;
	const keys = `SELECT assumeNotNull(__t${index}) AS key, any(${elements}) AS elements\nFROM ${from}\nWHERE __t${index} IS NOT NULL\nGROUP BY __t${index}`;
	return {variables: [variable], kind: 'text', table: `lookup:${scope}:${name}`, keys};
}

/** The rows with what their lookups say, under `__k<index>_<column>`; rows without a key get blanks. */
function joined(lookups: readonly Lookup[], from: string): string {
	if (lookups.length === 0) return from;
	const asked = lookups.flatMap(({variables, kind, table}) => variables.map(({index}) => ({index, kind, table})));
	const columns = asked.flatMap(({index, kind}) => lookupColumns[kind].map(([name]) => `__k${index}.${name} AS __k${index}_${name}`));
	const joins = asked.map(({index, kind, table}) => {
		const key = kind === 'day' ? `substring(__l.__c${index}, 1, 10)` : `__l.__t${index}`;
		return `LEFT ANY JOIN ${keptTable(table)} AS __k${index} ON ifNull(${key}, '') = __k${index}.key`;
	});
	return layer(['__l.*', ...columns], `${from} AS __l\n${joins.join('\n')}`);
}

function rowSelect(variables: readonly PlannedVariable[], noted: boolean, from: string): string {
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
	const said = listOf(
		'1',
		noting.map(({index}) => `__n${index}`),
	);
	const notes = noted ? `arrayConcat(__i_notes, ${said})` : said;
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
FROM ${from}`;
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
