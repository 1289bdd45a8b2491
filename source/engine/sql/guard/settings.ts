import type {SqlLimits} from '../access.js';
import {type Token, tokenise} from '../tokens.js';
import {allowedSettings} from './allowed-settings.js';
import {Refusal} from './refusal.js';

/** `name = value` of a SET or SETTINGS. */
type Setting = {readonly name: string; readonly value: readonly Token[]};

function isWord(token: Token | undefined): token is Token {
	return token?.kind === 'word' || token?.kind === 'name';
}

/** The settings from `from` on. Values are literals; `[`, `{` and function-like values go on to the comma that ends them. */
function settingsFrom(tokens: readonly Token[], from: number): readonly Setting[] {
	const settings: Setting[] = [];
	for (let at = from; isWord(tokens[at]) && tokens[at + 1]?.text === '='; at++) {
		const name = tokens[at]?.value ?? '';
		at += 2;
		const start = at;
		for (let depth = 0; at < tokens.length; at++) {
			const text = tokens[at]?.text ?? '';
			// A SELECT may go on after its settings: `UNION ALL`, `FORMAT`, a second value without a comma.
			if (depth === 0 && (text === ',' || text === ')' || (at > start && isWord(tokens[at])))) break;
			if ('([{'.includes(text)) depth++;
			if (')]}'.includes(text)) depth--;
		}
		settings.push({name, value: tokens.slice(start, at)});
		if (tokens[at]?.text !== ',') break;
	}
	return settings;
}

function settingsOf(tokens: readonly Token[]): readonly Setting[] {
	return tokens.flatMap(({kind, text}, at) =>
		kind === 'word' && (text === 'SETTINGS' || (text === 'SET' && at === 0)) ? settingsFrom(tokens, at + 1) : [],
	);
}

/** The settings that a statement may lower in its own SETTINGS, and what they are by the limits. */
const limitsOf: ReadonlyMap<string, (limits: SqlLimits) => number> = new Map([
	['max_memory_usage', ({memoryBytes}: SqlLimits) => memoryBytes],
	['max_execution_time', ({timeSeconds}: SqlLimits) => timeSeconds],
	['max_rows_to_read', ({rows}: SqlLimits) => rows],
]);

/** Whether a statement speaks of a limit of its own. */
export function namesLimit(tokens: readonly Token[]): boolean {
	return tokens.some(({value}) => limitsOf.has(value));
}

/**
 * Refuses settings that are not on the list. A limit may be lowered, for one statement.
 *
 * @param tokens the engine's own rendering of the statement
 * @throws Refusal
 */
export function checkSettings(tokens: readonly Token[], limits: SqlLimits): void {
	const settings = settingsOf(tokens);
	const isSet = tokens[0]?.text === 'SET';
	if (isSet && settings.length === 0) throw new Refusal('settings', 'This form of SET may not be used', 'SET');
	for (const {name, value} of settings) {
		if (allowedSettings.has(name)) continue;
		const limit = isSet ? undefined : limitsOf.get(name)?.(limits);
		if (limit === undefined) throw new Refusal('settings', `The setting ${name} may not be changed`, name);
		const [first, ...more] = value;
		const isLower = first !== undefined && more.length === 0 && /^[1-9]\d*$/.test(first.text) && Number(first.text) <= limit;
		if (!isLower) throw new Refusal('settings', `The setting ${name} may be lowered to a whole number, at most ${limit}`, name);
	}
}

/** What a setting is to be, given its name and its value as written; undefined to leave it. */
type Change = (name: string, value: string) => string | undefined;

function changeSettings(sql: string, change: Change): string {
	return settingsOf(tokenise(sql)).reduceRight((text, {name, value}) => {
		const [first, last] = [value[0], value.at(-1)];
		if (first === undefined || last === undefined) return text;
		const end = last.offset + last.text.length;
		const changed = change(name, text.slice(first.offset, end));
		return changed === undefined ? text : `${text.slice(0, first.offset)}${changed}${text.slice(end)}`;
	}, sql);
}

/** The statement on as many threads at most, whatever its own SETTINGS say. */
export function withThreads(sql: string, most: number): string {
	if (!sql.includes('max_threads')) return sql;
	return changeSettings(sql, (name, value) => {
		if (name !== 'max_threads') return undefined;
		return /^[1-9]\d*$/.test(value) ? String(Math.min(Number(value), most)) : String(most);
	});
}

/** How many threads the statements after a SET have, which may lower them. */
export function threadsAfter(sql: string, before: number): number {
	const [first] = settingsOf(tokenise(sql)).flatMap(({name, value}) => (name === 'max_threads' ? [Number(value[0]?.text)] : []));
	return first ?? before;
}
