import {SluiceError} from '../../../model/errors.js';
import {spelledOut} from '../../../text/visible.js';
import {cleanHeaders} from '../header.js';
import type {Page, PageHead} from '../page.js';
import type {PageListener} from '../page-listener.js';
import {writtenDelimiter} from '../row-writer.js';
import {engineColumns} from './engine-column.js';
import {type ParquetFooter, readFooter} from './footer.js';
import type {SchemaNode} from './schema.js';
import {rowAt, writePage} from './write-page.js';

export type ParquetTarget = {readonly name: string; readonly tableNames: readonly string[]; readonly file: string};

/**
 * A Parquet file as a page. The engine reads the file itself where it reads every column right; any other file is read here and written as
 * a page of text.
 *
 * @throws SluiceError `intake.*`
 */
export async function readParquet(path: string, target: ParquetTarget, listener: PageListener): Promise<Page> {
	const {footer, head} = await readHead(path, target.name, target.tableNames);
	const columns = engineColumns(footer.columns);
	if (columns) {
		checkRows(footer, target.name);
		return {...head, file: path, rows: footer.rows, format: {kind: 'parquet', columns}};
	}
	const rows = await writePage(path, target.name, footer, target.file, listener);
	return {...head, file: target.file, rows, format: {kind: 'csv', delimiter: writtenDelimiter}};
}

/**
 * Reads a page's Parquet file here after all, where the engine fails on it, and writes it as a page of text to `file`.
 *
 * @throws SluiceError `intake.corrupt` with the column and the row
 */
export async function rewriteParquet(page: Page, file: string, onBytes: PageListener['onBytes']): Promise<Page> {
	const footer = await readFooter(page.file, page.name);
	const rows = await writePage(page.file, page.name, footer, file, {onBytes, onRows: () => {}});
	return {...page, file, rows, format: {kind: 'csv', delimiter: writtenDelimiter}};
}

/**
 * The cells of one row, counted from 1; null where the file has no such row.
 *
 * @throws SluiceError `intake.*`
 */
export async function readParquetRow(path: string, name: string, row: number): Promise<readonly (string | null)[] | null> {
	const {footer} = await readHead(path, name, []);
	return rowAt(path, name, footer, row);
}

/** What the footer says of the page. @throws SluiceError as `readFooter`, and `intake.parquet_type` */
export async function peekParquet(path: string, name: string, tableNames: readonly string[]): Promise<PageHead> {
	return (await readHead(path, name, tableNames)).head;
}

async function readHead(path: string, name: string, tableNames: readonly string[]): Promise<{footer: ParquetFooter; head: PageHead}> {
	const footer = await readFooter(path, name);
	for (const column of footer.columns) checkTypes(column, column.name, name);
	const headers = footer.columns.map((column) => column.name);
	return {footer, head: {name, tableNames, headers, columns: cleanHeaders(headers)}};
}

/** Refuses types that are not read, by the column's name. */
function checkTypes(node: SchemaNode, column: string, name: string): void {
	const what = unreadableType(node);
	if (what !== null) {
		throw new SluiceError('intake.parquet_type', `${name}: the column ${spelledOut(JSON.stringify(column))} ${what}`, {
			where: name,
			expected: 'a column of one of the types of the Parquet format',
			cure: 'Leave the column out, or write it as text.',
		});
	}
	if (node.kind === 'group') for (const child of node.children) checkTypes(child, `${column}.${child.name}`, name);
}

function unreadableType(node: SchemaNode): string | null {
	if (node.kind === 'group') {
		if (node.children.length === 0) return 'is a group without fields';
		return node.shape === 'variant' ? 'has the type VARIANT, which is not read' : null;
	}
	return node.type.is === 'misfit' ? `says that it is of the type ${node.type.name}, but holds ${node.physical}` : null;
}

/** The row groups must make sense before the engine reads them. */
function checkRows({rows, rowGroups}: ParquetFooter, name: string): void {
	let counted = 0;
	for (const group of rowGroups()) counted += group.rows;
	if (counted === rows) return;
	throw new SluiceError('intake.corrupt', `${name} is damaged: it says that it has ${rows} rows, and its parts ${counted}`, {where: name});
}
