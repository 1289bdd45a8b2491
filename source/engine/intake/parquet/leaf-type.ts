import type {SchemaElement} from './schema-element.js';

/** Digits after the seconds: what a unit of time counts. */
export type Digits = 3 | 6 | 9;

/** What the values of a leaf mean. */
export type LeafType =
	| {readonly is: 'boolean' | 'float16' | 'float' | 'double' | 'text' | 'binary' | 'uuid' | 'date' | 'int96' | 'interval' | 'null'}
	| {readonly is: 'integer'; readonly bits: 8 | 16 | 32 | 64; readonly signed: boolean}
	| {readonly is: 'decimal'; readonly precision: number; readonly scale: number}
	| {readonly is: 'time'; readonly digits: Digits}
	/** `utc`: an instant; otherwise a moment without a zone. */
	| {readonly is: 'timestamp'; readonly digits: Digits; readonly utc: boolean}
	/** Bytes with a meaning that is not read, such as a geometry: shown in hexadecimal. */
	| {readonly is: 'opaque'}
	/** An annotation that the values cannot have. */
	| {readonly is: 'misfit'; readonly name: string};

/** The logical types of parquet.thrift, by their numbers. */
const logical = {
	string: 1,
	enum: 4,
	decimal: 5,
	date: 6,
	time: 7,
	timestamp: 8,
	integer: 10,
	null: 11,
	json: 12,
	bson: 13,
	uuid: 14,
	float16: 15,
	geometry: 17,
	geography: 18,
} as const;

/** What a leaf's annotations say of its values; a logical type goes before a converted one. One that is not known leaves the plain value. */
export function leafTypeOf(element: SchemaElement): LeafType {
	const {physical} = element;
	const annotated = logicalType(element) ?? convertedType(element);
	if (annotated && !fits(annotated, element)) return {is: 'misfit', name: annotated.is};
	if (annotated) return annotated;
	switch (physical) {
		case 'BOOLEAN':
			return {is: 'boolean'};
		case 'INT32':
			return {is: 'integer', bits: 32, signed: true};
		case 'INT64':
			return {is: 'integer', bits: 64, signed: true};
		case 'INT96':
			return {is: 'int96'};
		case 'FLOAT':
			return {is: 'float'};
		case 'DOUBLE':
			return {is: 'double'};
		default:
			return {is: element.logical ? 'opaque' : 'binary'};
	}
}

/** Whether the annotations, if it has any, are known here. */
export function isKnownType(element: SchemaElement): boolean {
	return element.logical ? logicalType(element) !== null : element.converted === null || convertedType(element) !== null;
}

function logicalType({logical: type, scale, precision}: SchemaElement): LeafType | null {
	if (!type) return null;
	switch (type.field) {
		case logical.string:
		case logical.enum:
		case logical.json:
			return {is: 'text'};
		case logical.bson:
			return {is: 'binary'};
		case logical.decimal:
			return {is: 'decimal', precision: type.precision || precision, scale: type.scale || scale};
		case logical.date:
			return {is: 'date'};
		case logical.time:
			return {is: 'time', digits: digitsOf(type.unit)};
		case logical.timestamp:
			return {is: 'timestamp', digits: digitsOf(type.unit), utc: type.utc};
		case logical.integer:
			return {is: 'integer', bits: bitsOf(type.bits), signed: type.signed};
		case logical.null:
			return {is: 'null'};
		case logical.uuid:
			return {is: 'uuid'};
		case logical.float16:
			return {is: 'float16'};
		case logical.geometry:
		case logical.geography:
			return {is: 'opaque'};
		default:
			return null;
	}
}

function convertedType({converted, scale, precision}: SchemaElement): LeafType | null {
	switch (converted) {
		case 0:
		case 4:
		case 19:
			return {is: 'text'};
		case 20:
			return {is: 'binary'};
		case 5:
			return {is: 'decimal', precision, scale};
		case 6:
			return {is: 'date'};
		case 7:
			return {is: 'time', digits: 3};
		case 8:
			return {is: 'time', digits: 6};
		case 9:
			return {is: 'timestamp', digits: 3, utc: true};
		case 10:
			return {is: 'timestamp', digits: 6, utc: true};
		case 11:
		case 12:
		case 13:
		case 14:
			return {is: 'integer', bits: bitsOf(8 << (converted - 11)), signed: false};
		case 15:
		case 16:
		case 17:
		case 18:
			return {is: 'integer', bits: bitsOf(8 << (converted - 15)), signed: true};
		case 21:
			return {is: 'interval'};
		default:
			return null;
	}
}

/** Whether the values can be of the type (the table of LogicalTypes.md). */
function fits(type: LeafType, {physical, length}: SchemaElement): boolean {
	const isBytes = physical === 'BYTE_ARRAY' || physical === 'FIXED_LEN_BYTE_ARRAY';
	switch (type.is) {
		case 'text':
		case 'binary':
		case 'opaque':
			return isBytes;
		case 'uuid':
			return physical === 'FIXED_LEN_BYTE_ARRAY' && length === 16;
		case 'float16':
			return physical === 'FIXED_LEN_BYTE_ARRAY' && length === 2;
		case 'interval':
			return physical === 'FIXED_LEN_BYTE_ARRAY' && length === 12;
		case 'date':
			return physical === 'INT32';
		case 'time':
			return physical === (type.digits === 3 ? 'INT32' : 'INT64');
		case 'timestamp':
			return physical === 'INT64';
		case 'integer':
			return physical === 'INT64' || (physical === 'INT32' && type.bits < 64);
		case 'decimal':
			return (isBytes || physical === 'INT32' || physical === 'INT64') && type.scale >= 0 && type.scale <= 10_000;
		default:
			return true;
	}
}

function digitsOf(unit: number): Digits {
	return unit === 1 ? 3 : unit === 2 ? 6 : 9;
}

function bitsOf(bits: number): 8 | 16 | 32 | 64 {
	return bits === 8 || bits === 16 || bits === 32 ? bits : 64;
}
