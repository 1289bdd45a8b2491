import {link, mkdir, rm, symlink} from 'node:fs/promises';
import {join} from 'node:path';
import {defaultReadOptions, type ReadOptions} from '../../model/read-options.js';
import {unreachable} from '../../model/unreachable.js';
import {fileBytes, inflated} from './bytes.js';
import {readCsv} from './csv/read-csv.js';
import {Parts} from './excel/parts.js';
import {readExcel} from './excel/read-excel.js';
import {ExpansionBudget} from './expansion-budget.js';
import {readJson} from './json/read-json.js';
import {type Input, openInput} from './open-input.js';
import type {IntakeListener, Page} from './page.js';
import type {PageListener} from './page-listener.js';
import {fileTableNames} from './page-names.js';
import {readParquet} from './parquet/read-parquet.js';
import {openArchive} from './zip/archive.js';
import {readZip} from './zip/read-zip.js';

export type ReadInput = IntakeListener & {
	/** Absolute path of the file. */
	readonly path: string;
	/** The name it came with: its extension says how it is read, and tables are named after it. */
	readonly name: string;
	/** The execution's folder; pages go to its `pages/`, which is emptied first. */
	readonly folder: string;
	/** `limits.max_input_bytes`. */
	readonly maxInputBytes: number;
	/** Default: everything is detected. */
	readonly read?: ReadOptions;
};

/**
 * Turns an input file into pages (SPEC 4), in the order of its sheets or the names of its members. Memory stays flat whatever its size:
 * only the shared strings of a workbook are held.
 *
 * @throws SluiceError `intake.*`, with the file, the place and the cure; the pages written until then mean nothing
 */
export async function readInput({path, name, folder, maxInputBytes, read = defaultReadOptions, ...listener}: ReadInput): Promise<Page[]> {
	const input = await openInput(path, name, maxInputBytes);
	const pages = join(folder, 'pages');
	await rm(pages, {recursive: true, force: true});
	await mkdir(pages, {recursive: true, mode: 0o700});
	return await readPages({...input, read}, pages, maxInputBytes, listener);
}

async function readPages(
	input: Input & {readonly read: ReadOptions},
	folder: string,
	maxInputBytes: number,
	listener: IntakeListener,
): Promise<Page[]> {
	const {path, name, kind, read} = input;
	const {onRead, onRows} = progressOf(input, listener);
	const budget = new ExpansionBudget(name, maxInputBytes);
	const pageListener: PageListener = {
		onLog: listener.onLog,
		onWarning: listener.onWarning,
		onRows,
		onBytes: new ExpansionBudget(name, maxInputBytes).counter(name, Number.POSITIVE_INFINITY),
	};
	const target = {name, tableNames: fileTableNames(name), file: join(folder, 'page-0.csv'), read};
	switch (kind) {
		case 'csv':
			return [await readCsv(fileBytes(path, name, onRead), target, pageListener)];
		case 'gzip': {
			const count = () => budget.counter(name, input.sizeBytes);
			return [await readCsv(inflated({path, name, kind: 'gzip', count, onRead}), target, pageListener)];
		}
		case 'zip':
			return await readZip(await openArchive(path, name), {folder, budget, onRead, read}, pageListener);
		case 'excel':
			return await readExcel(await Parts.open(path, name, budget, onRead), {folder, read}, pageListener);
		case 'json':
			return [await readJson(fileBytes(path, name, onRead), target, pageListener)];
		case 'parquet':
			return [await withPlainName(await readParquet(path, target, pageListener), path, folder)];
		default:
			return unreachable(kind);
	}
}

/** A page that is the input file itself, which the engine reads, under a name in `folder` without any character of a pattern. */
async function withPlainName(page: Page, path: string, folder: string): Promise<Page> {
	if (page.file !== path) return page;
	const file = join(folder, 'page-0.parquet');
	// Not always a link to the file itself: it may be on another disk, or be another user's.
	await link(path, file).catch(() => symlink(path, file));
	return {...page, file};
}

/** Adds up what the parts tell. A file that is read a second time counts once. */
function progressOf({sizeBytes}: Input, {onProgress}: IntakeListener): {onRead: (bytes: number) => void; onRows: (rows: number) => void} {
	let [bytes, rows] = [0, 0];
	return {
		onRead: (more) => {
			bytes += more;
		},
		onRows: (more) => {
			rows += more;
			onProgress({bytes: Math.min(bytes, sizeBytes), totalBytes: sizeBytes, rows});
		},
	};
}
