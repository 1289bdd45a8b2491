import type {ChildProcess} from 'node:child_process';
import {SluiceError} from '../../model/errors.js';
import type {ColumnBlock} from '../../model/sql-session.js';
import {toSqlError} from './engine-error.js';
import {encodeFrame, type Frame, frameDecoder} from './frames.js';
import {parseBlock} from './parse-block.js';
import type {Reply, Request, StreamFormat} from './protocol.js';

type Waiting = {
	readonly resolve: (result: unknown) => void;
	readonly reject: (error: Error) => void;
	readonly onBlock?: (payload: Buffer) => void;
};

type WithoutId<R> = R extends {readonly id: number} ? Omit<R, 'id'> : never;

/** Blocks the worker may be ahead of its reader. */
const streamCredit = 3;

/** The last lines that the engine wrote to its standard error, for the log of a crash. */
const stderrKept = 4_000;

/** Requests and answers over a worker's pipes. When the worker is gone, every open call ends with the reason. */
export class WorkerConnection {
	readonly #waiting = new Map<number, Waiting>();
	readonly #child: ChildProcess;
	readonly #redact: (text: string) => string;
	#lastId = 0;
	#gone: SluiceError | undefined;
	#stopped: SluiceError | undefined;
	#stderr = '';
	/** Settles when the worker's process has ended, whatever ended it. */
	readonly ended: Promise<void>;

	constructor(child: ChildProcess, redact: (text: string) => string) {
		this.#child = child;
		this.#redact = redact;
		const decode = frameDecoder((frame) => this.#receive(frame));
		child.stdout?.on('data', (chunk: Buffer) => {
			try {
				decode(chunk);
			} catch {
				child.kill('SIGKILL');
			}
		});
		child.stderr?.on('data', (chunk: Buffer) => {
			this.#stderr = (this.#stderr + chunk.toString('utf8')).slice(-stderrKept);
		});
		child.stdin?.on('error', () => undefined);
		this.ended = new Promise((resolve) => {
			const end = (why: string) => {
				this.#end(why);
				resolve();
			};
			child.once('error', (error) => end(error.message));
			child.once('close', (code, signal) => end(signal ?? `exit code ${code}`));
		});
	}

	/** What the worker's process wrote to its standard error of late, for the log. */
	get stderr(): string {
		return this.#redact(this.#stderr);
	}

	/** Ends the worker. From now on, open and later calls end with `reason` rather than `sql.crashed`; the first reason counts. */
	stop(reason: SluiceError): void {
		this.#stopped ??= reason;
		this.#child.kill('SIGKILL');
	}

	/** The same because somebody asked for it: `sql.cancelled`. */
	cancel(): void {
		this.stop(new SluiceError('sql.cancelled', 'The SQL was stopped'));
	}

	ask(request: WithoutId<Request>, payload?: string): Promise<unknown> {
		return this.#ask(++this.#lastId, request, payload);
	}

	/** The blocks of a statement. Leaving the loop early stops the statement. */
	async *stream(sql: string): AsyncGenerator<ColumnBlock> {
		for await (const block of this.#stream(sql, 'JSONCompactColumns')) yield parseBlock(block.toString('utf8'));
	}

	/** The rows of a statement in RowBinary; blocks of whole rows. */
	bytes(sql: string): AsyncGenerator<Buffer> {
		return this.#stream(sql, 'RowBinary');
	}

	async *#stream(sql: string, format: StreamFormat): AsyncGenerator<Buffer> {
		const id = ++this.#lastId;
		const blocks: Buffer[] = [];
		let wake: () => void = () => undefined;
		let over = false;
		const done = this.#ask(id, {do: 'stream', sql, credit: streamCredit, format}, undefined, (payload) => {
			blocks.push(payload);
			wake();
		}).finally(() => {
			over = true;
			wake();
		});
		// Why: the failure is thrown below, where the reader is; until then nobody listens.
		done.catch(() => undefined);
		try {
			for (;;) {
				const block = blocks.shift();
				if (block !== undefined) {
					this.#send({id, do: 'more'});
					yield block;
				} else if (over) {
					await done;
					return;
				} else {
					await new Promise<void>((resolve) => {
						wake = resolve;
					});
				}
			}
		} finally {
			if (!over) {
				this.#send({id, do: 'stop'});
				await done.catch(() => undefined);
			}
		}
	}

	#ask(id: number, request: WithoutId<Request>, payload?: string, onBlock?: (payload: Buffer) => void): Promise<unknown> {
		if (this.#gone) return Promise.reject(this.#gone);
		return new Promise((resolve, reject) => {
			this.#waiting.set(id, {resolve, reject, ...(onBlock ? {onBlock} : {})});
			this.#send({...request, id} as Request, payload);
		});
	}

	#send(request: Request, payload?: string): void {
		if (this.#gone) return;
		for (const part of encodeFrame(request, payload)) this.#child.stdin?.write(part);
	}

	#receive({header, payload}: Frame): void {
		// The worker is this program's other half; the frame's shape is the protocol's.
		const reply = header as Reply;
		const waiting = this.#waiting.get(reply.id);
		if (waiting === undefined) return;
		if (reply.is === 'block') {
			waiting.onBlock?.(payload);
			return;
		}
		this.#waiting.delete(reply.id);
		if (reply.is === 'done') waiting.resolve(reply.result);
		else waiting.reject(toSqlError(reply.error, this.#redact));
	}

	#end(why: string): void {
		if (this.#gone) return;
		this.#gone =
			this.#stopped ?? new SluiceError('sql.crashed', `The SQL engine stopped by itself (${why})`, {cause: new Error(this.stderr)});
		for (const {reject} of this.#waiting.values()) reject(this.#gone);
		this.#waiting.clear();
	}
}
