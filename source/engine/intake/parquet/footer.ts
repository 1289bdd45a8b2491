import {open} from 'node:fs/promises';
import {SluiceError} from '../../../model/errors.js';
import {maxColumns} from '../bounds.js';
import {readThrift, type Thrift, type ThriftStruct} from './thrift.js';

/** How a column becomes text: `instant` is a timestamp in UTC, `local` one without a zone. */
export type ParquetKind = 'plain' | 'instant' | 'local' | 'nested';
export type ParquetColumn = {readonly name: string; readonly kind: ParquetKind};
export type ParquetFooter = {readonly rows: number; readonly columns: readonly ParquetColumn[]};

/** Fields of `FileMetaData` and `SchemaElement` in parquet.thrift. */
const [schemaField, rowsField] = [2, 3];
const [nameField, childrenField, convertedField, logicalField] = [4, 5, 6, 10];
const timestampLogical = 8;
const timestampConverted = [9n, 10n];
const trailerBytes = 8;

/**
 * Reads what a Parquet file says of itself at its end: top-level columns and number of rows.
 *
 * @throws SluiceError `intake.encrypted`, `intake.truncated`, `intake.corrupt`, `intake.empty` without columns, `intake.too_wide`
 */
export async function readFooter(path: string, name: string): Promise<ParquetFooter> {
	const file = await open(path, 'r');
	try {
		const {size} = await file.stat();
		const trailer = Buffer.alloc(trailerBytes);
		await file.read(trailer, 0, trailerBytes, Math.max(0, size - trailerBytes));
		const mark = trailer.toString('latin1', 4);
		if (mark === 'PARE') throw new SluiceError('intake.encrypted', `${name} is encrypted`, {where: name});
		const length = trailer.readUInt32LE(0);
		if (mark !== 'PAR1' || length > size - trailerBytes - 4) {
			throw new SluiceError('intake.truncated', `${name} is cut off: the description of its columns, which stands at its end, is missing`, {
				where: name,
			});
		}
		const footer = Buffer.alloc(length);
		await file.read(footer, 0, length, size - trailerBytes - length);
		return parse(footer, name);
	} finally {
		await file.close();
	}
}

function parse(bytes: Uint8Array, name: string): ParquetFooter {
	let footer: ThriftStruct;
	try {
		footer = readThrift(bytes);
	} catch (error) {
		throw new SluiceError('intake.corrupt', `${name} is damaged: its description of the columns makes no sense`, {
			where: name,
			cause: error,
		});
	}
	const [root, ...elements] = structs(footer.get(schemaField));
	const columns: ParquetColumn[] = [];
	for (let at = 0; at < elements.length; at += treeSize(elements, at)) {
		const element = elements[at] ?? new Map<number, Thrift>();
		columns.push({name: textOf(element.get(nameField)), kind: kindOf(element)});
	}
	if (!root || columns.length === 0) throw new SluiceError('intake.empty', `${name} has no columns`, {where: name});
	if (columns.length > maxColumns)
		throw new SluiceError('intake.too_wide', `${name} has ${columns.length} columns`, {where: name, expected: `at most ${maxColumns}`});
	return {rows: Number(numberOf(footer.get(rowsField))), columns};
}

/** How many elements a column takes up in the flattened schema tree, itself and all it holds. */
function treeSize(elements: readonly ThriftStruct[], start: number): number {
	let [open, at] = [1, start];
	while (open > 0 && at < elements.length) open += Number(numberOf(elements[at++]?.get(childrenField))) - 1;
	return at - start;
}

function kindOf(element: ThriftStruct): ParquetKind {
	if (numberOf(element.get(childrenField)) > 0n) return 'nested';
	const logical = element.get(logicalField);
	const timestamp = logical instanceof Map ? logical.get(timestampLogical) : undefined;
	if (timestamp instanceof Map) return timestamp.get(1) === true ? 'instant' : 'local';
	return timestampConverted.includes(numberOf(element.get(convertedField))) ? 'instant' : 'plain';
}

function structs(value: Thrift | undefined): ThriftStruct[] {
	return Array.isArray(value) ? value.filter((member): member is ThriftStruct => member instanceof Map) : [];
}

function numberOf(value: Thrift | undefined): bigint {
	return typeof value === 'bigint' ? value : 0n;
}

function textOf(value: Thrift | undefined): string {
	return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : '';
}
