import {readableDatabases} from './access.js';
import type {Statement} from './split-statements.js';
import type {Token} from './tokens.js';

/** What a file cannot do that a table can, or may do more than once, or would do with a column that a table hides. */
const needsTable: ReadonlySet<string> = new Set('WITH VIEW NATURAL COLUMNS PREWHERE SAMPLE FINAL LIVE CLONE'.split(' '));
/** What stands before and behind a star that means columns, and not a product. */
const beforeColumns: ReadonlySet<string> = new Set(['SELECT', 'DISTINCT', 'ALL', ',', '.', '(']);
const behindColumns: ReadonlySet<string> = new Set([
	',',
	')',
	...'FROM EXCEPT EXCLUDE REPLACE RENAME APPLY LIKE ILIKE NOT WHERE UNION INTERSECT'.split(' '),
]);

const otherDatabases: ReadonlySet<string> = new Set(readableDatabases.filter((name) => name !== 'input'));

/**
 * Whether a script reads a page once at most, naming the columns it takes: the page may then be read where it lies. A table that is read
 * once costs more than it saves (1M x 12: 0.76 s to write it).
 *
 * @param names all names that lead to the page
 */
export function isReadOnce(statements: readonly Statement[], names: readonly string[]): boolean {
	const mentions = statements.flatMap(({tokens}) => tokens.flatMap((_, at) => (mayMean(tokens, at, names) ? [{tokens, at}] : [])));
	const [mention, another] = mentions;
	if (mention === undefined || another !== undefined) return mention === undefined;
	const {tokens, at} = mention;
	const before = keyword(tokens[tokens[at - 1]?.text === '.' ? at - 3 : at - 1]);
	if (before !== 'FROM' && before !== 'JOIN') return false;
	return !tokens.some((token, index) => index !== at && (needsTable.has(keyword(token)) || isOfFile(token) || meansColumns(tokens, index)));
}

/** Whether a word may lead to the page: it has one of its names, and is no table of another database. */
function mayMean(tokens: readonly Token[], at: number, names: readonly string[]): boolean {
	const [database, dot, token] = [tokens[at - 2], tokens[at - 1], tokens[at]];
	if ((token?.kind !== 'word' && token?.kind !== 'name') || !names.includes(token.value)) return false;
	return dot?.text !== '.' || database === undefined || !otherDatabases.has(database.value);
}

/** Such as `_path`, which the engine has for a file and a table has not. */
function isOfFile({kind, value}: Token): boolean {
	return (kind === 'word' || kind === 'name') && value.startsWith('_') && value !== '_line' && value !== '_CAST';
}

function meansColumns(tokens: readonly Token[], at: number): boolean {
	if (tokens[at]?.text !== '*') return false;
	const [before, behind] = [keyword(tokens[at - 1]), keyword(tokens[at + 1])];
	if (before === '(' && behind === ')') return false;
	return beforeColumns.has(before) || behindColumns.has(behind) || behind === '';
}

/** As keywords are compared: a quoted name is none. */
function keyword(token: Token | undefined): string {
	return token === undefined || token.kind === 'name' || token.kind === 'string' ? '' : token.text.toUpperCase();
}
