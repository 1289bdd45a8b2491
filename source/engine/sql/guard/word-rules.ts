import type {Token} from '../tokens.js';
import {allowedSettings} from './allowed-settings.js';
import {Refusal} from './refusal.js';
import {sources, type Vocabulary} from './vocabulary.js';

const hiddenDatabases: ReadonlySet<string> = new Set(['system', 'information_schema', 'kept']);

function isWord(token: Token | undefined): token is Token {
	return token?.kind === 'word' || token?.kind === 'name';
}

function checkCall(token: Token, vocabulary: Vocabulary): void {
	const name = token.value;
	if (!vocabulary.isKnown(name)) return;
	if (vocabulary.isAllowedWord(name) || vocabulary.isAllowedTableFunction(name) || sources.has(name.toLowerCase())) return;
	throw new Refusal('functions', `The function ${name}() may not be called`, name);
}

/** The names in `SETTINGS a = 1, b = 2`, or in `SET a = 1`, whose first name stands at `from`. */
function settingNames(tokens: readonly Token[], from: number): readonly string[] {
	const names: string[] = [];
	for (let at = from; isWord(tokens[at]) && tokens[at + 1]?.text === '='; at++) {
		names.push(tokens[at]?.value ?? '');
		at += 2;
		// Values are literals; `[`, `{` and function-like values are skipped to the comma that ends them.
		for (let depth = 0; at < tokens.length; at++) {
			const text = tokens[at]?.text ?? '';
			if (depth === 0 && (text === ',' || text === ')')) break;
			if ('([{'.includes(text)) depth++;
			if (')]}'.includes(text)) depth--;
		}
		if (tokens[at]?.text !== ',') break;
	}
	return names;
}

function checkSettings(names: readonly string[]): void {
	const name = names.find((candidate) => !allowedSettings.has(candidate));
	if (name !== undefined) throw new Refusal('settings', `The setting ${name} may not be changed`, name);
}

/**
 * Refuses the clauses that would do something before the statement itself is looked at, or that its syntax tree does not show: files,
 * formats, settings, hidden databases, joined statements. To be called before the engine is asked for the tree.
 *
 * @param tokens the engine's own rendering of the statement
 * @throws Refusal
 */
export function checkClauses(tokens: readonly Token[]): void {
	if (tokens[0]?.text === 'SET') {
		const names = settingNames(tokens, 1);
		if (names.length === 0) throw new Refusal('settings', 'This form of SET may not be used', 'SET');
		checkSettings(names);
	}
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
		if (token.text === 'SETTINGS') checkSettings(settingNames(tokens, at + 1));
		if (!isWord(token)) continue;
		if (next?.text === '.' && previous?.text !== '.' && hiddenDatabases.has(token.value.toLowerCase())) {
			throw new Refusal('databases', `The database ${token.value} may not be read`, token.value);
		}
	}
	checkFormat(tokens);
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
		const previous = tokens[at - 1]?.text;
		if (tokens[at + 1]?.text === '(' && previous !== '.') checkCall(token, vocabulary);
		const isLambda = tokens[at + 1]?.text === '-' && tokens[at + 2]?.text === '>';
		if (previous === 'APPLY' && !isLambda && !vocabulary.isAllowedFunction(token.value)) {
			throw new Refusal('functions', `The function ${token.value}() may not be applied`, token.value);
		}
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
