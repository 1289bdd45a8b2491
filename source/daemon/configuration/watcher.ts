import {setTimeout as pause} from 'node:timers/promises';
import {FolderHints} from './folder-hints.js';
import {type Scan, sameScan, scan, stillFor} from './scan.js';

/** Editors truncate, then write: content counts when it has been still for this long (DESIGN 4). */
const stillMs = 300;
const lookEveryMs = 500;
/** The rest after a look is this many times the processor time that it took, so that a thousand connectors cost an idle daemon little. */
const restForLook = 50;
const longestRestMs = 3_000;
/** What the file system tells of a change, and a change that is not at rest yet, bring the next look sooner. */
const soonMs = 100;
/** A file that never comes to rest is taken as it is after this long, by whoever waits for it. */
const longestWaitMs = 3_000;

/** Watches the configuration files by looking at them: a stat and a content hash are the truth, whatever the file system says. */
export class Watcher {
	readonly #dir: string;
	readonly #changed: (current: Scan) => Promise<void>;
	readonly #failed: (error: unknown) => void;
	#taken: Scan | null = null;
	#seen: Scan = new Map();
	#seenAt = 0;
	#looking: Promise<void> = Promise.resolve();
	#timer: NodeJS.Timeout | null = null;
	#started = false;
	#restMs = lookEveryMs;
	readonly #hints = new FolderHints(() => this.#soon());

	/** @param changed takes the new content; it is never called twice at once */
	constructor(dir: string, changed: (current: Scan) => Promise<void>, failed: (error: unknown) => void) {
		this.#dir = dir;
		this.#changed = changed;
		this.#failed = failed;
	}

	start(): void {
		this.#started = true;
		this.#plan(lookEveryMs);
	}

	stop(): void {
		this.#started = false;
		if (this.#timer) clearTimeout(this.#timer);
		this.#timer = null;
		this.#hints.close();
	}

	#soon(): void {
		if (this.#timer) this.#plan(soonMs);
	}

	#plan(afterMs: number): void {
		if (!this.#started) return;
		if (this.#timer) clearTimeout(this.#timer);
		this.#timer = setTimeout(() => {
			this.#timer = null;
			let settled = true;
			void this.#inTurn(async () => {
				settled = await this.#look();
			})
				.catch(this.#failed)
				.finally(() => this.#plan(settled ? this.#restMs : soonMs));
		}, afterMs);
	}

	/** Resolves when what stands on disk now has been taken: for a command that comes right after an edit. */
	async refresh(): Promise<void> {
		await this.#inTurn(async () => {
			const deadline = performance.now() + longestWaitMs;
			while (!(await this.#look(performance.now() >= deadline))) await pause(50);
		});
	}

	#inTurn(work: () => Promise<unknown>): Promise<void> {
		const turn = this.#looking.then(async () => {
			await work();
		});
		this.#looking = turn.catch(() => undefined);
		return turn;
	}

	/** @returns whether what stands on disk is what was taken */
	async #look(impatient = false): Promise<boolean> {
		const now = Date.now();
		const monotonicMs = performance.now();
		const before = process.cpuUsage();
		const current = await scan(this.#dir, this.#seen, now);
		const {user, system} = process.cpuUsage(before);
		this.#restMs = Math.min(Math.max(lookEveryMs, ((user + system) / 1000) * restForLook), longestRestMs);
		if (this.#started)
			this.#hints.follow(
				this.#dir,
				[...current.keys()].filter((path) => path.endsWith('/')),
			);
		const first = this.#taken === null;
		if (this.#taken && sameScan(current, this.#taken)) {
			this.#seen = current;
			return true;
		}
		if (!sameScan(current, this.#seen)) this.#seenAt = monotonicMs;
		this.#seen = current;
		// why: by the files' own times, or by ours where theirs say little (a file that was taken away, a clock that runs ahead).
		const still =
			Math.max(Math.min(stillFor(current, now), stillMs), monotonicMs - this.#seenAt) >= stillMs &&
			!vanished(current, this.#taken, monotonicMs - this.#seenAt);
		if (!first && !still && !impatient) return false;
		await this.#changed(current);
		this.#taken = current;
		return true;
	}
}

/** A file that is gone for a moment only: many editors write a new one and rename it into place. */
function vanished(current: Scan, taken: Scan | null, sinceMs: number): boolean {
	if (!taken || sinceMs >= stillMs) return false;
	for (const path of taken.keys()) if (!current.has(path)) return true;
	return false;
}
