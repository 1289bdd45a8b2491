import {setTimeout as pause} from 'node:timers/promises';
import type {LogLine} from '../../api/contract.js';
import {SluiceError, toSluiceError} from '../../model/errors.js';
import {type DiskTrouble, diskTroubleOf} from '../../platform/disk-trouble.js';
import {failpoint} from '../../platform/failpoint.js';
import type {Control} from '../control/control.js';
import type {Actor} from '../control/history.js';
import {closingOf, type StoredExecution} from '../control/stored-execution.js';
import type {Log} from '../log.js';
import {Attempt, type Outcome} from './attempt.js';
import {cancelExecution} from './cancel.js';
import {type ConnectorRule, choose, type WaitReason} from './choose.js';
import {placeOf} from './crash-counter.js';
import {DiskWaits} from './disk-waits.js';
import {backToQueue, end, settleDied, settleEnded} from './finish.js';
import {killOrphans} from './orphan-processes.js';
import {paused} from './paused.js';
import type {Runner, RunnerListener} from './runner.js';

/** What the dispatcher needs of the rest of the daemon. */
export type DispatcherDependencies = {
	readonly control: Control;
	readonly log: Log;
	/** Whether anything may start at all: not before a valid `sluice.yaml` is known. */
	ready(): boolean;
	maxRunning(): number;
	ruleOf(connector: string): ConnectorRule;
	/** Makes everything ready that the runner needs, and forks it. */
	launch(stored: StoredExecution, listener: RunnerListener): Promise<Runner>;
	/** Says to everybody who listens how the execution stands. */
	publish(stored: StoredExecution, attempt: Attempt | null): void;
	queueChanged(connector: string): void;
	/** Where an execution writes: its folder, and the one of the records. */
	foldersOf(execution: string): readonly string[];
	note(execution: string, line: LogLine): void;
	chunkTook(seconds: number): void;
	/** Written together with the end of an execution, or not at all. */
	atEnd(execution: StoredExecution): void;
	/** Called when it is written and settled. */
	ended(execution: StoredExecution): void;
};

const progressSaveMs = 1_000;
const answerWithinMs = 20_000;
const settleAgainMs = 2_000;
const lookAgainMs = 5;
const keptLines = 3;
const keptCharacters = 400;

/** Starts what may start, follows what runs, and writes what becomes of it (SPEC 9). */
export class Dispatcher {
	readonly #around: DispatcherDependencies;
	readonly #attempts = new Map<string, Attempt>();
	/** Executions whose old runner has not left yet: its engine still holds their folder. */
	readonly #leaving = new Map<string, Promise<void>>();
	readonly #saved = new Map<string, {at: number; shape: string; chunks: number; chunkAt: number}>();
	readonly #disk = new DiskWaits(() => this.wake());
	#waits: ReadonlyMap<string, WaitReason> = new Map();
	#open = false;
	#stopping = false;
	#paused = false;
	#due = false;

	constructor(around: DispatcherDependencies) {
		this.#around = around;
	}

	/** From now on executions start. */
	open(): void {
		this.#open = true;
		this.wake();
	}

	get running(): number {
		return this.#attempts.size;
	}

	attempt(id: string): Attempt | undefined {
		return this.#attempts.get(id);
	}

	waitsFor(id: string): WaitReason {
		return this.#disk.holds(id) ? 'disk' : (this.#waits.get(id) ?? 'start');
	}

	/** Why an execution waits for a disk, as a sentence; null when it does not. */
	diskSentence(id: string): string | null {
		return this.#disk.sentence(id);
	}

	/** Resolves when no process of ours holds the folder of this execution. */
	async left(id: string): Promise<void> {
		await this.#leaving.get(id);
	}

