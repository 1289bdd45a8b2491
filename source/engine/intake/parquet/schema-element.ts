import type {ThriftReader} from './thrift.js';

/** The physical types, by their numbers in parquet.thrift. */
export const physicalTypes = ['BOOLEAN', 'INT32', 'INT64', 'INT96', 'FLOAT', 'DOUBLE', 'BYTE_ARRAY', 'FIXED_LEN_BYTE_ARRAY'] as const;
export type PhysicalType = (typeof physicalTypes)[number];

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
