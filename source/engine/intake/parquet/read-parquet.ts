import {cleanHeaders} from '../header.js';
import type {Page} from '../page.js';
import {readFooter} from './footer.js';

/** A Parquet file as a page. The engine reads the file itself; here only its footer is read. */
export async function readParquet(path: string, name: string, tableNames: readonly string[]): Promise<Page> {
	const {rows, columns} = await readFooter(path, name);
	const headers = columns.map((column) => column.name);
	return {name, tableNames, headers, columns: cleanHeaders(headers), file: path, rows, format: {kind: 'parquet', columns}};
}
