import {isKnownType, type LeafType, leafTypeOf, type PhysicalType, physicalTypes} from './leaf-type.js';
import type {ThriftReader} from './thrift.js';

/** Elements of a schema, groups included. */
export const maxElements = 200_000;
/** Groups in groups. */
const maxDepth = 64;

export type Repetition = 'required' | 'optional' | 'repeated';

/** An element of the schema as it is written; `logical` has the name of the logical type and what is said of it. */
export type SchemaElement = {
	name: string;
	physical: PhysicalType | null;
	length: number;
	repetition: Repetition;
	children: number;
	converted: number | null;
	scale: number;
	precision: number;
	logical: LogicalType | null;
};

export type LogicalType = {field: number; utc: boolean; unit: number; bits: number; signed: boolean; scale: number; precision: number};

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

/** Reads one `SchemaElement` of parquet.thrift. */
export function readSchemaElement(reader: ThriftReader): SchemaElement {
	const element: SchemaElement = {
		name: '',
		physical: null,
		length: 0,
		repetition: 'required',
		children: 0,
		converted: null,
		scale: 0,
		precision: 0,
		logical: null,
	};
	reader.struct((field, type) => {
		switch (field) {
			case 1: {
				const physical = physicalTypes[reader.count(type)];
				if (!physical) throw new RangeError('an unknown physical type');
				element.physical = physical;
				return true;
			}
			case 2:
				element.length = reader.count(type);
				return true;
			case 3:
				element.repetition = (['required', 'optional', 'repeated'] as const)[reader.count(type)] ?? 'required';
				return true;
			case 4:
				element.name = reader.text(type);
				return true;
			case 5:
				element.children = reader.count(type);
				return true;
			case 6:
				element.converted = reader.count(type);
				return true;
			case 7:
				element.scale = Number(reader.integer(type));
				return true;
			case 8:
				element.precision = Number(reader.integer(type));
				return true;
			case 10:
				element.logical = readLogicalType(reader);
				return element.logical !== null;
			default:
				return false;
		}
	});
	return element;
}

/** Reads the union `LogicalType`; its members are structs, most of them empty. */
function readLogicalType(reader: ThriftReader): LogicalType {
	const logical: LogicalType = {field: 0, utc: false, unit: 0, bits: 0, signed: false, scale: 0, precision: 0};
	reader.struct((member) => {
		logical.field = member;
		reader.struct((field, type) => {
			if (member === 5 && field === 1) logical.scale = Number(reader.integer(type));
			else if (member === 5 && field === 2) logical.precision = Number(reader.integer(type));
			else if ((member === 7 || member === 8) && field === 1) logical.utc = reader.boolean(type);
			else if ((member === 7 || member === 8) && field === 2) {
				reader.struct((unit) => {
					logical.unit = unit;
					return false;
				});
			} else if (member === 10 && field === 1) logical.bits = Number(reader.integer(type));
			else if (member === 10 && field === 2) logical.signed = reader.boolean(type);
			else return false;
			return true;
		});
		return true;
	});
	return logical;
}

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