	/** Something changed that may let an execution start. Cheap to call, and done once for many calls. */
	wake(): void {
		if (this.#due) return;
		this.#due = true;
		setImmediate(() => {
			this.#due = false;
			if (!this.#stopping) this.#dispatch();
		});
	}

	/** How the queue stands now, without waiting for the next turn: for an answer that says what an execution waits for. */
	look(): void {
		this.#dispatch();
	}

	#dispatch(): void {
		const {control} = this.#around;
		const running = [...this.#attempts.values()].map(({stored}) => stored);
		const {start, waits} = choose(control.executions.queue(), running, {
			ready: this.#around.ready(),
			maxRunning: this.#around.maxRunning(),
			ruleOf: (name) => this.#around.ruleOf(name),
			waitsForDisk: (id) => this.#disk.holds(id),
			leaves: (id) => this.#leaving.has(id),
		});
		this.#waits = waits;
		if (!this.#open || this.#stopping || this.#paused) return;
		for (const id of start) {
			const stored = this.#begun(id);
			if (stored) this.#start(stored);
		}
	}

	/** Writes that the execution starts; null when the disk has no room even for that. */
	#begun(id: string): StoredExecution | null {
		const {control} = this.#around;
		try {
			failpoint('daemon.lease.before');
			const stored = control.together(() => {
				const started = control.executions.start(id, control.now());
				if (started.mode === 'live') control.connectors.bumpQueue(started.connector);
				return started;
			});
			failpoint('daemon.lease.after');
			return stored;
		} catch (error) {
			const trouble = diskTroubleOf(error);
			if (!trouble) throw error;
			this.#heldByDisk(id, trouble);
			return null;
		}
	}

	#heldByDisk(id: string, trouble: DiskTrouble): void {
		this.#waits = new Map(this.#waits).set(id, 'disk');
		void this.#disk.hold(id, trouble, this.#around.foldersOf(id));
		this.#around.log.warn({execution: id, trouble}, 'an execution waits for a disk');
	}

	/** What is written on the way is not worth an execution: the next of it says the same, and more. */
	#onTheWay(write: () => unknown): void {
		try {
			write();
		} catch (error) {
			if (!diskTroubleOf(error)) throw error;
			this.#around.log.warn({err: error}, 'how an execution stands could not be written');
		}
	}

