import type {SqlSession} from '../model/sql-session.js';
import {SheetBuilder} from '../report/sheets/builder.js';
import {listTables} from '../report/tables.js';
import {buildSqlOutput} from './artifacts.js';
import {failpoint} from './failpoint.js';
import type {ExecutionJob} from './job.js';
import type {ExecutionProgress} from './progress.js';
import type {SqlWorker} from './sql/worker-session.js';

/**
 * What is made beside the stages as soon as it can be: the SQL output, and the sheets of tables that no later stage changes (SPEC 12).
 * Nothing of it can fail the run: what could not be made here is made in stage `report`, which then tells what is wrong.
 *
 * why one thing at a time, on one thread: the load keeps one core busy with records, and needs little of the engine meanwhile
 */
export class BesideWork {
	readonly #job: ExecutionJob;
	readonly #progress: ExecutionProgress;
	readonly #worker: SqlWorker;
	readonly #sheets: Promise<SheetBuilder>;
	#zip: Promise<unknown> = Promise.resolve();
	#line: Promise<unknown> = Promise.resolve();

	/** @param worker the one that the stages use; it must not be opened anew while something is being made */
	constructor(job: ExecutionJob, progress: ExecutionProgress, worker: SqlWorker) {
		this.#job = job;
		this.#progress = progress;
		this.#worker = worker;
		this.#sheets = SheetBuilder.open(job);
		this.#sheets.catch(() => undefined);
	}

	/** The output tables stand, as the SQL left them. */
	outputsKept(): void {
		this.#zip = this.#next(() => buildSqlOutput(this.#job, this.#progress, this.#worker.beside, 1));
	}

	/** So do the typed rows, and which of them are unchanged. */
	inputTyped(): void {
		void this.#next(async () => {
			const tables = (await listTables(this.#worker.beside)).filter(({table}) => !table.startsWith('load:'));
			for (const {table} of tables) await this.#build(table, this.#worker.beside);
		});
	}

	/** The table of a load step stands. why the last one's in the session of the stages: they need it no more, and both cores get a sheet */
	stepMerged(step: number): void {
		const isLast = step === this.#job.connector.loadSteps.length;
		if (isLast) this.#build(`load:${step}`, this.#worker).catch(() => undefined);
		else void this.#next(() => this.#build(`load:${step}`, this.#worker.beside));
	}

	/** The sheets, made or under way. By then the SQL output is made, or could not be. */
	async sheets(): Promise<SheetBuilder> {
		await this.#zip;
		return await this.#sheets;
	}

	async #build(table: string, session: SqlSession): Promise<void> {
		await (await this.#sheets).sheetsOf(table, session, 1);
		failpoint('runner.sheet.built');
	}

	/** Whatever becomes of it, what follows is tried too. */
	#next(make: () => Promise<unknown>): Promise<unknown> {
		this.#line = this.#line.then(make).catch(() => undefined);
		return this.#line;
	}
}
