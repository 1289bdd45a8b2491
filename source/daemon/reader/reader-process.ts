import {type ChildProcess, fork} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {stat} from 'node:fs/promises';
import type {Answer, FromReader, QuestionKind, ToReader} from '../../engine/reader/protocol.js';
import {SluiceError} from '../../model/errors.js';
import {withoutSecrets} from '../dispatch/runner.js';

/** What opening one file may take. */
export type ReaderBounds = {
	/** For a small file. A larger one has a second more for every 20 MB. */
	readonly timeMs: number;
	/** Of the whole process. */
	readonly memoryBytes: number;
	/** Of the JavaScript heap within it. */
	readonly heapBytes: number;
};

export const readerBounds: ReaderBounds = {timeMs: 20_000, memoryBytes: 512 * 1024 * 1024, heapBytes: 256 * 1024 * 1024};

const bytesPerExtraSecond = 20_000_000;
const watchEveryMs = 100;
const pageBytes = 4096;
const keptWords = 4_000;

type Asked = {readonly resolve: (answer: Answer<QuestionKind>) => void; readonly reject: (error: unknown) => void};

/** One reader. It is killed when a file takes more than the bounds, and that is an answer: an error that names the file. */
export class ReaderProcess {
	readonly #child: ChildProcess;
	readonly #bounds: ReaderBounds;
	readonly #ended: Promise<void>;
	#busy = false;
	#asked: Asked | null = null;
	#killedFor: string | null = null;
	#ending = false;
	#lastWords = '';

	/** @param onEnd called once, when the process has ended, whatever ended it */
	constructor(entry: string, cwd: string, bounds: ReaderBounds, onEnd: () => void) {
		this.#bounds = bounds;
		const child = fork(entry, [], {
			cwd,
			env: withoutSecrets(process.env),
			execArgv: [`--max-old-space-size=${Math.floor(bounds.heapBytes / (1024 * 1024))}`],
			detached: true,
			serialization: 'advanced',
			stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
		});
		this.#child = child;
		child.stderr?.on('data', (part: Buffer) => {
			this.#lastWords = (this.#lastWords + part.toString('latin1')).slice(-keptWords);
		});
		child.on('message', (message) => this.#settle(message as FromReader));
		this.#ended = new Promise((resolve) => {
			let over = false;
			const end = (how: string, started: boolean): void => {
				if (over) return;
				over = true;
				onEnd();
				this.#reject(how, started);
				resolve();
			};
			child.on('error', (error) => {
				if (child.pid === undefined) end(error.message, false);
			});
			child.on('close', (code, signal) => end(signal ?? `exit code ${code}`, true));
		});
	}

	get busy(): boolean {
		return this.#busy;
	}

	/** Whether a question can be put to it. */
	get alive(): boolean {
		return this.#child.connected && this.#child.exitCode === null && this.#child.signalCode === null && this.#killedFor === null;
	}

	/** @throws SluiceError `intake.*`; `task.failed` when the process could not be started */
	async ask(question: ToReader, name: string): Promise<Answer<QuestionKind>> {
		this.#busy = true;
		const watch = this.#watch(await sizeOf(question.ask.path));
		try {
			return await new Promise((resolve, reject) => {
				this.#asked = {resolve, reject};
				if (this.#child.connected) this.#child.send(question, () => undefined);
				else this.#reject('it has ended', false);
			});
		} catch (error) {
			throw error instanceof Ended ? error.asAnswer(name, question.ask.path) : error;
		} finally {
			clearInterval(watch);
			this.#busy = false;
		}
	}

	/** What was asked of it is refused. */
	async end(): Promise<void> {
		this.#ending = true;
		this.#kill('nothing is asked of it any more');
		await this.#ended;
	}

	/** Kills the process when it goes over its bounds. */
	#watch(sizeBytes: number): NodeJS.Timeout {
		const {timeMs, memoryBytes} = this.#bounds;
		const mostMs = timeMs + Math.floor(sizeBytes / bytesPerExtraSecond) * 1000;
		const began = performance.now();
		return setInterval(() => {
			if (performance.now() - began > mostMs) this.#kill(`it took longer than ${Math.round(mostMs / 1000)} s`);
			else if (residentBytes(this.#child.pid) > memoryBytes) this.#kill(`it took more than ${megabytes(memoryBytes)} MB of memory`);
		}, watchEveryMs);
	}

	#kill(reason: string): void {
		this.#killedFor ??= reason;
		this.#child.kill('SIGKILL');
	}

	#settle(message: FromReader): void {
		const asked = this.#asked;
		this.#asked = null;
		if (!asked) return;
		if ('answer' in message) asked.resolve(message.answer);
		else asked.reject(errorOf(message));
	}

	#reject(how: string, started: boolean): void {
		const asked = this.#asked;
		this.#asked = null;
		if (this.#ending) {
			asked?.reject(new SluiceError('daemon.stopping', 'The daemon is stopping'));
			return;
		}
		if (!started) {
			asked?.reject(new SluiceError('task.failed', `The process that opens files could not be started: ${how}`));
			return;
		}
		const outOfHeap = this.#lastWords.includes('heap out of memory') ? 'it took too much memory' : null;
		asked?.reject(new Ended(this.#killedFor ?? outOfHeap ?? `the process that opened it was ended (${how})`));
	}
}

/** A reader's end before it has answered. */
class Ended extends Error {
	asAnswer(name: string, path: string): SluiceError {
		return new SluiceError('intake.too_costly', `${name} could not be opened: ${this.message}`, {where: path});
	}
}

/** Keeps what the operating system said, so that a full or failing disk is told from a bad file. */
function errorOf({error, systemCode}: Extract<FromReader, {error: unknown}>): Error {
	const rebuilt = SluiceError.from(error);
	if (systemCode !== null) rebuilt.cause = Object.assign(new Error(error.message), {code: systemCode});
	return rebuilt;
}

async function sizeOf(path: string): Promise<number> {
	const found = await stat(path).catch(() => null);
	return found?.isFile() ? found.size : 0;
}

/** What a process holds in memory now; 0 where the system does not say. */
function residentBytes(pid: number | undefined): number {
	if (process.platform !== 'linux' || pid === undefined) return 0;
	try {
		return Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * pageBytes;
	} catch {
		return 0;
	}
}

function megabytes(bytes: number): number {
	return Math.round(bytes / (1024 * 1024));
}
