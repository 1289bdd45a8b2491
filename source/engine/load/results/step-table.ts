import {readdir} from 'node:fs/promises';
import {join, relative} from 'node:path';
import type {Connector} from '../../../model/connector.js';
import {enginePath} from '../../../model/engine-path.js';
import {SluiceError} from '../../../model/errors.js';
import type {MappingRule} from '../../../model/load-step.js';
import {type Counts, noCounts} from '../../../model/outcome.js';
import type {SqlSession} from '../../../model/sql-session.js';
import {identifier, keptTable, literal, writtenOnce} from '../../../model/sql-text.js';
import {unreachable} from '../../../model/unreachable.js';
import type {Checkpoint} from '../../../store/record-store.js';
import {noChange} from '../plan/reasons.js';
import {stepOf} from '../step-columns.js';
import type {StepRows} from '../step-select.js';
import type {DamagedSegment} from './damaged-results.js';
import {createdColumns, type SegmentForm, segmentColumns, segmentFolder, segmentName, segmentOf, updatedColumns} from './segment.js';

/** Rows that are taken up at once while more are to come: fewer make many small parts of the table. */
const rowsWorthTaking = 200_000;

/** Files of one INSERT. Why bounded: the engine opens them together. */
const filesAtOnce = 200;

/** why not a hash of one side: both tables stand in the order of their rows, and a million rows joined so come out in it (a third less work) */
const besideEachOther = "join_algorithm = 'full_sorting_merge'";

/**
 * The table of one step while it comes into being, as docs/decisions/0001-kept-tables.md has it: the rows of the segments of committed
 * chunks, and the rows that were skipped before the step, with their reason. Segments may be taken up while later chunks are worked on.
 */
export class StepTable {
	readonly #session: SqlSession;
	readonly #folder: string;
	readonly #of: StepRows;
	readonly #name: string;
	readonly #fields: readonly MappingRule[];
	#taken = 0;
	#following: Promise<void> | null = null;
	#failure: unknown = null;
	#skipped: Promise<void> = Promise.resolve();

	constructor(session: SqlSession, folder: string, of: StepRows) {
		this.#session = session;
		this.#folder = folder;
		this.#of = of;
		this.#name = keptTable(`load:${of.step}`);
		this.#fields = stepOf(of.connector, of.step).mapping;
	}

