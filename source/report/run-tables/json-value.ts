import type {FieldValue} from '../../model/value.js';
import type {EngineKind} from './engine-type.js';
import type {ValueShape} from './record-cells.js';

/** A kept text as the JSON value `records` prints it: integers as numbers (bigint where a double would change them), booleans, arrays. */
export function fieldValue(shape: ValueShape, text: string | null): FieldValue | null {
	if (text === null || text === '') return null;
	switch (shape) {
		case 'integer':
			return integer(text);
		case 'boolean':
			return text === 'true' ? true : text === 'false' ? false : text;
		case 'list':
			return list(text);
		case 'text':
			return text;
	}
}

/** A value of the SQL output: integers as numbers, booleans, finite floats; lists as arrays; all else as its text. */
export function sqlValue(kind: EngineKind, text: string | null): unknown {
	if (text === null) return null;
	if (kind === 'integer') return integer(text);
	if (kind === 'float') return Number.isFinite(Number(text)) ? Number(text) : text;
	if (kind === 'boolean') return fieldValue('boolean', text);
	return kind === 'list' ? parsed(text) : text;
}

function integer(text: string): FieldValue {
	if (!/^-?\d+$/.test(text)) return text;
	const number = Number(text);
	return Number.isSafeInteger(number) ? number : BigInt(text);
}

function list(text: string): FieldValue {
	const value = parsed(text);
	return Array.isArray(value) ? value.map(String) : text;
}

/** JSON with every digit kept: integers beyond a double become bigint, as `toJson` prints them again. Other text stays text. */
export function parsed(text: string): unknown {
	const mark = '\uE000int:';
	// why a scan: JSON.parse of Node 20 does not show a number's digits
	const marked = text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\d{16,}(?![.\deE])/g, (token) =>
		token.startsWith('"') ? token : `"${mark}${token}"`,
	);
	try {
		return JSON.parse(marked, (_key, value: unknown) =>
			typeof value === 'string' && value.startsWith(mark) ? integer(value.slice(mark.length)) : value,
		);
	} catch {
		return text;
	}
}
