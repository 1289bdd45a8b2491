import {createReadStream} from 'node:fs';
import type {List, LogLine} from '../../api/contract.js';
import {appendLines} from '../../platform/files/append-lines.js';
import {textLines} from '../../text/text-lines.js';
import {visibleJson} from '../../text/visible.js';
import type {Paths} from '../paths.js';

/** The logs of executions: one JSON document a line in the execution's folder. */
export class ExecutionLogs {
	readonly #paths: Paths;
	readonly #waiting = new Map<string, string[]>();
	readonly #writing = new Map<string, Promise<void>>();
	/** How many lines of an execution could not be written. */
	readonly #lost = new Map<string, number>();
	readonly #hide: (text: string) => string;
	readonly #failed: (error: unknown) => void;

	/**
	 * @param hide takes secrets out of messages
	 * @param failed hears of lines that could not be written, such as on a full disk
	 */
	constructor(paths: Paths, hide: (text: string) => string, failed: (error: unknown) => void) {
		this.#paths = paths;
		this.#hide = hide;
		this.#failed = failed;
	}

	append(execution: string, line: LogLine): void {
		const text = `${visibleJson(JSON.stringify({...line, message: this.#hide(line.message)}))}\n`;
		const lines = this.#waiting.get(execution);
		if (lines) {
			lines.push(text);
			return;
		}
		this.#waiting.set(execution, [text]);
		const before = this.#writing.get(execution) ?? Promise.resolve();
		const write = before
			.then(async () => {
				const batch = this.#waiting.get(execution) ?? [];
				this.#waiting.delete(execution);
				await this.#write(execution, batch);
			})
			.catch(this.#failed)
			.finally(() => {
				if (this.#writing.get(execution) === write) this.#writing.delete(execution);
			});
		this.#writing.set(execution, write);
	}

	/** Lines that a full disk refuses are counted, and the log says how many they were as soon as it can be written again. */
	async #write(execution: string, batch: readonly string[]): Promise<void> {
		const lost = this.#lost.get(execution) ?? 0;
		const {log} = this.#paths.execution(execution);
		try {
			await appendLines(log, `${lost === 0 ? '' : lostLine(lost)}${batch.join('')}`);
			this.#lost.delete(execution);
		} catch (error) {
			this.#lost.set(execution, lost + batch.length);
			throw error;
		}
	}

	/** Lines from `offset`, oldest first. */
	async read(execution: string, offset: number, limit: number): Promise<List<LogLine>> {
		await this.flushed(execution);
		const items: LogLine[] = [];
		let total = 0;
		const stream = createReadStream(this.#paths.execution(execution).log, {encoding: 'utf8'});
		try {
			for await (const line of textLines(stream)) {
				if (total >= offset && items.length < limit) items.push(...parsed(line));
				total++;
			}
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
		}
		return {items, total, next: offset + items.length < total ? offset + items.length : null};
	}

	async flushed(execution: string): Promise<void> {
		await this.#writing.get(execution);
	}

	async allFlushed(): Promise<void> {
		await Promise.all(this.#writing.values());
	}
}

function lostLine(count: number): string {
	const message = `${count} line${count === 1 ? '' : 's'} could not be written here: the disk did not take them`;
	return `${JSON.stringify({at: new Date().toISOString(), level: 'warning', stage: null, message} satisfies LogLine)}\n`;
}

function parsed(line: string): LogLine[] {
	try {
		return [JSON.parse(line) as LogLine];
	} catch {
		// A line that a crash cut short: what follows it is whole again.
		return [];
	}
}
