import {overridableKeys} from '../access.js';
import {Refusal} from './refusal.js';
import {isStructure, notAStructure} from './structure.js';
import {literalText, type SyntaxNode} from './syntax-tree.js';
import {allowedFormats} from './verdicts/formats.js';
import {words} from './verdicts/words.js';
import {tableFunctionArguments} from './vocabulary.js';

const overridable: ReadonlySet<string> = new Set(overridableKeys);
const formats: ReadonlySet<string> = new Set(['auto', ...words(allowedFormats).map((name) => name.toLowerCase())]);

/** Words without which a text that the engine might take for a structure holds no expression. */
const expression = /[(@]|\b(?:alias|default|materialized|ephemeral|ttl|codec|statistics|settings)\b/i;

function checkFormat(owner: string, format: string | undefined): void {
	if (format !== undefined && formats.has(format.toLowerCase())) return;
	throw new Refusal('formats', `${owner}() may not read the format ${format ?? 'of an expression'}`, owner);
}

/** The secret by its name, then what a call may give itself. Returns the structures. */
function checkSource(name: string, given: readonly SyntaxNode[], collections: readonly string[]): readonly string[] {
	const [first, ...rest] = given;
	if (first?.kind !== 'Identifier' || !collections.includes(first.name)) {
		const known = collections.length === 0 ? 'this connector names no secrets' : `this connector's secrets are ${collections.join(', ')}`;
		throw new Refusal(
			'secrets',
			`${name}() does not name one of the connector's secrets; ${known}`,
			name,
			first?.kind === 'Identifier' ? first.name : undefined,
		);
	}
	return rest.flatMap((argument) => {
		const [key, value] = argument.children[0]?.children ?? [];
		const plain = value?.kind === 'Literal' || (value?.kind === 'Identifier' && key?.name === 'format');
		if (argument.kind !== 'Function' || argument.name !== 'equals' || key?.kind !== 'Identifier' || !plain || !overridable.has(key.name)) {
			throw new Refusal('secrets', `${name}(${first.name}, ...) is given more than table, query, schema, format and structure`, name);
		}
		const text = literalText(value);
		if (key.name === 'format') checkFormat(name, value.kind === 'Identifier' ? value.name : text);
		if (key.name !== 'structure' || text === 'auto') return [];
		return [structureOf(name, value)];
	});
}

function structureOf(owner: string, node: SyntaxNode | undefined): string {
	const text = literalText(node);
	if (text === undefined || !isStructure(text)) throw notAStructure(owner);
	return text;
}

/** The engine takes a literal text in first place for a structure when it can be read as one and more follows. */
function structureBeforeRows(owner: string, given: readonly SyntaxNode[]): readonly string[] {
	const [first, ...rows] = given;
	if (first === undefined || rows.length === 0) return [];
	if (first.kind === 'Identifier' || first.kind === 'QueryParameter') throw notAStructure(owner);
	if (first.kind !== 'Literal' || !first.name.startsWith("'")) return [];
	const text = literalText(first);
	if (text !== undefined && isStructure(text)) return [text];
	if (text === undefined || expression.test(text)) throw notAStructure(owner);
	return [];
}

/**
 * Holds a table function and its arguments against the list.
 *
 * @param collections the connector's secrets, as SQL knows them
 * @returns the structure texts, which the engine has still to parse
 * @throws Refusal
 */
export function checkTableFunction(node: SyntaxNode, collections: readonly string[]): readonly string[] {
	const {name} = node;
	const given = node.children[0]?.children ?? [];
	const [first] = given;
	const rule = tableFunctionArguments(name);
	switch (rule) {
		case undefined:
			throw new Refusal('table_functions', `The table function ${name}() may not be used`, name);
		case 'secret':
			return checkSource(name, given, collections);
		case 'structure':
			if (given.length !== 1) throw notAStructure(name);
			return [structureOf(name, first)];
		case 'structure, then values':
			if (first === undefined || (first.kind === 'Literal' && !first.name.startsWith("'"))) return [];
			return [structureOf(name, first)];
		case 'structure or rows':
			return structureBeforeRows(name, given);
		case 'query':
			if (given.length === 1 && first?.kind === 'SelectWithUnionQuery') return [];
			throw new Refusal('table_functions', `${name}() is given more than a SELECT`, name);
		case 'rows':
		case 'expressions':
			return [];
	}
}
