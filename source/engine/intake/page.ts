import type {ExecutionWarning} from '../../model/execution.js';
import type {Delimiter} from '../../model/read-options.js';
import type {EngineColumn} from './parquet/engine-column.js';

/** What stands between the cells of a page. */
export type PageDelimiter = Exclude<Delimiter, '\t'> | '\u001F';

/** Why not the tab: chDB refuses it in CSV. The unit separator all but never occurs in text, so that rows can still be copied as they stand. */
export function pageDelimiter(delimiter: Delimiter): PageDelimiter {
	return delimiter === '\t' ? '\u001F' : delimiter;
}

/** What the loader must know of a page's file. A CSV is in normal form (see `Page.file`); a Parquet file is read as it was sent, where the engine reads it right. */
export type PageFormat =
	| {readonly kind: 'csv'; readonly delimiter: PageDelimiter}
	| {readonly kind: 'parquet'; readonly columns: readonly EngineColumn[]};

/** What is known of a page from its head alone. */
export type PageHead = {
	/** The file name as given (`vendors.csv`), the archive member's, or the sheet's name. */
	readonly name: string;
	/** The names under which SQL reaches it, the first one foremost (SPEC 5.1); `page_idx_<n>` and the sample's names are added by the loader. */
	readonly tableNames: readonly string[];
	/** The header as it stands in the file. */
	readonly headers: readonly string[];
	/** The header cleaned (SPEC 4), in the same order. */
	readonly columns: readonly string[];
	/** Whether it is a hidden sheet of a workbook. */
	readonly hidden?: boolean;
};

/**
 * One table of an input file, ready to be loaded without any guess.
 *
 * A CSV page is in normal form: UTF-8, no header line, the first cell the physical line (or sheet row) its row began on, then exactly one
 * cell per column; an empty cell is NULL, `""` the empty string, `\N` and everything else text. `pageSelect` reads it.
 */
export type Page = PageHead & {
	/** Absolute path. */
	readonly file: string;
	readonly rows: number;
	readonly format: PageFormat;
	/** The sheets of its workbook that are left out because they are hidden. */
	readonly leftOut?: readonly string[];
	/** Absolute path of what there is to say of single rows (`RowNotes`); null or absent where there is nothing. */
	readonly notes?: string | null;
};

/** A warning of the stage `intake`; `line` counts from 1 (SPEC 4). */
export type IntakeWarning = Omit<ExecutionWarning, 'stage'>;

/** Bytes of the input file read so far, out of `totalBytes`; `rows` written so far over all pages. */
export type IntakeProgress = {readonly bytes: number; readonly totalBytes: number; readonly rows: number};

/** Where intake tells what it sees. `onLog` gets lines for the execution's log, such as the encoding that was detected. */
export type IntakeListener = {
	readonly onWarning: (warning: IntakeWarning) => void;
	readonly onLog: (line: string) => void;
	readonly onProgress: (progress: IntakeProgress) => void;
};
