import {identifier, literal} from '../../model/sql-text.js';
import type {KeptColumn} from '../run-tables/columns.js';
import {columnText, engineKind, isLongDecimal} from '../run-tables/engine-type.js';

/**
 * Text that a spreadsheet would run: it begins with `=`, `+`, `-`, `@` or their full-width forms, with a tab or a line end, white
 * space before them or not. A plain signed number is none.
 */
const dangerous = '^[\\s\\p{Z}]*[=+\\-@＝＋－＠]|^[\\t\\r\\n]';
const signedNumber = '^[-+][0-9]+([.,][0-9]+)?$';

/** SQL: a column as it goes into a safe CSV: an apostrophe stands before text that a spreadsheet would run. */
export function csvColumn({name, type}: KeptColumn): string {
	const column = `t.${identifier(name)}`;
	if (isLongDecimal(type)) return columnText({name, type}, 't');
	if (engineKind(type) !== 'text') return column;
	const text = `CAST(${column} AS Nullable(String))`;
	return `if(match(ifNull(${text}, ''), ${literal(dangerous)}) AND NOT match(ifNull(${text}, ''), ${literal(signedNumber)}), concat('''', ${text}), ${text})`;
}

/** A header as it goes into a safe CSV. */
export function safeHeader(name: string): string {
	return /^[\s\p{Z}]*[=+\-@＝＋－＠]|^[\t\r\n]/u.test(name) ? `'${name}` : name;
}
