import {mkdtempSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {Session} from 'chdb';
import {inject} from 'vitest';
import type {IntakeWarning, Page} from '../../../source/engine/intake/page.js';
import {pageSelect} from '../../../source/engine/intake/page-select.js';
import {readInput} from '../../../source/engine/intake/read-input.js';
import {defaultReadOptions, type ReadOptions} from '../../../source/model/read-options.js';

export type Cell = string | null;
/** A row as the engine reads it: its line, then its cells. */
export type Row = readonly [line: number, ...cells: Cell[]];

// Files of this folder share a process one after another (vitest.config.ts), and with it this module.
const scratch = mkdtempSync(join(inject('scratch'), 'process-'));
let session: Session | undefined;

/** One SQL engine a process. */
export function engine(): Session {
	if (!session) {
		session = new Session(join(scratch, 'engine'));
		session.query('SET max_query_size = 100000000');
	}
	return session;
}

let files = 0;

/** Writes a file of a name of its own and gives back its path. */
export function fileOf(bytes: string | Uint8Array, extension = ''): string {
	const path = join(scratch, `input-${files++}${extension}`);
	writeFileSync(path, bytes);
	return path;
}

export type Reading = {readonly pages: readonly Page[]; readonly warnings: readonly IntakeWarning[]; readonly log: readonly string[]};

/** Reads bytes as the file `name`. */
export async function intake(
	name: string,
	bytes: string | Uint8Array,
	read: ReadOptions = defaultReadOptions,
	maxInputBytes = 500_000_000,
): Promise<Reading> {
	const warnings: IntakeWarning[] = [];
	const log: string[] = [];
	const pages = await readInput({
		path: fileOf(bytes),
		name,
		folder: join(scratch, `execution-${files++}`),
		maxInputBytes,
		read,
		onWarning: (warning) => warnings.push(warning),
		onLog: (line) => log.push(line),
		onProgress: () => {},
	});
	return {pages, warnings, log};
}

/** The rows of a page as the SQL engine reads them. */
export function rowsOf(page: Page | undefined): Row[] {
	if (!page) throw new Error('no such page');
	const text = engine().query(`${pageSelect(page)}`, 'JSONCompactEachRow');
	return text
		.split('\n')
		.filter((line) => line !== '')
		.map((line) => {
			const [at, ...cells] = JSON.parse(line) as [number | string, ...Cell[]];
			return [Number(at), ...cells];
		});
}

/** The only page of a file, and its rows. */
export async function onlyPage(name: string, bytes: string | Uint8Array, read?: ReadOptions): Promise<Reading & {page: Page; rows: Row[]}> {
	const reading = await intake(name, bytes, read);
	const [page, ...others] = reading.pages;
	if (!page || others.length > 0) throw new Error(`${reading.pages.length} pages`);
	return {...reading, page, rows: rowsOf(page)};
}
