import {basename} from 'node:path';
import type {Answer, Ask, QuestionKind, ToReader} from '../../engine/reader/protocol.js';
import {SluiceError} from '../../model/errors.js';
import {type ReaderBounds, ReaderProcess, readerBounds} from './reader-process.js';

type Waiting = {
	readonly question: ToReader;
	readonly resolve: (answer: Answer<QuestionKind>) => void;
	readonly reject: (error: unknown) => void;
};

/** A file that takes long in one reader leaves the other to everybody else. */
const mostReaders = 2;

/** A reader that nothing was asked of for this long is ended. */
const idleMs = 300_000;

/**
 * Processes that open files for the daemon: nothing of a file that came from outside is parsed in the daemon itself (SPEC 17). Questions of
 * one connector are answered in their order; connectors take turns, so that the files of one do not hold up those of another.
 */
export class Readers {
	readonly #entry: string;
	readonly #cwd: string;
	readonly #bounds: ReaderBounds;
	readonly #readers: ReaderProcess[] = [];
	/** Questions that no reader has taken, by connector; the connector whose turn is next comes first. */
	readonly #waiting = new Map<string, Waiting[]>();
	#idle: NodeJS.Timeout | undefined;
	#closed = false;

	constructor(entry: string, cwd: string, bounds: ReaderBounds = readerBounds) {
		this.#entry = entry;
		this.#cwd = cwd;
		this.#bounds = bounds;
	}

	/** Starts a reader, so that the first question does not wait for it. */
	warm(): void {
		if (this.#readers.length === 0 && !this.#closed) this.#start();
		this.#endWhenIdle();
	}

	/**
	 * Asks about a file, for a connector.
	 *
	 * @throws SluiceError `intake.*` of the file, `intake.too_costly` for one that cannot be opened within the bounds of time and memory
	 */
	ask<Kind extends QuestionKind>(connector: string, kind: Kind, ask: Ask<Kind>): Promise<Answer<Kind>> {
		return new Promise((resolve, reject) => {
			const question = {kind, ask} as ToReader;
			const waiting = this.#waiting.get(connector) ?? [];
			waiting.push({question, resolve: resolve as Waiting['resolve'], reject});
			this.#waiting.set(connector, waiting);
			this.#serve();
		});
	}

	/** Ends the readers; what was asked of them is refused. */
	async close(): Promise<void> {
		this.#closed = true;
		clearTimeout(this.#idle);
		for (const waiting of [...this.#waiting.values()].flat()) waiting.reject(new SluiceError('daemon.stopping', 'The daemon is stopping'));
		this.#waiting.clear();
		await Promise.all(this.#readers.map((reader) => reader.end()));
	}

	#serve(): void {
		while (this.#waiting.size > 0 && !this.#closed) {
			const reader =
				this.#readers.find(({busy, alive}) => alive && !busy) ?? (this.#readers.length < mostReaders ? this.#start() : undefined);
			if (!reader) return;
			const next = this.#next();
			if (next) void this.#answer(reader, next);
		}
	}

	#next(): Waiting | undefined {
		const [first] = this.#waiting;
		if (!first) return undefined;
		const [connector, questions] = first;
		const next = questions.shift();
		this.#waiting.delete(connector);
		if (questions.length > 0) this.#waiting.set(connector, questions);
		return next;
	}

	async #answer(reader: ReaderProcess, {question, resolve, reject}: Waiting): Promise<void> {
		try {
			resolve(await reader.ask(question, nameOf(question)));
		} catch (error) {
			reject(error);
		} finally {
			this.#endWhenIdle();
			this.#serve();
		}
	}

	#start(): ReaderProcess {
		const reader = new ReaderProcess(this.#entry, this.#cwd, this.#bounds, () => {
			this.#readers.splice(this.#readers.indexOf(reader), 1);
			this.#serve();
		});
		this.#readers.push(reader);
		return reader;
	}

	#endWhenIdle(): void {
		clearTimeout(this.#idle);
		this.#idle = setTimeout(() => {
			if (this.#readers.some(({busy}) => busy)) this.#endWhenIdle();
			else for (const reader of this.#readers) void reader.end();
		}, idleMs);
		this.#idle.unref();
	}
}

function nameOf({ask}: ToReader): string {
	return 'name' in ask ? ask.name : basename(ask.path);
}
