import type {NamedColumn} from '../../model/named-column.js';
import {pageOf} from '../intake/compatible.js';
import type {PageHead} from '../intake/page.js';
import {type SyntaxNode, walk} from './guard/syntax-tree.js';

/**
 * The columns of input pages that a statement, which has run on these pages, cannot do without (SPEC 4): names in a SELECT that reads one table
 * of `input` and nothing else, which can be nothing but a column of that page. A name that an alias, a lambda, a join, a common table
 * expression or a subquery could give is left out: a file must never be refused for a column that it need not have.
 *
 * @param tree of a statement that is run in any case
 * @param pages that the statement was run on
 */
export function namedColumns(tree: SyntaxNode, pages: readonly PageHead[]): readonly NamedColumn[] {
	const scope = scopeOf(tree);
	const found = new Map<string, NamedColumn>();
	for (const {node, parents} of walk(tree)) {
		if (node.kind !== 'SelectQuery' || !isPlain(parents)) continue;
		const read = onlyTable(node, pages);
		if (read === null) continue;
		for (const column of columnsIn(node, read, scope)) {
			const named = {table: read.table, position: pages.indexOf(read.page), column};
			found.set(`${named.position} ${column}`, named);
		}
	}
	return [...found.values()];
}

type Read = {readonly table: string; readonly page: PageHead; readonly prefixes: ReadonlySet<string>};

type Scope = {
	/** The nodes that give a name, by the name. */
	readonly aliases: ReadonlyMap<string, readonly SyntaxNode[]>;
	/** Names of the parameters of lambdas. */
	readonly parameters: ReadonlySet<string>;
};

/** Whether a SELECT sees no columns but its own: a subquery in an expression sees those around it, and of a common table expression nothing tells whether it is used. */
function isPlain(parents: readonly SyntaxNode[]): boolean {
	return parents.every(({kind}, at) => kind !== 'Subquery' || parents[at + 1]?.kind === 'TableExpression');
}

function scopeOf(tree: SyntaxNode): Scope {
	const aliases = new Map<string, SyntaxNode[]>();
	const parameters = new Set<string>();
	for (const {node, parents} of walk(tree)) {
		if (node.alias !== undefined) aliases.set(node.alias, [...(aliases.get(node.alias) ?? []), node]);
		const [list, tuple, lambdaList, lambda] = parents;
		if (node.kind !== 'Identifier' || list?.kind !== 'ExpressionList') continue;
		if (tuple?.name === 'tuple' && lambda?.name === 'lambda' && lambdaList?.children[0] === tuple) parameters.add(node.name);
	}
	return {aliases, parameters};
}

/** The page that a SELECT reads, where it reads one table of `input` and nothing else. */
function onlyTable(select: SyntaxNode, pages: readonly PageHead[]): Read | null {
	const tables = select.children.filter(({kind}) => kind === 'TablesInSelectQuery').flatMap(({children}) => children);
	const [expression, ...others] = tables.flatMap(({children}) => children);
	const [table, ...more] = expression?.kind === 'TableExpression' ? expression.children : [];
	if (tables.length !== 1 || others.length > 0 || table?.kind !== 'TableIdentifier' || more.length > 0) return null;
	const name = /^input\.(.+)$/s.exec(table.name)?.[1];
	const page = name === undefined ? undefined : pageOf(pages, name);
	if (name === undefined || page === undefined) return null;
	return {table: name, page, prefixes: new Set(table.alias === undefined ? [name] : [table.alias, name])};
}

function columnsIn(select: SyntaxNode, read: Read, scope: Scope): ReadonlySet<string> {
	const known = new Set(read.page.columns);
	const found = new Set<string>();
	const visit = (node: SyntaxNode, parents: readonly SyntaxNode[]): void => {
		if (isOther(node, parents)) return;
		if (node.kind === 'Identifier') {
			const column = columnOf(node.name, read, scope);
			if (column !== null && known.has(column) && isColumn(column, [node, ...parents], scope)) found.add(column);
		}
		for (const child of node.children) visit(child, [node, ...parents]);
	};
	for (const child of select.children) if (child.kind !== 'TablesInSelectQuery') visit(child, [select]);
	return found;
}

/** What stands in an expression and names no column of this SELECT: another SELECT, a choice of columns, the table behind IN. */
function isOther(node: SyntaxNode, [list, call]: readonly SyntaxNode[]): boolean {
	if (/^(?:Subquery|SelectQuery|WithElement|WindowListElement|Set)$|Columns|Matcher/.test(node.kind)) return true;
	return list?.kind === 'ExpressionList' && call?.kind === 'Function' && /in(?:ignoreset)?$/i.test(call.name) && list.children[0] !== node;
}

/** `sku`, or `sku` of `p.sku` where `p` can be nothing but the table. */
function columnOf(name: string, {prefixes}: Read, {aliases}: Scope): string | null {
	const dot = name.lastIndexOf('.');
	if (dot < 0) return name;
	const prefix = name.slice(0, dot);
	const isTable = prefixes.has(prefix) && (aliases.get(prefix) ?? []).every(({kind}) => kind === 'TableIdentifier');
	return isTable ? name.slice(dot + 1) : null;
}

/** Of `upper(sku) AS sku` the name inside is the column: an alias is not made of itself. */
function isColumn(name: string, around: readonly SyntaxNode[], {aliases, parameters}: Scope): boolean {
	return !parameters.has(name) && (aliases.get(name) ?? []).every((node) => around.includes(node));
}
