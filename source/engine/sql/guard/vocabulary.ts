import type {SqlSession} from '../../../model/sql-session.js';
import {allowedCombinators} from './verdicts/combinators.js';
import {allowedFunctions, refusedFunctions} from './verdicts/functions.js';
import {allowedTableFunctions, refusedTableFunctions, type TableFunctionArguments} from './verdicts/table-functions.js';
import {allWords, words} from './verdicts/words.js';

const lower = (names: readonly string[]): ReadonlySet<string> => new Set(names.map((name) => name.toLowerCase()));

const functions = lower(allWords(allowedFunctions));
const aggregates = lower(words(allowedFunctions.Aggregates));
const combinators = new RegExp(`(?:${words(allowedCombinators).join('|')})$`, 'i');

const reasons: ReadonlyMap<string, string> = new Map(
	Object.entries(refusedFunctions).flatMap(([reason, names]) => words(names).map((name) => [name.toLowerCase(), reason])),
);

const tableFunctions: ReadonlyMap<string, TableFunctionArguments> = new Map(
	Object.entries(allowedTableFunctions).map(([name, given]) => [name.toLowerCase(), given]),
);

const listed = new Set([...functions, ...reasons.keys(), ...tableFunctions.keys(), ...lower(words(refusedTableFunctions))]);

/** Whether it is an aggregate on the list, with any endings. Names are compared without regard to case, as the engine does for many. */
export function isAllowedAggregate(name: string): boolean {
	if (aggregates.has(name.toLowerCase())) return true;
	const base = name.replace(combinators, '');
	return base !== name && base !== '' && isAllowedAggregate(base);
}

/** Whether an expression may call it. */
export function isAllowedFunction(name: string): boolean {
	return functions.has(name.toLowerCase()) || isAllowedAggregate(name);
}

/** Why a function is refused, where the list says so. */
export function refusalReason(name: string): string | undefined {
	return reasons.get(name.toLowerCase());
}

/** What a table function may be given; undefined for one that may not be used. */
export function tableFunctionArguments(name: string): TableFunctionArguments | undefined {
	return tableFunctions.get(name.toLowerCase());
}

/** The names that the engine knows as functions or table functions, allowed or not. */
export type Vocabulary = {
	/** In any case. */
	readonly isKnown: (name: string) => boolean;
};

const loaded = new WeakMap<SqlSession, Vocabulary>();

/** The vocabulary of the engine behind a session. The engine is asked once per session. */
export async function loadVocabulary(session: SqlSession): Promise<Vocabulary> {
	const vocabulary = loaded.get(session) ?? (await askVocabulary(session));
	loaded.set(session, vocabulary);
	return vocabulary;
}

async function askVocabulary(session: SqlSession): Promise<Vocabulary> {
	const rows = await session.rows<{name: string}>('SELECT name FROM system.functions UNION ALL SELECT name FROM system.table_functions');
	const known = new Set([...listed, ...rows.map(({name}) => name.toLowerCase())]);
	return {isKnown: (name) => known.has(name.toLowerCase())};
}
