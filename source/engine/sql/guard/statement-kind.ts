import {readableDatabases, writableDatabases} from '../access.js';
import type {Token} from '../tokens.js';
import {Refusal} from './refusal.js';
import {allowedEngines} from './verdicts/table-engines.js';

/** What a statement does, as far as running it needs to know. `fills`: it writes rows into a table; `ordered`: they have an order of their own. */
export type StatementKind = {readonly does: 'select' | 'fill' | 'values' | 'change' | 'set' | 'use'; readonly ordered: boolean};

type TableName = {readonly database: string | undefined; readonly next: number};

const writable: readonly (string | undefined)[] = [...writableDatabases, undefined];
const readable: readonly string[] = readableDatabases;
const engines: readonly string[] = allowedEngines;

/** The engine's own rendering of a statement, word by word. Keywords stand in capitals there. */
class Reader {
	constructor(readonly tokens: readonly Token[]) {}

	is(at: number, ...words: readonly string[]): boolean {
		return words.every((word, index) => this.tokens[at + index]?.text === word);
	}

	/** Past `words` where they stand, else where it was. */
	past(at: number, ...words: readonly string[]): number {
		return this.is(at, ...words) ? at + words.length : at;
	}

	table(at: number): TableName {
		const first = this.tokens[at];
		const isName = first?.kind === 'word' || first?.kind === 'name';
		if (!isName) throw new Refusal('statements', 'This form of statement may not be used', first?.text);
		if (!this.is(at + 1, '.')) return {database: undefined, next: at + 1};
		return {database: first.value, next: at + 3};
	}

	/** Index of the first token at no depth of parentheses that `holds`, from `from` on. */
	find(from: number, holds: (token: Token, index: number) => boolean): number | undefined {
		let depth = 0;
		for (const [offset, token] of this.tokens.slice(from).entries()) {
			if (depth === 0 && holds(token, from + offset)) return from + offset;
			if (token.text === '(' || token.text === '[') depth++;
			if (token.text === ')' || token.text === ']') depth--;
		}
		return undefined;
	}
}

function own(reader: Reader, at: number): number {
	const {database, next} = reader.table(at);
	if (!writable.includes(database)) throw new Refusal('databases', `The database ${database} may not be written`, database);
	return next;
}

/** Every table of a list such as `a.b, c.d` or `a TO b, c TO d`. */
function ownList(reader: Reader, from: number, separators: readonly string[]): void {
	let at = own(reader, from);
	for (;;) {
		const separator = reader.tokens[at]?.text ?? '';
		if (!separators.includes(separator)) return;
		at = own(reader, at + 1);
	}
}

/** Whether rows come out in an order that the statement gives: ORDER BY at the top, over the whole and not one part of a UNION. */
function isOrdered(reader: Reader, from: number): boolean {
	const combined = reader.find(from, ({text}) => ['UNION', 'EXCEPT', 'INTERSECT'].includes(text));
	return combined === undefined && reader.find(from, (_, index) => reader.is(index, 'ORDER', 'BY')) !== undefined;
}

function checkHead(reader: Reader, from: number, to: number): void {
	for (let at = from; at < to; at++) {
		const next = reader.tokens[at + 2];
		if (reader.is(at, 'ENGINE', '=') && !engines.includes(next?.value ?? '')) {
			throw new Refusal('engines', `A table of the engine ${next?.value} may not be created`, next?.value);
		}
		const elsewhere = [['UUID'], ['ON', 'CLUSTER'], ['TO', 'DISK'], ['TO', 'VOLUME'], ['SQL', 'SECURITY'], ['DEFINER'], ['TO', 'INNER']];
		const found = elsewhere.find((words) => reader.is(at, ...words) && reader.tokens[at]?.kind === 'word');
		if (found === undefined || (found[0] === 'UUID' && reader.tokens[at + 1]?.kind !== 'string')) continue;
		throw new Refusal('storage', `${found.join(' ')} may not be used`, found[0]);
	}
}

