import type {Connector} from '../../model/connector.js';
import type {ExecutionWarning, Stage, StageName, StageState, WouldFire} from '../../model/execution.js';
import {addCounts, type Counts, noCounts} from '../../model/outcome.js';
import type {FromRunner, Progress} from '../protocol.js';

/** At most this often is a change told to the daemon; a stage's end is told at once. */
const tellEveryMs = 100;

type MutableStage = {-readonly [Key in keyof Stage]: Stage[Key]};

/** What an execution has reached, kept while it runs and told to the daemon as a whole. */
export class ExecutionProgress {
	readonly #stages: MutableStage[];
	/** When the runner began, and each stage that it began, by the monotonic clock. */
	readonly #beganMs: number;
	readonly #stagesBeganMs = new Map<StageName, number>();
	/** How long earlier runners worked. */
	#earlierMs = 0;
	readonly #warnings: ExecutionWarning[] = [];
	readonly #scopes = new Map<string, number>();
	#input: number | null = null;
	#troubledRows = 0;
	#engine: string | null = null;
	#walls: readonly string[] = [];
	#artifacts: Progress['artifacts'];
	#reasons: readonly string[] = [];
	#toldAt = 0;

	constructor(
		connector: Connector,
		readonly send: (message: FromRunner) => void,
		readonly now: () => Date = () => new Date(),
		readonly monotonicMs: () => number = () => performance.now(),
	) {
		this.#beganMs = monotonicMs();
		this.#stages = stagesOf(connector);
		this.#artifacts = {sql_output: null, report: null, ...(connector.export && {export: null})};
	}

	/** Whether the run is to end as `warning`: rows errored, were skipped as invalid, carry warnings, or something was said (SPEC 9). */
	hasWarnings(): boolean {
		const {errored, warnings} = this.counts();
		return this.#warnings.length > 0 || this.#troubledRows > 0 || errored > 0 || warnings > 0;
	}

	/** Whether the SQL, or what stands in for it, has left its output tables. */
	hasOutputs(): boolean {
		const {state} = this.#find('sql');
		return state === 'completed' || state === 'skipped';
	}

	/** Rows that were skipped as invalid or carry a warning before any load step has seen them. */
	troubledRows(rows: number): void {
		this.#troubledRows = rows;
	}

	begin(name: StageName): void {
		this.#stagesBeganMs.set(name, this.monotonicMs() - (this.#find(name).took_ms ?? 0));
		this.#change(name, {state: 'running', started_at: this.#find(name).started_at ?? this.now().toISOString()});
		this.tell();
	}

	end(name: StageName, state: Exclude<StageState, 'waiting' | 'running'> = 'completed', rows?: number): void {
		const took = this.#tookMs(name);
		this.#stagesBeganMs.delete(name);
		this.#change(name, {state, ended_at: this.now().toISOString(), ...took, ...(rows === undefined ? {} : {rows})});
		this.tell();
	}

	/** The stage that runs now, if any. */
	running(): StageName | null {
		return this.#stages.find(({state}) => state === 'running')?.stage ?? null;
	}

	/** Makes a stage that had ended run again, in place of a later one: what it let pass is wrong. */
	goBack(name: StageName, from: StageName): void {
		this.#change(from, {state: 'waiting', started_at: null});
		this.begin(name);
	}

	/** Ends the stage that runs now, if any, in `state`. */
	endRunning(state: 'failed' | 'cancelled'): StageName | null {
		const running = this.running();
		if (running) this.end(running, state);
		return running;
	}

	/** What a load step has done so far, in all. */
	loaded(name: StageName, chunks: number, chunksDone: number, counts: Counts): void {
		this.#change(name, {chunks, chunks_done: chunksDone, ...counts});
		this.tellSoon();
	}

	/** What a load step of a dry run would have fired. */
	wouldFire(name: StageName, fired: readonly WouldFire[]): void {
		this.#change(name, {would_fire: fired});
	}

	/** How many rows a stage has come to. */
	counted(name: StageName, rows: number): void {
		this.#change(name, {rows});
		this.tellSoon();
	}

	/** The sum over the load steps. */
	counts(): Counts {
		return this.#stages.reduce<Counts>((sum, stage) => (stage.stage.startsWith('load:') ? addCounts(sum, countsOf(stage)) : sum), noCounts);
	}

