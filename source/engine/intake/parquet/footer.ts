import {type FileHandle, open} from 'node:fs/promises';
import {SluiceError} from '../../../model/errors.js';
import {maxColumns} from '../bounds.js';
import {leavesOf, maxElements, type SchemaLeaf, type SchemaNode, schemaTree} from './schema.js';
import {type PhysicalType, physicalTypes, readSchemaElement, type SchemaElement} from './schema-element.js';
import {ThriftReader} from './thrift.js';

/** A footer of more bytes describes no file that can be read here: it is held in memory. */
const maxFooterBytes = 64 * 1024 * 1024;
const trailerBytes = 8;

/** What a Parquet file says of itself at its end. */
export type ParquetFooter = {
	readonly rows: number;
	/** The top-level columns. */
	readonly columns: readonly SchemaNode[];
	/** The row groups in the order of the file, each read when it is asked for. */
	readonly rowGroups: () => Generator<RowGroup>;
};

/** Where the values of a leaf are in one row group. */
export type ColumnChunk = {readonly leaf: SchemaLeaf; readonly codec: number; readonly values: number; readonly start: number};
export type RowGroup = {readonly rows: number; readonly chunks: readonly ColumnChunk[]};

/**
 * Reads the footer of a Parquet file. Memory is bounded by its bytes, whatever they claim to hold.
 *
 * @throws SluiceError `intake.encrypted`, `intake.truncated`, `intake.corrupt`, `intake.empty` without columns, `intake.too_wide`
 */
export async function readFooter(path: string, name: string): Promise<ParquetFooter> {
	const file = await open(path, 'r');
	try {
		const {size} = await file.stat();
		const trailer = await bytesAt(file, Math.max(0, size - trailerBytes), trailerBytes);
		const mark = trailer.toString('latin1', 4);
		if (mark === 'PARE') throw new SluiceError('intake.encrypted', `${name} is encrypted`, {where: name});
		const length = trailer.readUInt32LE(0);
		if (mark !== 'PAR1' || length > size - trailerBytes - 4) {
			throw new SluiceError('intake.truncated', `${name} is cut off: the description of its columns, which is at its end, is missing`, {
				where: name,
			});
		}
		if (length > maxFooterBytes) {
			throw new SluiceError('intake.too_wide', `${name} describes its columns and row groups in ${length} bytes`, {
				where: name,
				expected: `at most ${maxFooterBytes} bytes`,
				cure: 'Write the file with fewer and larger row groups, or with fewer columns.',
			});
		}
		return parse(await bytesAt(file, size - trailerBytes - length, length), size, name);
	} finally {
		await file.close();
	}
}

async function bytesAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
	const bytes = Buffer.alloc(length);
	await file.read(bytes, 0, length, at);
	return bytes;
}

function parse(bytes: Uint8Array, sizeBytes: number, name: string): ParquetFooter {
	const found = checked(name, () => readMetadata(bytes));
	const {rows, elements, groupsAt, encrypted} = found;
	if (encrypted) throw new SluiceError('intake.encrypted', `${name} is encrypted`, {where: name});
	const width = elements[0]?.children ?? 0;
	if (width === 0) throw new SluiceError('intake.empty', `${name} has no columns`, {where: name});
	if (width > maxColumns || elements.length > maxElements) {
		throw new SluiceError('intake.too_wide', `${name} has ${width} columns of ${elements.length - 1} fields`, {
			where: name,
			expected: `at most ${maxColumns} columns of ${maxElements} fields`,
		});
	}
	const columns = checked(name, () => schemaTree(elements));
	const leaves = columns.flatMap(leavesOf);
	return {
		rows,
		columns,
		*rowGroups() {
			for (const at of groupsAt) yield checked(name, () => readRowGroup(new ThriftReader(bytes, at), leaves, sizeBytes));
		},
	};
}

/** What a reader of damaged bytes throws, as an error for people. */
export function checked<Result>(name: string, read: () => Result): Result {
	try {
		return read();
	} catch (error) {
		if (error instanceof SluiceError) throw error;
		throw new SluiceError('intake.corrupt', `${name} is damaged: its description of the columns makes no sense`, {
			where: name,
			cause: error,
		});
	}
}

type Metadata = {rows: number; readonly elements: SchemaElement[]; readonly groupsAt: number[]; encrypted: boolean};

/** Reads `FileMetaData` of parquet.thrift; of the row groups only where each begins. */
function readMetadata(bytes: Uint8Array): Metadata {
	const reader = new ThriftReader(bytes);
	const found: Metadata = {rows: 0, elements: [], groupsAt: [], encrypted: false};
	reader.struct((field, type) => {
		switch (field) {
			case 2:
				reader.list(type, () => {
					const element = readSchemaElement(reader);
					if (found.elements.length <= maxElements) found.elements.push(element);
				});
				return true;
			case 3:
				found.rows = reader.count(type);
				return true;
			case 4:
				reader.list(type, () => {
					found.groupsAt.push(reader.at);
					reader.struct(() => false);
				});
				return true;
			case 8:
				found.encrypted = true;
				return false;
			default:
				return false;
		}
	});
	return found;
}

function readRowGroup(reader: ThriftReader, leaves: readonly SchemaLeaf[], sizeBytes: number): RowGroup {
	const chunks: ColumnChunk[] = [];
	let rows = 0;
	reader.struct((field, type) => {
		if (field === 1) {
			reader.list(type, () => {
				const leaf = leaves[chunks.length];
				if (!leaf) throw new RangeError('a row group has more columns than the schema');
				chunks.push(readChunk(reader, leaf, sizeBytes));
			});
		} else if (field === 3) rows = reader.count(type);
		else return false;
		return true;
	});
	if (chunks.length !== leaves.length) throw new RangeError('a row group lacks columns of the schema');
	return {rows, chunks};
}

function readChunk(reader: ThriftReader, leaf: SchemaLeaf, sizeBytes: number): ColumnChunk {
	let [codec, values, bytes, data, dictionary] = [0, 0, 0, 0, 0];
	let physical: PhysicalType | undefined;
	let elsewhere = false;
	reader.struct((field, type) => {
		if (field === 1) {
			elsewhere = reader.text(type) !== '';
			return true;
		}
		if (field !== 3) return false;
		reader.struct((inner, innerType) => {
			if (inner === 1) physical = physicalTypes[reader.count(innerType)];
			else if (inner === 4) codec = reader.count(innerType);
			else if (inner === 5) values = reader.count(innerType);
			else if (inner === 7) bytes = reader.count(innerType);
			else if (inner === 9) data = reader.count(innerType);
			else if (inner === 11) dictionary = reader.count(innerType);
			else return false;
			return true;
		});
		return true;
	});
	// Some writers set the offset of a dictionary that is not there to 0, or to a place behind the data.
	const start = dictionary > 0 && dictionary < data ? dictionary : data;
	if (elsewhere) throw new RangeError('its values are in another file');
	if (physical !== leaf.physical || start + bytes > sizeBytes) throw new RangeError('a column is not where it should be');
	return {leaf, codec, values, start};
}
