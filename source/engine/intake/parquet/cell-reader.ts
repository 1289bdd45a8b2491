import {isUtf8} from 'node:buffer';
import type {ColumnChunk} from './footer.js';
import {LeafReader} from './leaf-reader.js';
import {leafJson, leafText, type RawValue} from './leaf-text.js';
import type {SchemaGroup, SchemaLeaf, SchemaNode} from './schema.js';

/** Text, bytes that are no UTF-8, or NULL. */
export type Cell = string | Uint8Array | null;

/** Reads the cells of one top-level column, row by row. */
export type CellReader = {
	/** Goes on with the next row group, given the chunks of all leaves of the file. */
	begin(chunks: ReadonlyMap<SchemaLeaf, ColumnChunk>): void;
	readonly next: () => Cell;
	/** Whether all values of the row group are read. */
	readonly isDone: () => boolean;
};

/** A part of a record: what reads its next value, as JSON. */
type Part = {readonly first: LeafReader<string>; readonly read: () => string; readonly skip: () => void};

/** @param file the number of the open file */
export function cellReader(file: number, column: SchemaNode): CellReader {
	return column.kind === 'leaf' && column.repetition !== 'repeated' ? flatCells(file, column) : nestedCells(file, column);
}

function flatCells(file: number, leaf: SchemaLeaf): CellReader {
	const text = leafText(leaf);
	const isPlainBytes = leaf.type.is === 'text' || leaf.type.is === 'binary';
	const show = isPlainBytes ? (value: RawValue) => (isUtf8(value as Uint8Array) ? text(value) : (value as Uint8Array)) : text;
	const reader = new LeafReader<string | Uint8Array>(file, leaf, show);
	return {
		begin: (chunks) => reader.begin(chunkOf(chunks, leaf)),
		next() {
			if (reader.definition === leaf.definition) return reader.take();
			reader.pass();
			return null;
		},
		isDone: () => reader.isDone,
	};
}

/** Records as the levels describe them, written as JSON at once (the Dremel paper; SPEC 4). */
function nestedCells(file: number, column: SchemaNode): CellReader {
	const leaves: {readonly leaf: SchemaLeaf; readonly reader: LeafReader<string>}[] = [];
	const part = field(column);
	return {
		begin(chunks) {
			for (const {leaf, reader} of leaves) reader.begin(chunkOf(chunks, leaf));
		},
		next() {
			if (part.first.isDone) throw new RangeError('a row group ends early');
			const isNull = column.repetition === 'optional' && part.first.definition < column.definition;
			const text = part.read();
			return isNull ? null : text;
		},
		isDone: () => leaves.every(({reader}) => reader.isDone),
	};

	/** The value of a node: a list of them where it is repeated, `null` where it is absent. */
	function field(node: SchemaNode): Part {
		const inner = content(node);
		if (node.repetition === 'required') return inner;
		const {first, skip} = inner;
		if (node.repetition === 'optional') {
			return {first, skip, read: () => (first.definition < node.definition ? absent(skip) : inner.read())};
		}
		return {first, skip, read: () => `[${items(node, inner).join(',')}]`};
	}

	/** All items of a repeated node. */
	function items(node: SchemaNode, {first, skip, read}: Part): string[] {
		if (first.definition < node.definition) {
			skip();
			return [];
		}
		const found = [];
		do found.push(read());
		while (first.repetition === node.repetitions);
		return found;
	}

	function content(node: SchemaNode): Part {
		if (node.kind === 'leaf') return leafPart(node);
		if (node.shape === 'list') return listPart(node);
		if (node.shape === 'map') return mapPart(node);
		return structPart(node);
	}

	function leafPart(leaf: SchemaLeaf): Part {
		const reader = new LeafReader<string>(file, leaf, leafJson(leaf));
		leaves.push({leaf, reader});
		return {first: reader, read: () => reader.take(), skip: () => reader.pass()};
	}

	function structPart({children}: SchemaGroup): Part {
		const parts = children.map((child) => ({key: JSON.stringify(child.name), part: field(child)}));
		const first = parts[0]?.part.first;
		if (!first) throw new RangeError('a group without fields');
		return {
			first,
			read: () => `{${parts.map(({key, part: {read}}) => `${key}:${read()}`).join(',')}}`,
			skip: () => {
				for (const each of parts) each.part.skip();
			},
		};
	}

	/** A list is a group around a repeated one, whose only field is the element, unless an older writer left that out. */
	function listPart(list: SchemaGroup): Part {
		const [repeated] = list.children as [SchemaNode];
		const element = elementOf(list, repeated);
		const inner = element === repeated ? content(repeated) : field(element);
		return {...inner, read: () => `[${items(repeated, inner).join(',')}]`};
	}

	function mapPart(map: SchemaGroup): Part {
		const [entries] = map.children as [SchemaGroup];
		const [keyNode, valueNode] = entries.children as [SchemaNode, SchemaNode | undefined];
		const [key, value] = [field(keyNode), valueNode ? field(valueNode) : null];
		const entry: Part = {
			first: key.first,
			skip: () => {
				key.skip();
				value?.skip();
			},
			read: () => {
				const name = key.read();
				return `${name.startsWith('"') ? name : JSON.stringify(name)}:${value ? value.read() : 'null'}`;
			},
		};
		return {...entry, read: () => `{${items(entries, entry).join(',')}}`};
	}
}

function absent(skip: () => void): string {
	skip();
	return 'null';
}

/** The rules for lists of older writers (LogicalTypes.md, "Backward-compatibility rules"). */
function elementOf(list: SchemaGroup, repeated: SchemaNode): SchemaNode {
	if (repeated.kind === 'leaf') return repeated;
	const [only, ...others] = repeated.children;
	if (!only || others.length > 0 || only.repetition === 'repeated') return repeated;
	if (repeated.shape !== 'struct' || repeated.name === 'array' || repeated.name === `${list.name}_tuple`) return repeated;
	return only;
}

function chunkOf(chunks: ReadonlyMap<SchemaLeaf, ColumnChunk>, leaf: SchemaLeaf): ColumnChunk {
	const chunk = chunks.get(leaf);
	if (!chunk) throw new RangeError('a column is missing');
	return chunk;
}