	readRows(rows: number): void {
		this.#input = rows;
	}

	scopeRows(scope: string, rows: number): void {
		this.#scopes.set(scope, rows);
	}

	engineIs(engine: string, walls: readonly string[]): void {
		this.#engine = engine;
		this.#walls = walls;
	}

	reasonsAre(reasons: readonly string[]): void {
		this.#reasons = reasons;
	}

	made(artifact: Partial<Progress['artifacts']>): void {
		this.#artifacts = {...this.#artifacts, ...artifact};
		this.tell();
	}

	warn(warning: ExecutionWarning): void {
		this.#warnings.push(warning);
		this.log('warning', warning.stage, warning.message);
	}

	log(level: 'info' | 'warning' | 'error', stage: string | null, message: string): void {
		this.send({type: 'log', level, stage, message, at: this.now().toISOString()});
	}

	snapshot(): Progress {
		return {
			stages: this.#stages.map((stage) => ({...stage, ...this.#tookMs(stage.stage)})),
			took_ms: Math.round(this.#earlierMs + this.monotonicMs() - this.#beganMs),
			rows: {input: this.#input, by_scope: Object.fromEntries(this.#scopes)},
			engine: this.#engine,
			walls: [...this.#walls],
			warnings: [...this.#warnings],
			artifacts: this.#artifacts,
			reasons: this.#reasons,
		};
	}

	/** Takes up what an earlier runner of the same execution had reached. */
	restore(progress: Progress): void {
		this.#earlierMs = progress.took_ms ?? 0;
		for (const stage of progress.stages) this.#change(stage.stage, stage);
		this.#warnings.push(...progress.warnings);
		for (const [scope, rows] of Object.entries(progress.rows.by_scope)) this.#scopes.set(scope, rows);
		this.#input = progress.rows.input;
		this.#artifacts = progress.artifacts;
		this.#reasons = progress.reasons ?? [];
	}

	tell(): void {
		this.#toldAt = performance.now();
		this.send({type: 'progress', progress: this.snapshot()});
	}

	tellSoon(): void {
		if (performance.now() - this.#toldAt >= tellEveryMs) this.tell();
	}

	/** Of a stage under way; earlier runners' part of it is counted too. */
	#tookMs(name: StageName): {readonly took_ms?: number} {
		const began = this.#stagesBeganMs.get(name);
		return began === undefined ? {} : {took_ms: Math.round(this.monotonicMs() - began)};
	}

	#find(name: StageName): MutableStage {
		const stage = this.#stages.find((candidate) => candidate.stage === name);
		if (!stage) throw new Error(`No stage ${name}`);
		return stage;
	}

	#change(name: StageName, change: Partial<Stage>): void {
		Object.assign(this.#find(name), change);
	}
}

function countsOf(stage: Stage): Counts {
	return {
		created: stage.created ?? 0,
		updated: stage.updated ?? 0,
		skipped: stage.skipped ?? 0,
		errored: stage.errored ?? 0,
		warnings: stage.warnings ?? 0,
	};
}

/** The stages of an execution in their order (SPEC 9), all waiting. */
export function stagesOf(connector: Connector): Stage[] {
	const blank = {
		object: null,
		scope: null,
		state: 'waiting',
		rows: null,
		chunks: null,
		chunks_done: null,
		created: null,
		updated: null,
		skipped: null,
		errored: null,
		warnings: null,
		started_at: null,
		ended_at: null,
	} as const;
	const loads = connector.loadSteps.map(
		(step, index): Stage => ({
			...blank,
			stage: `load:${index + 1}`,
			name: step.name,
			object: step.object,
			scope: step.scope,
			chunks: 0,
			chunks_done: 0,
			...noCounts,
		}),
	);
	if (connector.export) {
		const object = 'object' in connector.export.from ? connector.export.from.object : null;
		return [
			{...blank, stage: 'sql', name: object === null ? 'SQL' : 'Records', object},
			{...blank, stage: 'export', name: 'Export', object},
			{...blank, stage: 'report', name: 'Report'},
		];
	}
	return [
		{...blank, stage: 'intake', name: 'Intake'},
		{...blank, stage: 'sql', name: 'SQL'},
		{...blank, stage: 'variables', name: 'Variables'},
		{...blank, stage: 'diff', name: 'Diff check'},
		...loads,
		{...blank, stage: 'report', name: 'Report'},
	];
}
