import {tokenise} from '../tokens.js';
import {Refusal} from './refusal.js';
import {type SyntaxNode, walk} from './syntax-tree.js';
import {allowedTypes, typeModifiers} from './verdicts/data-types.js';
import {words} from './verdicts/words.js';
import {isAllowedAggregate} from './vocabulary.js';

const types: ReadonlySet<string> = new Set(words(allowedTypes).map((name) => name.toLowerCase()));
const modifiers: ReadonlySet<string> = new Set(words(typeModifiers).map((name) => name.toLowerCase()));

/** What a type is made of besides words, names, numbers and texts. */
const symbols = '(),=.-';

/** Whatever the engine could read in another way than we do: escapes, comments, quotes of other kinds, all but plain space. */
const ambiguous = /\\|--|\/\/|\/\*|[#$\u2018-\u201F]|[^\S \t\n\r]/u;

/**
 * Whether a text is a list of names with their types, such as `a UInt8, b Array(Nullable(String))`, and nothing else: no default, no
 * alias, no codec, no expression.
 */
export function isStructure(text: string): boolean {
	if (ambiguous.test(text)) return false;
	let depth = 0;
	/** How many words of the column at hand were read, outside parentheses: its name, then its type. */
	let read = 0;
	const tokens = tokenise(text);
	for (const [at, {kind, text: token, value}] of tokens.entries()) {
		const word = value.toLowerCase();
		if (kind === 'broken' || (kind === 'symbol' && !symbols.includes(token))) return false;
		if (token === '(') {
			const owner = tokens[at - 1];
			if (read < 2 || owner?.kind !== 'word') return false;
			if (!types.has(owner.value.toLowerCase()) && !(depth > 0 && isAllowedAggregate(owner.value))) return false;
			depth++;
		} else if (token === ')') {
			if (--depth < 0) return false;
		} else if (depth > 0) {
			// the arguments of a type
		} else if (token === ',') {
			if (read < 2) return false;
			read = 0;
		} else {
			const isName = kind === 'word' || kind === 'name';
			if (read === 0 ? !isName : kind !== 'word' || !(read === 1 ? types : modifiers).has(word)) return false;
			read++;
		}
	}
	return depth === 0 && read >= 2;
}

/** The nodes of the syntax tree of names and types. */
const nodes: ReadonlySet<string> = new Set(
	words(`Identifier ExpressionList ColumnDeclaration NameTypePair DataType TupleDataType EnumDataType Literal
	ASTObjectTypeArgument ObjectTypedPath`),
);

/**
 * Holds the engine's own reading of a structure against the same rule.
 *
 * @param tree of `structureTable(text)`
 * @throws Refusal
 */
export function checkStructureTree(tree: SyntaxNode): void {
	const [table] = tree.children;
	const columns = table?.children.find(({kind}) => kind === 'Columns definition');
	const rest = table?.children.filter((node) => node !== columns).map(({kind, children}) => `${kind} ${children.length}`);
	const isPlain = rest?.join(', ') === 'Identifier 0, Storage definition 1' && columns?.children.length === 1;
	if (!isPlain || columns?.children.some((list) => [...walk(list)].some(({node, parents}) => !isOfType(node, parents)))) {
		throw notAStructure(undefined);
	}
}

function isOfType({kind, name, children}: SyntaxNode, parents: readonly SyntaxNode[]): boolean {
	if (kind === 'ColumnDeclaration') return children.length === 1;
	if (nodes.has(kind)) return true;
	// `max_types = 3` of a type, or the parameters of its aggregate
	const within = parents.some((parent) => parent.kind === 'DataType');
	return kind === 'Function' && within && (name === 'equals' || isAllowedAggregate(name));
}

/** A table of that structure, for the engine to parse. */
export function structureTable(text: string): string {
	return `CREATE TABLE structure (${text}) ENGINE = Memory`;
}

export function notAStructure(owner: string | undefined): Refusal {
	const where = owner === undefined ? '' : ` of ${owner}()`;
	return new Refusal('structures', `The structure${where} is not a literal list of names and types`, owner);
}