	#start(stored: StoredExecution): void {
		const {control} = this.#around;
		const {id} = stored;
		const attempt = new Attempt(stored, {
			progress: (which) => this.#progressed(which),
			log: ({stored: {id: execution}}, {at, level, stage, message}) => this.#around.note(execution, {at, level, stage, message}),
			worker: (which, pid, start) => this.#onTheWay(() => control.executions.setWorker(which.stored.id, {pid, start})),
			outcome: (which, outcome) => void this.#settle(which, outcome),
		});
		this.#attempts.set(id, attempt);
		this.#around.publish(stored, attempt);
		if (stored.mode === 'live') this.#around.queueChanged(stored.connector);
		void this.#launch(attempt);
	}

	async #launch(attempt: Attempt): Promise<void> {
		const {stored} = attempt;
		try {
			const runner = await this.#around.launch(stored, {
				message: (message) => attempt.hear(message),
				exit: (ending) => attempt.heardExit(ending),
			});
			this.#onTheWay(() => this.#around.control.executions.setProcesses(stored.id, runner.left, null));
			failpoint('daemon.fork.recorded');
			this.#leaving.set(
				stored.id,
				runner.exited.then(async () => {
					await attempt.settled;
					this.#leaving.delete(stored.id);
					this.wake();
				}),
			);
			attempt.take(runner);
		} catch (error) {
			const trouble = diskTroubleOf(error);
			const failure = toSluiceError(error);
			this.#around.log.error({execution: stored.id, err: error}, 'an execution could not be started');
			if (trouble) {
				await this.#settle(attempt, {how: 'unstarted', trouble});
				return;
			}
			this.#closed(attempt, end(this.#around, stored.id, {status: 'failed', progress: stored.progress, error: failure.toJSON()}));
		}
	}

	#progressed(attempt: Attempt): void {
		const {id} = attempt.stored;
		this.#around.publish(attempt.stored, attempt);
		const {progress} = attempt;
		if (!progress) return;
		const now = performance.now();
		const shape = progress.stages.map(({state}) => state).join();
		const chunks = progress.stages.reduce((sum, {chunks_done}) => sum + (chunks_done ?? 0), 0);
		const saved = this.#saved.get(id) ?? {at: Number.NEGATIVE_INFINITY, shape: '', chunks: 0, chunkAt: now};
		if (chunks > saved.chunks) {
			const seconds = (now - saved.chunkAt) / 1000 / (chunks - saved.chunks);
			for (let chunk = saved.chunks; chunk < chunks; chunk++) this.#around.chunkTook(seconds);
		}
		const due = shape !== saved.shape || now - saved.at >= progressSaveMs;
		if (due) {
			failpoint('daemon.progress.before');
			this.#onTheWay(() => this.#around.control.executions.setProgress(id, progress));
			failpoint('daemon.progress.after');
		}
		const chunkAt = chunks > saved.chunks || !shape.includes('running') ? now : saved.chunkAt;
		this.#saved.set(id, {at: due ? now : saved.at, shape: due ? shape : saved.shape, chunks, chunkAt});
	}

	/** @param again whether it was tried before: that it waits for a disk is known by then, and the room that is there now tells nothing of then */
	async #settle(attempt: Attempt, outcome: Outcome, again = false): Promise<void> {
		const {control, log} = this.#around;
		const stored = control.executions.known(attempt.stored.id);
		try {
			if (outcome.how === 'ended') {
				const {disk} = outcome.message;
				if (disk && !again) this.#heldByDisk(stored.id, disk);
				failpoint('daemon.ended.before');
				const settled = settleEnded(this.#around, stored, outcome.message, attempt.intent);
				failpoint('daemon.ended.after');
				this.#closed(attempt, settled);
				return;
			}
			if (outcome.how === 'unstarted') {
				if (!again) this.#heldByDisk(stored.id, outcome.trouble);
				this.#closed(attempt, backToQueue(control, stored, stored.progress, 'start', attempt.intent, outcome.trouble));
				return;
			}
			const {code, signal, lastWords} = outcome.end;
			const said = lastLines(lastWords);
			const died = `The process that worked on this execution ended unexpectedly (${signal ?? `exit ${code}`}) at ${placeOf(attempt.progress)}${said}`;
			log.warn({execution: stored.id, code, signal, lastWords}, 'a runner died');
			this.#around.note(stored.id, {at: control.now(), level: 'warning', stage: null, message: died});
			await killOrphans([stored.worker]);
			const tooOften = (place: string, times: number): SluiceError => killedTooOften(place, times, said);
			this.#closed(attempt, settleDied(this.#around, stored, attempt.progress, attempt.intent, closingOf(attempt.stored), tooOften));
		} catch (error) {
			log.error({execution: stored.id, err: error}, 'the end of an execution could not be written');
			const trouble = diskTroubleOf(error);
			if (trouble && !this.#stopping) {
				this.#settleLater(attempt, outcome, trouble);
				return;
			}
			// why: it stays `running` in control.db, and is resumed at the next start.
			this.#attempts.delete(stored.id);
			attempt.settle();
		}
	}

	/** The disk has no room for the end of an execution: it is written as soon as there is some. */
	#settleLater(attempt: Attempt, outcome: Outcome, trouble: DiskTrouble): void {
		if (!this.#disk.holds(attempt.stored.id)) this.#heldByDisk(attempt.stored.id, trouble);
		setTimeout(() => void this.#settle(attempt, outcome, true), settleAgainMs);
	}

	#closed(attempt: Attempt, stored: StoredExecution): void {
		this.#attempts.delete(stored.id);
		this.#saved.delete(stored.id);
		attempt.settle();
		this.#dispatch();
		this.#around.publish(stored, null);
		if (stored.mode === 'live') this.#around.queueChanged(stored.connector);
		if (stored.status === 'queued') return;
		this.#disk.forget(stored.id);
		this.#around.ended(stored);
	}

	/** @see cancelExecution */
	async cancel(id: string, actor: Actor): Promise<void> {
		const {control} = this.#around;
		await cancelExecution(id, actor, {
			control,
			attempt: (of) => this.#attempts.get(of),
			changes: (of) => this.#attempts.get(of)?.settled ?? this.#leaving.get(of),
			look: () => this.#dispatch(),
			endQueued: (stored) => {
				end(this.#around, stored.id, {status: 'cancelled', progress: stored.progress, error: null});
				if (stored.mode === 'live') control.connectors.bumpQueue(stored.connector);
			},
			endedQueued: (of) => {
				this.#disk.forget(of);
				const ended = control.executions.known(of);
				this.#dispatch();
				this.#around.publish(ended, null);
				this.#around.queueChanged(ended.connector);
				this.#around.ended(ended);
			},
		});
	}

	/** Ends an execution that cannot begin, such as one whose source gives nothing to run on. `add` puts it into the queue. */
	fail(add: () => StoredExecution, error: SluiceError): StoredExecution {
		const {control} = this.#around;
		const failed = control.together(() => end(this.#around, add().id, {status: 'failed', progress: null, error: error.toJSON()}));
		this.#around.publish(failed, null);
		this.#around.ended(failed);
		return failed;
	}

	/** Does `work` while every run stands still, and none starts. A run of which no process is there yet is waited for. */
	async whilePaused<Result>(work: () => Promise<Result>): Promise<Result> {
		this.#paused = true;
		try {
			while ([...this.#attempts.values()].some(({runner}) => runner === null)) await pause(lookAgainMs);
			const goOn = await paused([...this.#attempts.values()].flatMap(({runner}) => (runner ? [runner.left.pid] : [])));
			try {
				return await work();
			} finally {
				goOn();
			}
		} finally {
			this.#paused = false;
			this.wake();
		}
	}

	/** Stops the live executions of a connector at their chunk boundaries; they go back to the queue. Resolves when they have. */
	async stopConnector(connector: string): Promise<void> {
		const attempts = [...this.#attempts.values()].filter(({stored}) => stored.connector === connector && stored.mode === 'live');
		for (const attempt of attempts) attempt.ask('deactivation');
		await Promise.race([Promise.all(attempts.map(({settled}) => settled)), pause(answerWithinMs, undefined, {ref: false})]);
	}

	/** After a crash: kills what still runs of the last daemon's runners, and puts every interrupted execution back to its place. */
	async recover(): Promise<number> {
		const {control} = this.#around;
		const interrupted = control.executions.withStatus('running');
		await killOrphans(interrupted.flatMap(({runner, worker}) => [runner, worker]));
		for (const stored of interrupted) {
			backToQueue(control, stored, stored.progress, placeOf(stored.progress), null);
			this.#around.note(stored.id, {
				at: control.now(),
				level: 'warning',
				stage: null,
				message: 'The daemon ended while this execution ran',
			});
		}
		return interrupted.length;
	}

	/** Stops everything at its chunk boundary; what does not stop in time is killed. All of it goes on at the next start. */
	async shutdown(timeoutMs: number): Promise<void> {
		this.#stopping = true;
		this.#disk.stop();
		const attempts = [...this.#attempts.values()];
		for (const attempt of attempts) attempt.ask('shutdown');
		const all = Promise.all([...attempts.map(({settled}) => settled), ...this.#leaving.values()]);
		await Promise.race([all, pause(timeoutMs, undefined, {ref: false})]);
		for (const attempt of this.#attempts.values()) attempt.runner?.kill();
		await Promise.race([all, pause(timeoutMs, undefined, {ref: false})]);
	}
}

function killedTooOften(place: string, times: number, said: string): SluiceError {
	return new SluiceError('run.killed', `The process that works on this execution died ${times} times at the same place${said}`, {
		where: place,
	});
}

/** What a process wrote last before it died, as the end of a sentence; nothing when it wrote nothing. */
function lastLines(words: string): string {
	const lines = words
		.split('\n')
		.map((line) => line.trim())
		.filter((line) => line !== '');
	// A stack trace says nothing to a person: the line of the error itself stands in front of it.
	const telling = lines.filter((line) => !/^(at |Node\.js v|node:|\^+$|throw )/.test(line)).slice(-keptLines);
	return telling.length === 0 ? '' : `. It said last: ${telling.join(' ').slice(0, keptCharacters)}`;
}