	async begin(): Promise<void> {
		await this.#session.execute(`DROP TABLE IF EXISTS ${this.#name} SYNC`);
		await this.#session.execute(
			`CREATE TABLE ${this.#name} (__row UInt64, __line Nullable(UInt64), ${this.#columns()
				.slice(1)
				.map(([name, type]) => `${identifier(name)} ${type}`)
				.join(', ')}) ${writtenOnce('__row')}`,
		);
		this.#skipped = this.#takeSkipped();
		this.#skipped.catch(() => undefined);
	}

	/** Adds the rows of the segments that were not taken before. */
	async take(upToChunk: number): Promise<void> {
		await this.#following;
		if (this.#failure !== null) throw this.#failure;
		await this.#take(upToChunk);
	}

	async #take(upToChunk: number): Promise<void> {
		for (const segments of await segmentsOf(this.#folder, this.#of, this.#taken, upToChunk)) {
			await this.#session.execute(this.#takeOf(segments));
		}
		this.#taken = upToChunk;
	}

	/**
	 * Takes segments up in the background once there are enough of them: the engine has time while chunks are worked on. What goes wrong is
	 * thrown by the next `take`.
	 */
	follow(committed: number): void {
		if (this.#following || (committed - this.#taken) * this.#of.connector.settings.chunkSize < rowsWorthTaking) return;
		this.#following = this.#take(committed)
			.catch((error: unknown) => {
				this.#failure = error;
			})
			.finally(() => {
				this.#following = null;
			});
	}

	/** The table is whole: the rows that were skipped before the step are in it too, taken up since its beginning. */
	async finish(): Promise<void> {
		await this.#skipped;
	}

	/** How many rows the table holds. */
	async rows(): Promise<number> {
		return await this.#count(this.#name);
	}

	/** The segments of committed chunks that are gone, cannot be read, or have other rows than were committed. */
	async damaged(committed: readonly Checkpoint[]): Promise<readonly DamagedSegment[]> {
		const folder = segmentFolder(this.#folder, this.#of.step);
		const names = await readdir(folder).catch(noFolder);
		const damaged: DamagedSegment[] = [];
		for (const {chunk, counts} of committed) {
			const rows = counts.created + counts.updated + counts.skipped + counts.errored;
			const name = names.find((candidate) => segmentOf(candidate)?.chunk === chunk);
			const found = name === undefined ? null : await this.#rowsOf(name);
			const file = join(relative(this.#folder, folder), name ?? segmentName(chunk, 'results'));
			if (found !== rows) damaged.push({file, chunk, rows, found});
		}
		return damaged;
	}

	/** Makes the table anew, without the segments that are damaged. */
	async takeAllBut(damaged: readonly DamagedSegment[], upToChunk: number): Promise<void> {
		const left = new Set(damaged.map(({chunk}) => chunk));
		await this.begin();
		for (const segments of await segmentsOf(this.#folder, this.#of, 0, upToChunk, left))
			await this.#session.execute(this.#takeOf(segments));
		await this.finish();
	}

	/** The rows of one segment; null where it cannot be read. */
	async #rowsOf(name: string): Promise<number | null> {
		const form = segmentOf(name)?.form ?? 'results';
		try {
			return await this.#count(this.#read({form, pattern: name, fromRow: 0, toRow: 0}));
		} catch (error) {
			if (error instanceof SluiceError && error.code === 'sql.failed') return null;
			throw error;
		}
	}

	async #count(from: string): Promise<number> {
		// A row is read rather than skipped, so that a broken one is noticed.
		const [counted] = await this.#session.rows<{rows: string | number}>(
			`SELECT count() AS rows FROM (SELECT * FROM ${from}) SETTINGS optimize_count_from_files = 0, optimize_trivial_count_query = 0`,
		);
		return Number(counted?.rows ?? 0);
	}

	async #takeSkipped(): Promise<void> {
		const {connector, step, diff} = this.#of;
		await this.#session.execute(
			`INSERT INTO ${this.#name} (__row, __line, __outcome, __reason, __warnings) SETTINGS ${besideEachOther} ${skippedRows(stepOf(connector, step).scope, diff)}`,
		);
	}

	#columns(): readonly (readonly [string, string])[] {
		return [...segmentColumns, ...this.#fields.map(({field}) => [field, 'Nullable(String)'] as const)];
	}

	/** The rows of segments as they lie there. */
	#read(segments: Segments): string {
		switch (segments.form) {
			case 'results': {
				const structure = this.#columns().map(([name, type]) => `${identifier(name)} ${type}`);
				return `file(${this.#files(segments)}, 'JSONCompactColumns', ${literal(structure.join(', '))})`;
			}
			case 'created':
				return `file(${this.#files(segments)}, 'RowBinary', ${literal(createdColumns)})`;
			case 'updated':
				return `file(${this.#files(segments)}, 'JSONCompactEachRow', ${literal(updatedColumns)})`;
			default:
				return unreachable(segments.form);
		}
	}

	#takeResults(segments: Segments): string {
		const [first, ...others] = this.#columns().map(([name]) => identifier(name));
		return `INSERT INTO ${this.#name} (__row, __line, ${others.join(', ')})
SELECT s.${first}, l.__line, ${others.map((name) => `s.${name}`).join(', ')}
FROM ${this.#read(segments)} AS s
INNER JOIN (SELECT __row AS row, __line FROM ${this.#rows(segments)}) AS l ON l.row = s.__row`;
	}

	#takeOf(segments: Segments): string {
		switch (segments.form) {
			case 'results':
				return this.#takeResults(segments);
			case 'created':
				return this.#takeCreated(segments);
			case 'updated':
				return this.#takeUpdated(segments);
			default:
				return unreachable(segments.form);
		}
	}

	/** Rows that became records as they stood: what they brought is what their records hold. */
	#takeCreated(segments: Segments): string {
		return this.#takePlain(segments, {
			outcome: "'created'",
			reason: 'NULL',
			id: 'UUIDNumToString(s.id)',
			changes: "''",
			value: (_field, brought) => brought,
			rows: this.#read(segments),
		});
	}

	/** Rows of records as they stand: what they brought is what their records hold, but for what is shown instead. */
	#takeUpdated(segments: Segments): string {
		return this.#takePlain(segments, {
			outcome: "if(s.changes = '', 'skipped', 'updated')",
			reason: `if(s.changes = '', ${literal(noChange)}, NULL)`,
			id: "lower(concat(substring(s.id, 1, 8), '-', substring(s.id, 9, 4), '-', substring(s.id, 13, 4), '-', substring(s.id, 17, 4), '-', substring(s.id, 21)))",
			changes: 's.changes',
			value: (field, brought) =>
				`if(s.shown != '' AND JSONHas(s.shown, ${literal(field)}), JSONExtract(s.shown, ${literal(field)}, 'Nullable(String)'), ${brought})`,
			rows: this.#read(segments),
		});
	}

	#takePlain(segments: Segments, {outcome, reason, id, changes, value, rows}: PlainSql): string {
		const {connector, step} = this.#of;
		const brought = this.#fields.map(({variables: [variable = '']}) => `v.${identifier(variable)}`);
		const name = brought[plainIdentifier(connector, step)] ?? 'NULL';
		return `INSERT INTO ${this.#name} (__row, __line, __outcome, __reason, __warnings, __record_id, __record, __rule, __changes${this.#fields.map(({field}) => `, ${identifier(field)}`).join('')})
SELECT v.__row, v.__line, ${outcome}, ${reason}, v.__warnings, ${id}, ${name}, 1, ${changes}${this.#fields.map(({field}, index) => `, ${value(field, brought[index] ?? 'NULL')}`).join('')}
FROM (SELECT * FROM ${this.#rows(segments)}) AS v
INNER JOIN ${rows} AS s ON s.row = v.__row`;
	}

	#files({pattern}: Segments): string {
		return literal(join(enginePath(segmentFolder(this.#folder, this.#of.step), this.#folder), pattern));
	}

	#rows({fromRow, toRow}: Segments): string {
		const {scope} = stepOf(this.#of.connector, this.#of.step);
		return `${keptTable(`variables:${scope}`)} WHERE __row > ${fromRow} AND __row <= ${toRow}`;
	}
}

/** What the segments of a plain form say of a row, as SQL over `s`, a row of theirs, and `v`, the typed one. */
type PlainSql = {
	readonly outcome: string;
	readonly reason: string;
	readonly id: string;
	readonly changes: string;
	value(field: string, brought: string): string;
	readonly rows: string;
};

/** The mapped field that a plain step finds records by: its first rule's. */
function plainIdentifier(connector: Connector, step: number): number {
	const {matching, mapping} = stepOf(connector, step);
	return mapping.findIndex(({field}) => field === matching[0]?.field);
}

/** How many rows were skipped before a step, and how many of them carry warnings: counted in each step of their scope (SPEC 8.3). */
export async function countSkippedBefore(session: SqlSession, {connector, step, diff}: StepRows): Promise<Counts> {
	const {scope} = stepOf(connector, step);
	const [counted] = await session.rows<{rows: string | number; warned: string | number}>(
		`SELECT count() AS rows, countIf(notEmpty(warnings)) AS warned FROM (${skippedRows(scope, diff)}) SETTINGS ${besideEachOther}`,
	);
	return {...noCounts, skipped: Number(counted?.rows ?? 0), warnings: Number(counted?.warned ?? 0)};
}

/** The rows of a scope that no step works on: those without a required value, and those that the diff check found unchanged. */
function skippedRows(scope: string, diff: boolean): string {
	const invalid = `SELECT __row AS row, __line AS line, 'skipped' AS outcome, __reason AS reason, __warnings AS warnings
FROM ${keptTable(`variables:${scope}`)}
WHERE __state != 'ok'`;
	if (!diff) return invalid;
	return `${invalid}
UNION ALL
SELECT v.__row, v.__line, 'skipped', concat('unchanged since ', d.__since), v.__warnings
FROM ${keptTable(`variables:${scope}`)} AS v
INNER JOIN ${keptTable(`diff:${scope}`)} AS d ON d.__row = v.__row
WHERE v.__state = 'ok'`;
}

/** Segments of one form, which follow each other. */
type Segments = {readonly form: SegmentForm; readonly pattern: string; readonly fromRow: number; readonly toRow: number};

async function segmentsOf(
	folder: string,
	{connector, step}: StepRows,
	afterChunk: number,
	upToChunk: number,
	without: ReadonlySet<number> = new Set(),
): Promise<readonly Segments[]> {
	const {chunkSize} = connector.settings;
	const found = (await readdir(segmentFolder(folder, step)).catch(noFolder))
		.flatMap((name) => segmentOf(name) ?? [])
		.filter(({chunk}) => chunk > afterChunk && chunk <= upToChunk && !without.has(chunk))
		.sort((a, b) => a.chunk - b.chunk);
	const runs: {readonly form: SegmentForm; readonly chunks: number[]}[] = [];
	for (const {chunk, form} of found) {
		const run = runs.at(-1);
		if (run?.form === form && run.chunks.length < filesAtOnce) run.chunks.push(chunk);
		else runs.push({form, chunks: [chunk]});
	}
	return runs.map(({form, chunks}, index) => {
		const names = chunks.map((chunk) => segmentName(chunk, form));
		return {
			form,
			pattern: names.length === 1 ? (names[0] ?? '') : `{${names.join(',')}}`,
			// why not the first one's number: a segment may be of several chunks, and has the last one's
			fromRow: (runs[index - 1]?.chunks.at(-1) ?? afterChunk) * chunkSize,
			toRow: (chunks.at(-1) ?? 0) * chunkSize,
		};
	});
}

/** A step that did not begin has no segments. */
function noFolder(error: NodeJS.ErrnoException): string[] {
	if (error.code === 'ENOENT') return [];
	throw error;
}
