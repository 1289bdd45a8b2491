import type {Statement} from './split-statements.js';
import {type Token, tokenise} from './tokens.js';

/** A statement that makes a table of `output` which no other statement of its script speaks of. */
export type LoneOutput = {
	readonly table: string;
	/** The statement, up to the query. */
	readonly head: string;
	/** The query that gives its rows. */
	readonly query: string;
};

/** What may stand between name and query: nothing, or a table that keeps its rows in the order they come in. */
const storages = [
	[],
	...['Log', 'TinyLog', 'StripeLog', 'Memory'].map((engine) => ['ENGINE', '=', engine]),
	'ENGINE = MergeTree ORDER BY tuple ( )'.split(' '),
];

/**
 * Whether a checked statement may put its rows where they are kept, since nobody will see the table in between. Queries of one SELECT alone:
 * of others only the engine knows what is worked out when their pipeline is looked at. None where the script changes settings, which the
 * session that looks at it does not have.
 *
 * @param sql the engine's own rendering of `statements[index]`
 */
export function loneOutput(statements: readonly Statement[], index: number, sql: string): LoneOutput | null {
	const tokens = tokenise(sql);
	const start = tokens[1]?.text === 'OR' ? 3 : 1;
	const [table, database, dot, name] = tokens.slice(start, start + 4);
	if (tokens[0]?.text !== 'CREATE' || table?.text !== 'TABLE' || database?.value !== 'output' || dot?.text !== '.' || name === undefined)
		return null;
	const as = tokens.findIndex(({kind, text}) => kind === 'word' && text === 'AS');
	const [keyword, select] = [tokens[as], tokens[as + 1]];
	if (keyword === undefined || select?.text !== 'SELECT' || !isStorage(tokens.slice(start + 4, as))) return null;
	if (tokens.filter(({kind, text}) => kind === 'word' && text === 'SELECT').length > 1) return null;
	if (tokens.some(({kind, text}) => kind === 'word' && text === 'SETTINGS')) return null;
	if (statements.some((other, at) => (at !== index && speaksOf(other, name.value)) || isWord(other.tokens[0], 'SET'))) return null;
	return {table: name.value, head: sql.slice(0, keyword.offset), query: sql.slice(select.offset)};
}

function isStorage(tokens: readonly Token[]): boolean {
	return storages.some((words) => words.length === tokens.length && words.every((word, at) => tokens[at]?.text === word));
}

function speaksOf({tokens}: Statement, name: string): boolean {
	return tokens.some(({kind, value}) => (kind === 'word' || kind === 'name') && value === name);
}

function isWord(token: Token | undefined, word: string): boolean {
	return token?.kind === 'word' && token.text.toUpperCase() === word;
}
