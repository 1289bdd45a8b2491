import {identifier} from '../../../model/sql-text.js';
import {unreachable} from '../../../model/unreachable.js';
import type {ParquetColumn} from './footer.js';

/** The SQL that turns a Parquet column into text: every digit, ISO 8601 for times (with `Z` for instants), JSON for what is nested. */
export function parquetText({name, kind}: ParquetColumn): string {
	const column = identifier(name);
	switch (kind) {
		case 'plain':
			return `CAST(${column} AS Nullable(String))`;
		case 'instant':
			return `CAST(concat(replaceOne(toString(${column}, 'UTC'), ' ', 'T'), 'Z') AS Nullable(String))`;
		case 'local':
			return `CAST(replaceOne(toString(${column}), ' ', 'T') AS Nullable(String))`;
		case 'nested':
			return `CAST(toJSONString(${column}) AS Nullable(String))`;
		default:
			return unreachable(kind);
	}
}
