import {readableDatabases} from '../access.js';
import {Refusal} from './refusal.js';
import {type SyntaxNode, walk} from './syntax-tree.js';
import {checkTableFunction} from './table-arguments.js';
import {checkTextArguments} from './text-arguments.js';
import {allowedEngines} from './verdicts/table-engines.js';
import {isAllowedFunction, refusalReason} from './vocabulary.js';

const readable: ReadonlySet<string> = new Set(readableDatabases);
const engines: ReadonlySet<string> = new Set(allowedEngines);

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

function checkFunction(node: SyntaxNode, parents: readonly SyntaxNode[]): void {
	const [parent, grandparent, greatGrandparent] = parents;
	if (parent?.kind === 'InsertQuery')
		throw new Refusal('table_functions', `INSERT INTO FUNCTION ${node.name}() may not be used`, node.name);
	if (parent?.kind === 'CreateQuery') throw new Refusal('table_functions', `A table may not be made of ${node.name}()`, node.name);
	if (parent?.kind === 'Storage definition' && engines.has(node.name)) return;
	// An index is an expression and its type. The words of the type are held to the list by checkCalls.
	if (parent?.kind === 'Index' && parent.children.length > 1 && parent.children.at(-1) === node) return;
	if (node.name === 'CODEC' && parent?.kind === 'ColumnDeclaration') return;
	if (grandparent?.name === 'CODEC' && greatGrandparent?.kind === 'ColumnDeclaration') return;
	if (!isAllowedFunction(node.name)) throw refusedFunction(node.name);
	checkTextArguments(node);
}

/** The refusal of a call, with its reason where the list gives one. */
export function refusedFunction(name: string): Refusal {
	const reason = refusalReason(name);
	return new Refusal('functions', `The function ${name}() may not be called${reason === undefined ? '' : `: ${reason}`}`, name);
}

/**
 * Holds a statement's syntax tree against the allow-lists: functions, table functions, databases and alterations.
 *
 * @param collections the connector's secrets, as SQL knows them
 * @returns the structure texts of table functions, which the engine has still to parse
 * @throws Refusal
 */
export function checkTree(tree: SyntaxNode, collections: readonly string[]): readonly string[] {
	const structures: string[] = [];
	for (const {node, parents} of walk(tree)) {
		if (node.kind === 'Function' && parents[0]?.kind === 'TableExpression') structures.push(...checkTableFunction(node, collections));
		else if (node.kind === 'Function') checkFunction(node, parents);
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
	return structures;
}

function splitName(name: string): [database: string, table: string | undefined] {
	const dot = name.indexOf('.');
	return dot < 0 ? [name, undefined] : [name.slice(0, dot), name.slice(dot + 1)];
}

function isTableOfIn([list, call]: readonly SyntaxNode[]): boolean {
	return list?.kind === 'ExpressionList' && call?.kind === 'Function' && /in(?:ignoreset)?$/i.test(call.name);
}
