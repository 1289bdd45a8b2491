import {isKnownType, type LeafType, leafTypeOf} from './leaf-type.js';
import type {PhysicalType, Repetition, SchemaElement} from './schema-element.js';

/** Elements of a schema, groups included. */
export const maxElements = 200_000;
/** Groups in groups. */
const maxDepth = 64;

type NodeBase = {
	readonly name: string;
	readonly repetition: Repetition;
	/** The levels at which the node is present: one more for each optional or repeated element on the way to it, itself included. */
	readonly definition: number;
	readonly repetitions: number;
};

export type SchemaLeaf = NodeBase & {
	readonly kind: 'leaf';
	readonly physical: PhysicalType;
	readonly length: number;
	readonly type: LeafType;
	/** Whether its annotation is one of those that this reader knows. */
	readonly known: boolean;
};
export type SchemaGroup = NodeBase & {
	readonly kind: 'group';
	/** What the annotation makes of it. */
	readonly shape: 'struct' | 'list' | 'map' | 'variant';
	readonly children: readonly SchemaNode[];
};
export type SchemaNode = SchemaLeaf | SchemaGroup;

/**
 * Makes the tree of the columns from the flattened schema, whose first element is the root.
 *
 * @throws RangeError where the elements do not make a tree
 */
export function schemaTree(elements: readonly SchemaElement[]): readonly SchemaNode[] {
	let at = 1;
	const node = (definition: number, repetitions: number, depth: number): SchemaNode => {
		const element = elements[at++];
		if (!element || depth > maxDepth) throw new RangeError('the schema is no tree');
		const {name, repetition, physical, length} = element;
		const base = {
			name,
			repetition,
			definition: definition + (repetition === 'required' ? 0 : 1),
			repetitions: repetitions + (repetition === 'repeated' ? 1 : 0),
		};
		if (physical !== null) return {...base, kind: 'leaf', physical, length, type: leafTypeOf(element), known: isKnownType(element)};
		if (element.children > elements.length - at) throw new RangeError('the schema is no tree');
		const children = Array.from({length: element.children}, () => node(base.definition, base.repetitions, depth + 1));
		return {...base, kind: 'group', shape: shapeOf(element, children), children};
	};
	const columns = Array.from({length: elements[0]?.children ?? 0}, () => node(0, 0, 0));
	if (at !== Math.max(1, elements.length)) throw new RangeError('the schema is no tree');
	return columns;
}

function shapeOf({converted, logical}: SchemaElement, children: readonly SchemaNode[]): SchemaGroup['shape'] {
	const [only] = children;
	const repeated = children.length === 1 && only?.repetition === 'repeated' ? only : null;
	if (logical?.field === 16) return 'variant';
	if (repeated && (logical?.field === 3 || converted === 3)) return 'list';
	const isMap = logical?.field === 2 || converted === 1 || converted === 2;
	if (isMap && repeated?.kind === 'group' && (repeated.children.length === 2 || repeated.children.length === 1)) return 'map';
	return 'struct';
}

/** The leaves of a column, in the order of its chunks. */
export function leavesOf(node: SchemaNode): readonly SchemaLeaf[] {
	return node.kind === 'leaf' ? [node] : node.children.flatMap(leavesOf);
}
