import {allowedEngines, overridableKeys, readableDatabases} from '../access.js';
import {Refusal} from './refusal.js';
import {type SyntaxNode, walk} from './syntax-tree.js';
import {sources, type Vocabulary} from './vocabulary.js';

const readable: ReadonlySet<string> = new Set(readableDatabases);
const engines: ReadonlySet<string> = new Set(allowedEngines);
const overridable: ReadonlySet<string> = new Set(overridableKeys);

/** Databases that a column's name is not mistaken for; a table of theirs behind IN is a read. */
const foreign: ReadonlySet<string> = new Set(['system', 'information_schema', 'run', 'kept', 'default', '_temporary_and_external_tables']);

/** What ALTER TABLE may do. Partitions of other tables, disks, settings and TTL moves are not among it. */
const alterations: ReadonlySet<string> = new Set([
	'ADD_COLUMN',
	'DROP_COLUMN',
	'MODIFY_COLUMN',
	'RENAME_COLUMN',
	'COMMENT_COLUMN',
	'COMMENT_TABLE',
	'MODIFY_COMMENT',
	'MATERIALIZE_COLUMN',
	'MODIFY_ORDER_BY',
	'ADD_INDEX',
	'DROP_INDEX',
	'ADD_CONSTRAINT',
	'DROP_CONSTRAINT',
	'DROP_PARTITION',
	'UPDATE',
	'DELETE',
]);

function checkSource({name, children}: SyntaxNode, collections: readonly string[]): void {
	const [first, ...rest] = children[0]?.children ?? [];
	if (first?.kind !== 'Identifier' || !collections.includes(first.name)) {
		const known = collections.length === 0 ? 'this connector names no secrets' : `this connector's secrets are ${collections.join(', ')}`;
		throw new Refusal('secrets', `${name}() does not name one of the connector's secrets; ${known}`, name);
	}
	for (const argument of rest) {
		const [key, value] = argument.children[0]?.children ?? [];
		const plain = value?.kind === 'Literal' || (value?.kind === 'Identifier' && key?.name === 'format');
		if (argument.kind === 'Function' && argument.name === 'equals' && key?.kind === 'Identifier' && plain && overridable.has(key.name))
			continue;
		throw new Refusal('secrets', `${name}(${first.name}, ...) is given more than table, query, schema, format and structure`, name);
	}
}

function checkTableFunction(node: SyntaxNode, vocabulary: Vocabulary, collections: readonly string[]): void {
	const name = node.name.toLowerCase();
	if (sources.has(name)) checkSource(node, collections);
	else if (!vocabulary.isAllowedTableFunction(name))
		throw new Refusal('table_functions', `The table function ${node.name}() may not be used`, node.name);
}

function checkFunction(node: SyntaxNode, parents: readonly SyntaxNode[], vocabulary: Vocabulary): void {
	const [parent, grandparent, greatGrandparent] = parents;
	if (parent?.kind === 'InsertQuery')
		throw new Refusal('table_functions', `INSERT INTO FUNCTION ${node.name}() may not be used`, node.name);
	if (parent?.kind === 'CreateQuery') throw new Refusal('table_functions', `A table may not be made of ${node.name}()`, node.name);
	if (parent?.kind === 'Storage definition' && engines.has(node.name)) return;
	if (parent?.kind === 'Index') return;
	if (node.name === 'CODEC' && parent?.kind === 'ColumnDeclaration') return;
	if (grandparent?.name === 'CODEC' && greatGrandparent?.kind === 'ColumnDeclaration') return;
	if (!vocabulary.isAllowedFunction(node.name)) throw new Refusal('functions', `The function ${node.name}() may not be called`, node.name);
}

/**
 * Holds a statement's syntax tree against the allow-lists: functions, table functions, databases and alterations.
 *
 * @param collections the connector's secrets, as SQL knows them
 * @throws Refusal
 */
export function checkTree(tree: SyntaxNode, vocabulary: Vocabulary, collections: readonly string[]): void {
	for (const {node, parents} of walk(tree)) {
		if (node.kind === 'Function' && parents[0]?.kind === 'TableExpression') checkTableFunction(node, vocabulary, collections);
		else if (node.kind === 'Function') checkFunction(node, parents, vocabulary);
		const [database = '', table] = splitName(node.name);
		if (node.kind === 'TableIdentifier' && table !== undefined && !readable.has(database)) {
			throw new Refusal('databases', `The database ${database} may not be read`, database);
		}
		if (node.kind === 'Identifier' && table !== undefined && foreign.has(database.toLowerCase()) && isTableOfIn(parents)) {
			throw new Refusal('databases', `The database ${database} may not be read`, database);
		}
		if (node.kind === 'AlterCommand' && !alterations.has(node.name)) {
			throw new Refusal('statements', `ALTER TABLE ... ${node.name.replaceAll('_', ' ')} may not be used`);
		}
	}
}

function splitName(name: string): [database: string, table: string | undefined] {
	const dot = name.indexOf('.');
	return dot < 0 ? [name, undefined] : [name.slice(0, dot), name.slice(dot + 1)];
}

function isTableOfIn([list, call]: readonly SyntaxNode[]): boolean {
	return list?.kind === 'ExpressionList' && call?.kind === 'Function' && /in(?:ignoreset)?$/i.test(call.name);
}