function create(reader: Reader): StatementKind {
	let at = reader.past(1, 'OR', 'REPLACE');
	at = reader.past(at, 'TEMPORARY');
	if (!reader.is(at, 'TABLE') && !reader.is(at, 'VIEW')) {
		throw new Refusal('statements', `CREATE ${reader.tokens[at]?.text ?? ''} may not be used`, reader.tokens[at]?.text);
	}
	at = own(reader, reader.past(at + 1, 'IF', 'NOT', 'EXISTS'));
	const as = reader.find(at, ({text}) => text === 'AS');
	checkHead(reader, at, as ?? reader.tokens.length);
	if (as === undefined) return {does: 'change', ordered: true};
	if (reader.is(as + 1, 'SELECT') || reader.is(as + 1, 'WITH') || reader.is(as + 1, '(')) {
		return {does: 'fill', ordered: isOrdered(reader, as + 1)};
	}
	// `AS db.table` and `CLONE AS db.table`: the clause may be followed by more of the head.
	const {database, next} = reader.table(as + 1);
	if (database !== undefined && !readable.includes(database)) {
		throw new Refusal('databases', `The database ${database} may not be read`, database);
	}
	checkHead(reader, next, reader.tokens.length);
	const query = reader.find(next, ({text}) => text === 'AS');
	return query === undefined ? {does: 'change', ordered: true} : {does: 'fill', ordered: isOrdered(reader, query + 1)};
}

function insert(reader: Reader): StatementKind {
	const at = reader.past(2, 'TABLE');
	if (reader.is(at, 'FUNCTION')) throw new Refusal('table_functions', 'INSERT INTO FUNCTION may not be used', 'FUNCTION');
	const next = own(reader, at);
	const select = reader.find(next, ({text}) => text === 'SELECT' || text === 'WITH');
	if (select !== undefined) return {does: 'fill', ordered: isOrdered(reader, select)};
	const last = reader.tokens.length - 1;
	if (reader.is(last - 1, 'FORMAT', 'Values')) return {does: 'values', ordered: true};
	return {does: 'fill', ordered: false};
}

function change(reader: Reader, from: number, separators: readonly string[]): StatementKind {
	ownList(reader, from, separators);
	return {does: 'change', ordered: true};
}

function use(reader: Reader): StatementKind {
	const database = reader.tokens[1]?.value ?? '';
	if (!readable.includes(database)) throw new Refusal('databases', `The database ${database} may not be used`, database);
	return {does: 'use', ordered: true};
}

/**
 * What a statement does, from the engine's own rendering of it. Anything that is not on the list is refused.
 *
 * @throws Refusal
 */
export function statementKind(tokens: readonly Token[]): StatementKind {
	const reader = new Reader(tokens);
	const select: StatementKind = {does: 'select', ordered: true};
	if (reader.is(0, 'SELECT') || reader.is(0, 'WITH') || reader.is(0, '(')) return select;
	if (reader.is(0, 'CREATE')) return create(reader);
	if (reader.is(0, 'INSERT', 'INTO')) return insert(reader);
	if (reader.is(0, 'DROP', 'TABLE') || reader.is(0, 'DROP', 'VIEW')) return change(reader, reader.past(2, 'IF', 'EXISTS'), [',']);
	if (reader.is(0, 'DROP', 'TEMPORARY', 'TABLE')) return change(reader, reader.past(3, 'IF', 'EXISTS'), [',']);
	if (reader.is(0, 'TRUNCATE', 'TABLE')) return change(reader, reader.past(2, 'IF', 'EXISTS'), []);
	if (reader.is(0, 'ALTER', 'TABLE')) return change(reader, 2, []);
	if (reader.is(0, 'RENAME', 'TABLE')) return change(reader, reader.past(2, 'IF', 'EXISTS'), ['TO', ',']);
	if (reader.is(0, 'EXCHANGE', 'TABLES')) return change(reader, 2, ['AND', ',']);
	if (reader.is(0, 'OPTIMIZE', 'TABLE')) return change(reader, 2, []);
	if (reader.is(0, 'DELETE', 'FROM')) return change(reader, 2, []);
	if (reader.is(0, 'SET')) return {does: 'set', ordered: true};
	if (reader.is(0, 'USE')) return use(reader);
	const [first, second] = tokens;
	const head = second?.kind === 'word' ? `${first?.text} ${second.text}` : first?.text;
	throw new Refusal('statements', `${head} may not be used`, first?.text);
}
