import {scopesOf} from '../../model/connector.js';
import type {SqlSession} from '../../model/sql-session.js';
import {failpoint} from '../../platform/failpoint.js';
import {SheetBuilder, type SheetsPromised} from '../../report/sheets/builder.js';
import {listTables} from '../../report/tables.js';
import type {ExecutionJob} from '../protocol.js';
import type {SqlWorker} from '../sql/worker-session.js';
import {buildSqlOutput} from './build-artifacts.js';
import type {ExecutionProgress} from './progress.js';

type Making = (session: SqlSession) => Promise<unknown>;

/**
 * What is made beside the stages as soon as it can be: the SQL output, and the sheets of tables that no later stage changes (SPEC 12).
 * Nothing of it can fail the run: what could not be made here is made in stage `report`, which then tells what is wrong.
 *
 * why one thing at a time, on one thread, while records are loaded: that keeps one core busy, and needs some of the engine meanwhile. After
 * the last step the stages' session takes of what waits too, so that both cores have a sheet each; one is left for that moment.
 */
export class ArtifactBuilder {
	readonly #job: ExecutionJob;
	readonly #progress: ExecutionProgress;
	readonly #worker: SqlWorker;
	readonly #sheets: Promise<SheetBuilder>;
	readonly #waiting: Making[] = [];
	readonly #leftForTheEnd: string | undefined;
	#isMaking = false;
	#zip: Promise<unknown> = Promise.resolve();

	/** @param worker the one that the stages use; it must not be opened anew while something is being made */
	constructor(job: ExecutionJob, progress: ExecutionProgress, worker: SqlWorker) {
		this.#job = job;
		this.#progress = progress;
		this.#worker = worker;
		this.#leftForTheEnd = scopesOf(job.connector).at(-1);
		this.#sheets = SheetBuilder.open({...job, timezone: job.locale.timezone});
		this.#sheets.catch(() => undefined);
	}

	/** The output tables stand, as the SQL left them. */
	outputsKept(): void {
		this.#zip = new Promise<void>((made) => {
			this.#add((session) => this.#buildZip(session, made));
		});
	}

	/** So do the typed rows, and which of them are unchanged. */
	inputTyped(): void {
		this.#add(async (session) => {
			for (const {table} of await listTables(session)) if (table.startsWith('sql:')) await this.#build(this.#promised(table), session);
		});
		for (const scope of scopesOf(this.#job.connector)) if (scope !== this.#leftForTheEnd) this.#addSheets(`variables:${scope}`);
	}

	/** The table of a load step stands. */
	stepMerged(step: number): void {
		const isLast = step === this.#job.connector.loadSteps.length;
		// why before the step's: of the two it takes longer where rows were left out, and whoever is free first should have the longer one
		if (isLast) this.#addSheets(`variables:${this.#leftForTheEnd}`);
		this.#addSheets(`load:${step}`);
		if (isLast) void this.#make(this.#worker);
	}

	/** The sheets, made or under way. By then the SQL output is made, or could not be. */
	async sheets(): Promise<SheetBuilder> {
		await this.#zip;
		return await this.#sheets;
	}

	/** Resolves when the session is free: its files are put into the archive while it goes on with a sheet. */
	#buildZip(session: SqlSession, made: () => void): Promise<void> {
		return new Promise((free) => {
			const building = buildSqlOutput(this.#job, this.#progress, session, 1, free);
			void building
				.catch(() => undefined)
				.then(made)
				.then(free);
		});
	}

	async #build(promised: Promise<SheetsPromised>, session: SqlSession): Promise<void> {
		await (await promised)(session, 1);
		failpoint('runner.sheet.built');
	}

	async #promised(table: string): Promise<SheetsPromised> {
		return (await this.#sheets).promise(table);
	}

	/** why promised: the report would otherwise begin with what waits here, in a session that is busy, and leave this one idle */
	#addSheets(table: string): void {
		const promised = this.#promised(table);
		promised.catch(() => undefined);
		this.#add((session) => this.#build(promised, session));
	}

	#add(making: Making): void {
		this.#waiting.push(making);
		if (!this.#isMaking) void this.#makeBeside();
	}

	async #makeBeside(): Promise<void> {
		this.#isMaking = true;
		// why again: something may have been added after the last of it was made and before that was known here
		while (this.#waiting.length > 0) await this.#make(this.#worker.backgroundSession);
		this.#isMaking = false;
	}

	/** What waits, one after the other. Whatever becomes of it, what follows is tried too. */
	async #make(session: SqlSession): Promise<void> {
		for (let making = this.#waiting.shift(); making; making = this.#waiting.shift()) await making(session).catch(() => undefined);
	}
}
