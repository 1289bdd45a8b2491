/** A node of the engine's syntax tree: its kind (`Function`, `TableIdentifier`, ...), what stands behind it, its alias, and its children. */
export type SyntaxNode = {
	readonly kind: string;
	readonly name: string;
	readonly alias?: string | undefined;
	readonly children: readonly SyntaxNode[];
};

type GrowingNode = {kind: string; name: string; alias?: string | undefined; children: GrowingNode[]};

/** Kinds that consist of two words; all others of one. */
const twoWords = /^(Storage definition|Columns definition|Dictionary definition|View SQL Security|SYSTEM query)/;

function nodeOf(text: string): GrowingNode {
	const whole = text.replace(/ \(children \d+\)$/, '');
	const bare = whole.replace(/ \(alias .*\)$/s, '');
	const alias = / \(alias (.*)\)$/s.exec(whole)?.[1];
	const kind = twoWords.exec(bare)?.[0] ?? bare.split(' ', 1)[0] ?? '';
	return {kind, name: bare.slice(kind.length).trim(), ...(alias !== undefined && {alias}), children: []};
}

/** The tree that `EXPLAIN AST` prints, one node a line, its depth by the spaces in front. */
export function parseSyntaxTree(lines: readonly string[]): SyntaxNode {
	const root: GrowingNode = {kind: 'root', name: '', children: []};
	const path: GrowingNode[] = [root];
	for (const line of lines) {
		const depth = line.length - line.trimStart().length;
		const node = nodeOf(line.trimStart());
		// Why the minimum: a name with a line break in it can only make the tree deeper than it is, never hide a node.
		const parentDepth = Math.min(depth, path.length - 1);
		(path[parentDepth] ?? root).children.push(node);
		path.length = parentDepth + 1;
		path.push(node);
	}
	return root;
}

/** Every node with its parents, nearest first. */
export function* walk(
	node: SyntaxNode,
	parents: readonly SyntaxNode[] = [],
): Generator<{node: SyntaxNode; parents: readonly SyntaxNode[]}> {
	yield {node, parents};
	for (const child of node.children) yield* walk(child, [node, ...parents]);
}

const escapes: Readonly<Record<string, string>> = {n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', 0: '\0'};

/** The text of a literal text; undefined for any other node. */
export function literalText(node: SyntaxNode | undefined): string | undefined {
	if (node?.kind !== 'Literal' || !/^'(?:[^'\\]|\\.)*'$/s.test(node.name)) return undefined;
	return node.name.slice(1, -1).replace(/\\(.)/gs, (_, escaped: string) => escapes[escaped] ?? escaped);
}
