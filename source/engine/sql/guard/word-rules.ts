import type {Token} from '../tokens.js';
import {Refusal} from './refusal.js';
import {takesName} from './text-arguments.js';
import {refusedFunction} from './tree-rules.js';
import {isAllowedFunction, tableFunctionArguments, type Vocabulary} from './vocabulary.js';

const hiddenDatabases: ReadonlySet<string> = new Set(['system', 'information_schema', 'kept']);

function isWord(token: Token | undefined): token is Token {
	return token?.kind === 'word' || token?.kind === 'name';
}

function checkCall(token: Token, vocabulary: Vocabulary): void {
	const name = token.value;
	if (!vocabulary.isKnown(name)) return;
	if (isAllowedFunction(name) || tableFunctionArguments(name) !== undefined) return;
	throw refusedFunction(name);
}

/**
 * Refuses the clauses that would do something before the statement itself is looked at, or that its syntax tree does not show: files,
 * formats, settings, hidden databases, joined statements. To be called before the engine is asked for the tree.
 *
 * @param tokens the engine's own rendering of the statement
 * @throws Refusal
 */
export function checkClauses(tokens: readonly Token[]): void {
	for (const [at, token] of tokens.entries()) {
		const next = tokens[at + 1];
		const previous = tokens[at - 1];
		// biome-ignore lint/suspicious/noControlCharactersInRegex: names that could forge a line of the syntax tree
		if (token.kind === 'name' && (/[\u0000-\u001F]/.test(token.value) || /\\[a-zA-Z0]/.test(token.text))) {
			throw new Refusal('statements', 'A name may not hold control characters', token.text);
		}
		if (token.text === 'INTO' && next?.text === 'OUTFILE') throw new Refusal('files', 'INTO OUTFILE may not be used', 'OUTFILE');
		if (token.text === 'FROM' && next?.text === 'INFILE') throw new Refusal('files', 'FROM INFILE may not be used', 'INFILE');
		if (token.text === 'PARALLEL' && next?.text === 'WITH') throw new Refusal('statements', 'PARALLEL WITH may not be used', 'PARALLEL');
		if (token.text === '{' && isWord(next) && tokens[at + 2]?.text === ':') {
			throw new Refusal('statements', 'A parameter of a query may not be used; meta.parameters holds those of the connector', next.text);
		}
		if (!isWord(token)) continue;
		if (next?.text === '.' && previous?.text !== '.' && hiddenDatabases.has(token.value.toLowerCase())) {
			throw new Refusal('databases', `The database ${token.value} may not be read`, token.value);
		}
	}
	checkFormat(tokens);
}

/** Where a statement may name its own table, which may be called like a function: `INSERT INTO file (a)`. */
function isOwnTable(tokens: readonly Token[], at: number): boolean {
	const [first] = tokens;
	if (at > 6 || !['CREATE', 'INSERT', 'ALTER'].includes(first?.text ?? '')) return false;
	return ['TABLE', 'VIEW', 'EXISTS', 'INTO'].includes(tokens[at - 1]?.text ?? '');
}

/** Words that end what is applied, where they stand outside its parentheses. */
const afterApply: ReadonlySet<string> = new Set([',', 'FROM', 'WHERE', 'APPLY', 'EXCEPT', 'REPLACE', 'AS', 'UNION', 'SETTINGS']);

/** The syntax tree shows nothing of what is applied: no query, and no function that takes the name of another, may be in it. */
function checkApplied(tokens: readonly Token[], from: number): void {
	const [first, second, third] = tokens.slice(from, from + 3);
	const isLambda = first?.text === '(' || (second?.text === '-' && third?.text === '>');
	if (isWord(first) && !isLambda && !isAllowedFunction(first.value)) throw refusedFunction(first.value);
	for (let at = from, depth = 0; at < tokens.length; at++) {
		const token = tokens[at];
		if (token === undefined || (depth === 0 && afterApply.has(token.text))) return;
		if ('([{'.includes(token.text)) depth++;
		if (')]}'.includes(token.text) && --depth < 0) return;
		if (token.text === 'SELECT') throw new Refusal('statements', 'A query may not be applied to columns', 'APPLY');
		if (isWord(token) && takesName(token.value)) {
			throw new Refusal('functions', `The function ${token.value}() may not be applied`, token.value);
		}
	}
}

/**
 * Refuses functions that the syntax tree may not show, such as those in `APPLY`: any word before a parenthesis that the engine knows as a
 * function has to be an allowed one.
 *
 * @throws Refusal
 */
export function checkCalls(tokens: readonly Token[], vocabulary: Vocabulary): void {
	for (const [at, token] of tokens.entries()) {
		if (!isWord(token)) continue;
		if (tokens[at + 1]?.text === '(' && tokens[at - 1]?.text !== '.' && !isOwnTable(tokens, at)) checkCall(token, vocabulary);
		if (token.text === 'APPLY') checkApplied(tokens, at + 1);
	}
}

function checkFormat(tokens: readonly Token[]): void {
	const at = tokens.findLastIndex(({text}) => text === 'FORMAT');
	if (at < 1 || !isWord(tokens[at + 1])) return;
	const after = tokens[at + 2];
	const isClause = after === undefined || after.text === 'SETTINGS';
	const isValues = tokens[0]?.text === 'INSERT' && tokens[at + 1]?.text === 'Values' && after === undefined;
	if (isClause && !isValues) throw new Refusal('formats', 'FORMAT may not be used', 'FORMAT');
}
