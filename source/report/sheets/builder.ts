import {mkdir, rm} from 'node:fs/promises';
import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import type {Connector} from '../../model/connector.js';
import {enginePath} from '../../model/engine-path.js';
import type {ExecutionMode} from '../../model/execution.js';
import type {ObjectDefinition} from '../../model/object.js';
import type {SqlSession} from '../../model/sql-session.js';
import {keptColumns} from '../run-tables/columns.js';
import {fieldCell} from '../run-tables/record-cells.js';
import type {CellKind} from '../workbook/cell-sql.js';
import type {SheetColumn} from '../workbook/row-xml.js';
import {excelLimits} from '../workbook/sheet-frame.js';
import {reportMoment} from '../workbook/sheet-moment.js';
import {type SheetPart, type SheetSource, writeTableSheet} from '../workbook/table-sheet.js';
import {loadSheet} from './load.js';
import {sqlOutputSheet} from './sql-output.js';
import {variablesSheet} from './variables.js';

export type BuilderRequest = {
	/** The execution's folder, absolute: sheets are built in a folder of it, which is removed again. */
	readonly folder: string;
	/** The same folder as the SQL engine sees it, where its sandbox shows it elsewhere. */
	readonly engineFolder?: string;
	readonly mode: ExecutionMode;
	readonly connector: Connector;
	readonly objects: readonly ObjectDefinition[];
	/** The workspace's, in which moments are shown. UTC unless given. */
	readonly timezone?: string;
	readonly rowsPerSheet?: number;
};

/** The sheets of one table: several where it has more rows than one takes. */
export type BuiltSheets = {readonly title: string; readonly sheets: readonly SheetPart[]; readonly note: string | null};

/** Builds the sheets of the table that they were promised of. */
export type SheetsPromised = (session: SqlSession, threads: number) => Promise<void>;

const scratchFolder = 'report.building';

/**
 * Builds the sheets of an execution's tables, each once, so that those of a table that will not change any more can be begun before the
 * others stand (SPEC 12). Several may be built at a time, each in a session of its own.
 */
export class SheetBuilder {
	readonly #request: BuilderRequest;
	readonly #built = new Map<string, Promise<BuiltSheets>>();
	/** By table of the SQL output, the columns that need no care. */
	readonly #clean = new Map<string, ReadonlySet<string>>();
	#files = 0;

	private constructor(request: BuilderRequest) {
		this.#request = request;
	}

	/** Begins with an empty folder. One builder at a time works on an execution. */
	static async open(request: BuilderRequest): Promise<SheetBuilder> {
		const folder = join(request.folder, scratchFolder);
		await rm(folder, {recursive: true, force: true});
		await mkdir(folder, {recursive: true, mode: 0o700});
		return new SheetBuilder(request);
	}

	/**
	 * Says that somebody builds a table's sheets: whoever asks for them waits for that.
	 *
	 * @returns what builds them, to be called in any case; where they are begun already it waits for them
	 */
	promise(table: string): SheetsPromised {
		const begun = this.#built.get(table);
		if (begun)
			return async () => {
				await begun;
			};
		let begin: (building: Promise<BuiltSheets>) => void = () => undefined;
		const promised = new Promise<BuiltSheets>((resolve) => {
			begin = resolve;
		});
		promised.catch(() => undefined);
		this.#built.set(table, promised);
		return async (session, threads) => {
			const building = this.#build(table, session, threads);
			begin(building);
			await building;
		};
	}

	/** Whether a table's sheets are built, being built, or promised. */
	isBegun(table: string): boolean {
		return this.#built.has(table);
	}

	/** How many sheets a table of so many rows takes. */
	sheetsFor(rows: number): number {
		return Math.max(1, Math.ceil(rows / this.#rowsPerSheet));
	}

	get #rowsPerSheet(): number {
		return Math.min(this.#request.rowsPerSheet ?? excelLimits.rows, excelLimits.rows);
	}

	/**
	 * The sheets of a table, built before, being built, or built now. What failed is tried again.
	 *
	 * @param threads of the engine; default: the machine's, at most 4
	 * @throws SluiceError `report.damaged`, `sql.*`
	 */
	async sheetsOf(table: string, session: SqlSession, threads = Math.min(4, availableParallelism())): Promise<BuiltSheets> {
		const begun = await this.#built.get(table)?.catch(() => undefined);
		if (begun) return begun;
		const building = this.#build(table, session, threads);
		this.#built.set(table, building);
		return await building;
	}

	/** Removes what is left of the sheets. */
	async close(): Promise<void> {
		await rm(join(this.#request.folder, scratchFolder), {recursive: true, force: true});
	}

	async #build(table: string, session: SqlSession, threads: number): Promise<BuiltSheets> {
		if (table.startsWith('sql:'))
			return await this.#write(
				table,
				await sqlOutputSheet(session, table, this.#request.timezone ?? 'UTC', exportedCells(this.#request)),
				session,
				threads,
			);
		if (table.startsWith('load:'))
			return await this.#write(
				table,
				await loadSheet(session, table, {...this.#request, clean: (scope) => this.#cleanOf(scope)}),
				session,
				threads,
			);
		const scope = table.slice('variables:'.length);
		const unchanged = (await keptColumns(session, `diff:${scope}`)).length > 0;
		const prepared = await variablesSheet(session, table, this.#request.connector, {unchanged, threads, clean: this.#cleanOf(scope)});
		try {
			return await this.#write(table, prepared.source, session, threads);
		} finally {
			await prepared.done();
		}
	}

	#cleanOf(scope: string): ReadonlySet<string> {
		return this.#clean.get(`sql:${scope}`) ?? new Set();
	}

	async #write(table: string, source: SheetSource, session: SqlSession, threads: number): Promise<BuiltSheets> {
		const {folder, engineFolder = enginePath(folder, folder)} = this.#request;
		const {timezone = 'UTC'} = this.#request;
		const columns = source.columns.map((column) => inZone(column, timezone));
		const {parts, clean} = await writeTableSheet(session, {...source, columns}, `table-${++this.#files}`, {
			scratch: {host: join(folder, scratchFolder), engine: join(engineFolder, scratchFolder)},
			threads,
			rowsPerSheet: this.#rowsPerSheet,
			// why 1: level 2 makes the report a quarter smaller and takes a quarter longer
			compressionLevel: 1,
		});
		this.#clean.set(table, clean);
		const cut = source.columns.length > excelLimits.columns;
		return {title: source.title, sheets: parts, note: cut ? `cut: ${source.columns.length} columns; the SQL output holds them all` : null};
	}
}

/** A column of moments shows them on the clocks of the workspace. Its text is then not canonical: an hour that comes twice has an offset. */
function inZone(column: SheetColumn, timezone: string): SheetColumn {
	if (column.kind !== 'datetime' || timezone === 'UTC') return column;
	return {...column, sql: reportMoment(column.sql, timezone), canonical: false};
}

/** The records of an export keep days and decimals as text; the fields' types say what they are. */
function exportedCells({connector, objects}: BuilderRequest): (column: string) => CellKind | null {
	const from = connector.export?.from;
	const fields = from && 'object' in from ? (objects.find(({apiName}) => apiName === from.object)?.fields ?? []) : [];
	return (column) => {
		const field = fields.find(({apiName}) => apiName === column);
		return field && !field.multiple ? fieldCell(field.type) : null;
	};
}
