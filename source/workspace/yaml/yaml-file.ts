import {type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit, type YAMLError} from 'yaml';

/** Keys and indexes from the root of a file down to a value. */
export type Path = readonly (string | number)[];

export type Position = {readonly line: number; readonly column: number};

export type SyntaxProblem = Position & {readonly code: 'workspace.syntax' | 'workspace.duplicate_key'; readonly message: string};

/** A YAML file as plain values, every one of which still knows where it stands. */
export type YamlFile = {
	/** Undefined where the file is empty or cannot be read. */
	readonly root: unknown;
	readonly syntax: readonly SyntaxProblem[];
	/** Where the value at `path` begins; a blank one at its key, one that is not written down at what is nearest around it. */
	place(path: Path): Position;
	/** Where the last key of `path` begins. */
	keyPlace(path: Path): Position;
	/** A scalar as it was typed, so that `0012` and `1.50` keep their digits; undefined where there is none. */
	textAt(path: Path): string | undefined;
};

/** Larger files are no configuration, and reading one would hold the daemon. */
const mostCharacters = 1_000_000;
/** How many values aliases may stand for: more is a bomb. */
const mostAliases = 100;
/** An alias inside its own anchor has no bottom. */
const mostLevels = 64;

/** Reads YAML 1.2. Never throws: what cannot be read is a syntax problem. */
export function parseYaml(text: string): YamlFile {
	if (text.length > mostCharacters) return unreadable(`The file has more than ${mostCharacters} characters`);
	try {
		return readDocument(text);
	} catch (error) {
		// why: ten thousand levels overflow the parser's stack, and an alias bomb is refused by a throw.
		return unreadable(`This cannot be read as YAML: ${error instanceof Error ? error.message : String(error)}`);
	}
}

function readDocument(text: string): YamlFile {
	const lines = new LineCounter();
	const document = parseDocument(text, {lineCounter: lines, prettyErrors: false, merge: true});
	const position = (offset: number): Position => {
		const {line, col} = lines.linePos(offset);
		return {line: Math.max(1, line), column: Math.max(1, col)};
	};
	const start = (node: Node | null): Position => position(node?.range?.[0] ?? 0);
	const syntax: SyntaxProblem[] = document.errors.map((error) => ({...position(error.pos[0]), ...explain(error)}));
	visit(document, {
		Alias(_, alias) {
			if (alias.resolve(document)) return;
			syntax.push({...start(alias), code: 'workspace.syntax', message: `Nothing above is named by the anchor "&${alias.source}"`});
		},
	});
	const readable = syntax.every(({code}) => code === 'workspace.duplicate_key');
	const root: unknown = readable ? (document.toJS({maxAliasCount: mostAliases}) ?? undefined) : undefined;
	if (isDeeper(root, mostLevels)) return unreadable(`This goes more than ${mostLevels} levels deep`);
	return {
		root,
		syntax,
		place: (path) => {
			const {node, key} = follow(document, path);
			return start(isScalar(node) && node.value === null ? (key ?? node) : node);
		},
		keyPlace: (path) => {
			const {node, key} = follow(document, path);
			return start(key ?? node);
		},
		textAt: (path) => {
			const {node, lost} = follow(document, path);
			if (lost || !isScalar(node)) return undefined;
			return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
		},
	};
}

/** Where a path leads. A part that is not written down leaves it `lost` at the last one that is. */
type Found = {readonly node: Node | null; readonly key: Node | null; readonly lost: boolean};

function follow(document: Document, path: Path): Found {
	let found: Found = {node: document.contents, key: null, lost: false};
	for (const part of path) {
		const next = stepInto(document, found.node, part);
		if (!next) return {...found, lost: true};
		found = next;
	}
	return found;
}

function stepInto(document: Document, node: Node | null, part: string | number): Found | undefined {
	if (isMap(node)) {
		const pair = node.items.find(({key}) => isScalar(key) && String(key.value) === String(part));
		return pair && {node: anchored(document, pair.value), key: pair.key as Node, lost: false};
	}
	const item = isSeq(node) && typeof part === 'number' ? node.items[part] : undefined;
	return item === undefined ? undefined : {node: anchored(document, item), key: null, lost: false};
}

/** An alias is followed to its anchor: that is the text to change. */
function anchored(document: Document, value: unknown): Node | null {
	return (isAlias(value) ? (value.resolve(document) ?? value) : value) as Node | null;
}

function isDeeper(value: unknown, levels: number): boolean {
	if (typeof value !== 'object' || value === null) return false;
	return levels === 0 || Object.values(value).some((member) => isDeeper(member, levels - 1));
}

function explain({code, message}: YAMLError): Pick<SyntaxProblem, 'code' | 'message'> {
	if (code === 'DUPLICATE_KEY') return {code: 'workspace.duplicate_key', message: 'This key stands here twice'};
	return {code: 'workspace.syntax', message: `This is not YAML: ${message.replace(/\s+/g, ' ').trim()}`};
}

function unreadable(message: string): YamlFile {
	const position = {line: 1, column: 1};
	return {
		root: undefined,
		syntax: [{...position, code: 'workspace.syntax', message}],
		place: () => position,
		keyPlace: () => position,
		textAt: () => undefined,
	};
}
