import {closeSync, fdatasync, fsync, openSync, rmSync} from 'node:fs';
import {mkdir, readdir, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {SluiceError} from '../../../model/errors.js';
import {writeAllSync} from '../../../platform/files/write-all.js';
import type {CompiledStep} from '../plan/compile-step.js';
import type {ChunkResults} from './results.js';

/** The columns of a segment before those of the mapped fields, with their types (docs/decisions/0001-kept-tables.md). */
export const segmentColumns = [
	['__row', 'UInt64'],
	['__outcome', 'LowCardinality(String)'],
	['__reason', 'Nullable(String)'],
	['__warnings', 'Array(String)'],
	['__record_id', 'Nullable(String)'],
	['__record', 'Nullable(String)'],
	['__rule', 'Nullable(UInt16)'],
	['__changes', 'String'],
] as const;

/** `segments/load-<step>` in the execution's folder. */
export function segmentFolder(folder: string, step: number): string {
	return join(folder, 'segments', `load-${step}`);
}

/**
 * `results`: a document of columns. `created`: row numbers and ids, of a chunk whose rows all became records as they stood. `updated`: the
 * same with what changed, of one whose rows all were of records as they stand.
 */
export const segmentForms = ['results', 'created', 'updated'] as const;

export type SegmentForm = (typeof segmentForms)[number];

const endings: Readonly<Record<SegmentForm, string>> = {results: 'json', created: 'created', updated: 'updated'};

export function segmentName(chunk: number, form: SegmentForm): string {
	return `${String(chunk).padStart(8, '0')}.${endings[form]}`;
}

/** The chunk and form that a file's name stands for; null for a file that is no segment. */
export function segmentOf(name: string): {readonly chunk: number; readonly form: SegmentForm} | null {
	const [, chunk, ending] = /^(\d{8})\.(\w+)$/.exec(name) ?? [];
	const form = segmentForms.find((known) => endings[known] === ending);
	return chunk === undefined || form === undefined ? null : {chunk: Number(chunk), form};
}

/** The columns of a segment of created rows. The rest is the same for all of them, or stands in `variables:<scope>`. */
export const createdColumns = 'row UInt32, id FixedString(16)';

/** The columns of a segment of updated rows, as `PlainUpdated.lines` has them. */
export const updatedColumns = 'row UInt32, id String, changes String, shown String';

/** A chunk's results as one JSONCompactColumns document, in pieces that follow each other. */
export function encodeSegment(rows: readonly number[], results: ChunkResults): readonly string[] {
	const columns = [
		`[${rows.join(',')}]`,
		columnOf(results.outcomes),
		columnOf(results.reasons),
		warningsOf(results.warnings),
		columnOf(results.recordIds),
		columnOf(results.records),
		columnOf(results.rules),
		columnOf(results.changes),
		...results.texts.map(columnOf),
	];
	return columns.flatMap((column, index) => [index === 0 ? '[' : ',\n', column]).concat(']\n');
}

/** Columns that hold one value throughout are frequent, and need no serialiser. */
function columnOf(column: readonly (string | number | null | undefined)[]): string {
	const [first] = column;
	for (let row = 1; row < column.length; row++) if (column[row] !== first) return JSON.stringify(column);
	const text = JSON.stringify(first ?? null);
	return `[${`${text},`.repeat(column.length - 1)}${text}]`;
}

function warningsOf(column: readonly (readonly string[] | null)[]): string {
	if (column.every((warnings) => warnings === null)) return `[${'[],'.repeat(column.length - 1)}[]]`;
	return `[${column.map((warnings) => (warnings === null ? '[]' : JSON.stringify(warnings))).join(',')}]`;
}

/** The rows of a chunk that all became records, and nothing else: their numbers and the records' ids, as RowBinary of `createdColumns`. */
export function encodeCreated(rows: Uint32Array, ids: Uint8Array): Uint8Array {
	// why words: a view for each id would cost a tenth of what the store takes for its record
	const words = new Uint32Array(rows.length * 5);
	const idWords = new Uint32Array(new Uint8Array(ids).buffer);
	for (let index = 0; index < rows.length; index++) {
		const [to, from] = [index * 5, index * 4];
		words[to] = rows[index] ?? 0;
		words[to + 1] = idWords[from] ?? 0;
		words[to + 2] = idWords[from + 1] ?? 0;
		words[to + 3] = idWords[from + 2] ?? 0;
		words[to + 4] = idWords[from + 3] ?? 0;
	}
	return new Uint8Array(words.buffer);
}

/** The chunks that a segment is of: all from `first` to `chunk`, whose number it has. */
export type Chunks = {readonly chunk: number; readonly first: number};

const dataOnDisk = promisify(fdatasync);
const onDisk = promisify(fsync);

/**
 * Writes segments so that they survive a power cut: the file first, then its folder's entry. Each is written when it is asked for, and on
 * disk when the promise resolves: the store may do its part of the chunk meanwhile.
 */
export class SegmentWriter {
	readonly #folder: string;
	readonly #step: CompiledStep;
	/** Kept from chunk to chunk, as large as the largest one needed. */
	#bytes = Buffer.alloc(0);

	constructor(folder: string, step: CompiledStep) {
		this.#folder = segmentFolder(folder, step.number);
		this.#step = step;
	}

	async prepare(): Promise<void> {
		await this.#guarded(null, () => mkdir(this.#folder, {recursive: true, mode: 0o700}).then(() => undefined));
	}

	/** @throws SluiceError `load.segment_not_written` when the disk is full or out of reach */
	async write(chunks: Chunks, pieces: readonly string[]): Promise<void> {
		const length = this.#fill(pieces);
		await this.#keep(chunks, 'results', this.#bytes.subarray(0, length));
	}

	/** The segment of a chunk whose rows all became records as they stood. @throws SluiceError `load.segment_not_written` */
	async writeCreated(chunks: Chunks, rows: Uint32Array, ids: Uint8Array): Promise<void> {
		await this.#keep(chunks, 'created', encodeCreated(rows, ids));
	}

	/** The segment of a chunk whose rows all were of records as they stand. @throws SluiceError `load.segment_not_written` */
	async writeUpdated(chunks: Chunks, lines: Uint8Array): Promise<void> {
		await this.#keep(chunks, 'updated', lines);
	}

	/** A runner that was killed before its commit may have left a segment of these chunks: there is one, whoever wrote it. */
	async #keep({chunk, first}: Chunks, form: SegmentForm, bytes: Uint8Array): Promise<void> {
		await this.#guarded(chunk, async () => {
			for (const other of segmentForms) if (other !== form) rmSync(join(this.#folder, segmentName(chunk, other)), {force: true});
			if (first < chunk) await this.#removeBetween(first, chunk);
			const file = openSync(join(this.#folder, segmentName(chunk, form)), 'w', 0o600);
			const folder = openSync(this.#folder, 'r');
			try {
				writeAllSync(file, bytes);
				// why both before either has failed: neither may be closed while it is still being synced
				const [synced, entered] = await Promise.allSettled([dataOnDisk(file), onDisk(folder)]);
				for (const one of [synced, entered]) if (one.status === 'rejected') throw one.reason;
			} finally {
				closeSync(file);
				closeSync(folder);
			}
		});
	}

	/** Segments of the chunks from `first` to the one before `chunk`. */
	async #removeBetween(first: number, chunk: number): Promise<void> {
		const left = (await readdir(this.#folder)).filter((name) => {
			const found = segmentOf(name)?.chunk ?? 0;
			return found >= first && found < chunk;
		});
		for (const name of left) await rm(join(this.#folder, name), {force: true});
	}

	#fill(pieces: readonly string[]): number {
		const most = pieces.reduce((sum, piece) => sum + piece.length, 0) * 3;
		if (this.#bytes.length < most) this.#bytes = Buffer.allocUnsafeSlow(most);
		return pieces.reduce((at, piece) => at + this.#bytes.write(piece, at), 0);
	}

	async #guarded(chunk: number | null, write: () => Promise<void>): Promise<void> {
		try {
			await write();
		} catch (error) {
			const where = `load:${this.#step.number}${chunk === null ? '' : `, chunk ${chunk}`}`;
			const why = error instanceof Error ? error.message : String(error);
			throw new SluiceError('load.segment_not_written', `The results of ${where} could not be written: ${why}`, {where, cause: error});
		}
	}
}
