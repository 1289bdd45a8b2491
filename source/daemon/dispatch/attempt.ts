import type {FromRunner, Progress} from '../../engine/protocol.js';
import {SluiceError} from '../../model/errors.js';
import type {DiskTrouble} from '../../platform/disk-trouble.js';
import type {StoredExecution} from '../control/stored-execution.js';
import type {Runner, RunnerEnd} from './runner.js';

/** Why a running execution was asked to stop. */
export type Intent = 'cancel' | 'deactivation' | 'shutdown';

export type EndedMessage = Extract<FromRunner, {type: 'ended'}>;

/** How the work on an execution ended: with its runner's last word, with its death, or before it, for want of room on a disk. */
export type Outcome =
	| {readonly how: 'ended'; readonly message: EndedMessage}
	| {readonly how: 'died'; readonly end: RunnerEnd}
	| {readonly how: 'unstarted'; readonly trouble: DiskTrouble};

export type AttemptListener = {
	progress(attempt: Attempt): void;
	log(attempt: Attempt, line: Extract<FromRunner, {type: 'log'}>): void;
	worker(attempt: Attempt, pid: number, start: string): void;
	outcome(attempt: Attempt, outcome: Outcome): void;
};

type Rows = readonly Record<string, unknown>[];

/** A runner that asks to stop and does not come to a chunk's end in this time is killed: what it had not committed never happened. */
const patienceMs = 30_000;
/** Between its last word and its exit. */
const farewellMs = 10_000;
const questionMs = 10_000;

/** One runner's work on one execution, from its fork to its end. */
export class Attempt {
	readonly stored: StoredExecution;
	progress: Progress | null;
	intent: Intent | null = null;
	/** Resolves when the execution has its new status in `control.db`. */
	readonly settled: Promise<void>;
	#settle: () => void = () => undefined;
	#runner: Runner | null = null;
	#over = false;
	#deadline: NodeJS.Timeout | null = null;
	#request = 0;
	readonly #questions = new Map<number, {resolve(rows: Rows): void; reject(error: SluiceError): void}>();
	readonly #listener: AttemptListener;

	constructor(stored: StoredExecution, listener: AttemptListener) {
		this.stored = stored;
		this.progress = stored.progress;
		this.#listener = listener;
		this.settled = new Promise((resolve) => {
			this.#settle = resolve;
		});
	}

	/** Takes a runner; whoever wanted a stop before there was one is heard now. */
	take(runner: Runner): void {
		this.#runner = runner;
		if (this.intent !== null) this.#pass(this.intent);
	}

	get runner(): Runner | null {
		return this.#runner;
	}

	/** Asks for a stop at the next chunk boundary. The first wish stands, but a cancel overrules a stop. */
	ask(intent: Intent): void {
		if (this.#over || this.intent === 'cancel' || this.intent === intent) return;
		this.intent = intent;
		if (this.#runner) this.#pass(intent);
	}

	/** Rows of a SELECT over the running execution's tables, from its own engine. */
	rows(sql: string): Promise<Rows> {
		const request = ++this.#request;
		return new Promise((resolve, reject) => {
			if (!this.#runner || this.#over) {
				reject(notNow());
				return;
			}
			// why: a runner between two stages has no engine at hand and does not answer.
			const timer = setTimeout(() => {
				this.#questions.delete(request);
				reject(notNow());
			}, questionMs);
			const over =
				<Value>(then: (value: Value) => void) =>
				(value: Value) => {
					clearTimeout(timer);
					then(value);
				};
			this.#questions.set(request, {resolve: over(resolve), reject: over(reject)});
			this.#runner.send({type: 'rows', request, sql});
		});
	}

	hear(message: FromRunner): void {
		switch (message.type) {
			case 'progress':
				this.progress = message.progress;
				this.#listener.progress(this);
				break;
			case 'log':
				this.#listener.log(this, message);
				break;
			case 'worker':
				this.#listener.worker(this, message.pid, message.start);
				break;
			case 'rows':
				this.#answer(message);
				break;
			case 'ended':
				this.progress = message.progress;
				this.#finish({how: 'ended', message});
				this.#watch(farewellMs);
				break;
			default:
		}
	}

	heardExit(end: RunnerEnd): void {
		if (this.#deadline) clearTimeout(this.#deadline);
		this.#finish({how: 'died', end});
	}

	/** Says that the new status is written. */
	settle(): void {
		this.#settle();
	}

	#pass(intent: Intent): void {
		this.#runner?.send({type: intent === 'cancel' ? 'cancel' : 'stop'});
		this.#watch(patienceMs);
	}

	#watch(timeoutMs: number): void {
		if (this.#deadline) clearTimeout(this.#deadline);
		this.#deadline = setTimeout(() => this.#runner?.kill(), timeoutMs);
	}

	#finish(outcome: Outcome): void {
		if (this.#over) return;
		this.#over = true;
		for (const {reject} of this.#questions.values()) reject(notNow());
		this.#questions.clear();
		this.#listener.outcome(this, outcome);
	}

	#answer({request, rows, error}: Extract<FromRunner, {type: 'rows'}>): void {
		const question = this.#questions.get(request);
		this.#questions.delete(request);
		if (error) question?.reject(SluiceError.from(error));
		else question?.resolve(rows ?? []);
	}
}

function notNow(): SluiceError {
	return new SluiceError('run.artifact_missing', 'The tables of this execution cannot be read at this moment', {cure: 'Ask again.'});
}
