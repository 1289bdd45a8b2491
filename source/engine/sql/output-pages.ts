import {readableDatabases, writableDatabases} from './access.js';
import type {Statement} from './split-statements.js';
import type {Token} from './tokens.js';

const otherDatabases: ReadonlySet<string> = new Set(readableDatabases.filter((name) => name !== 'input'));
/** What a statement says between `CREATE` or `INSERT` and the name of its table. */
const beforeTarget: ReadonlySet<string> = new Set('OR REPLACE TEMPORARY MATERIALIZED TABLE VIEW IF NOT EXISTS INTO'.split(' '));

type Target = {readonly does: 'create' | 'insert'; readonly database: string; readonly table: string; readonly end: number};

/**
 * The page that every row of an output table comes from, by table, where the script leaves no doubt: each statement that fills the table names
 * that page alone, and no table that the script makes. The line of a row then tells its row of the input, though there are several pages.
 *
 * @param pages all names that lead to each page
 */
export function outputPages(statements: readonly Statement[], pages: readonly (readonly string[])[]): ReadonlyMap<string, number> {
	const targets = statements.map(({tokens}) => targetOf(tokens));
	const made = new Set(targets.flatMap((target) => (target ? [target.table] : [])));
	const found = new Map<string, number | null>();
	for (const [at, {tokens}] of statements.entries()) {
		const target = targets[at] ?? null;
		const mentioned = new Set(tokens.flatMap(({value}, index) => (isMade(tokens, index, made) ? [value] : [])));
		const page = target && fills(target, tokens) ? onlyPage(tokens.slice(target.end), pages, made) : null;
		for (const table of mentioned) {
			if (target?.table !== table) {
				// Reading an output changes nothing in it; another statement may.
				if (tokens.some((token) => isWord(token, 'MATERIALIZED')) || (target === null && !isWord(tokens[0], 'DROP')))
					found.set(table, null);
			} else if (target.database !== 'output') found.set(table, null);
			else if (fills(target, tokens)) found.set(table, found.has(table) && found.get(table) !== page ? null : page);
		}
	}
	return new Map([...found].flatMap(([table, page]) => (page === null ? [] : [[table, page] as const])));
}

function targetOf(tokens: readonly Token[]): Target | null {
	const does = isWord(tokens[0], 'CREATE') ? 'create' : isWord(tokens[0], 'INSERT') ? 'insert' : null;
	if (does === null) return null;
	let at = 1;
	while (tokens[at]?.kind === 'word' && beforeTarget.has(tokens[at]?.text.toUpperCase() ?? '')) at++;
	const [first, dot, second] = [tokens[at], tokens[at + 1], tokens[at + 2]];
	if (first === undefined || !isName(first)) return null;
	if (dot?.text === '.' && second !== undefined) return {does, database: first.value, table: second.value, end: at + 3};
	return {does, database: '', table: first.value, end: at + 1};
}

/** Whether a statement puts rows into its table. */
function fills({does, end}: Target, tokens: readonly Token[]): boolean {
	return does === 'insert' || tokens.slice(end).some((token) => isWord(token, 'SELECT'));
}

/** The one page that a query reads; null where it reads none or several, or what may hold rows of another. */
function onlyPage(query: readonly Token[], pages: readonly (readonly string[])[], made: ReadonlySet<string>): number | null {
	if (query.some((_, at) => isMade(query, at, made)) || query.some((_, at) => isTableFunction(query, at))) return null;
	const read = pages.flatMap((names, page) => (query.some((_, at) => mayMean(query, at, names)) ? [page] : []));
	const [page, another] = read;
	return page === undefined || another !== undefined ? null : page;
}

/** Whether a word may mean a table that the script makes. Before a point it is the name of a database, or of a table whose column follows. */
function isMade(tokens: readonly Token[], at: number, made: ReadonlySet<string>): boolean {
	const [database, dot, token, next] = [tokens[at - 2], tokens[at - 1], tokens[at], tokens[at + 1]];
	if (token === undefined || !isName(token) || !made.has(token.value) || next?.text === '.') return false;
	return dot?.text !== '.' || database === undefined || writableDatabases.some((name) => name === database.value);
}

/** Such as `merge(…)`, which may read any table. */
function isTableFunction(tokens: readonly Token[], at: number): boolean {
	const [keyword, name, open] = [tokens[at], tokens[at + 1], tokens[at + 2]];
	return (
		(isWord(keyword, 'FROM') || isWord(keyword, 'JOIN') || keyword?.text === ',') &&
		name?.kind === 'word' &&
		/^(merge|loop)$/i.test(name.text) &&
		open?.text === '('
	);
}

/** Whether a word may lead to the page: it has one of its names, and is no table of another database. */
function mayMean(tokens: readonly Token[], at: number, names: readonly string[]): boolean {
	const [database, dot, token] = [tokens[at - 2], tokens[at - 1], tokens[at]];
	if (token === undefined || !isName(token) || !names.includes(token.value)) return false;
	return dot?.text !== '.' || database === undefined || !otherDatabases.has(database.value);
}

function isName({kind}: Token): boolean {
	return kind === 'word' || kind === 'name';
}

function isWord(token: Token | undefined, word: string): boolean {
	return token?.kind === 'word' && token.text.toUpperCase() === word;
}
