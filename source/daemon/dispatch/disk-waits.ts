import {existsSync} from 'node:fs';
import {statfs} from 'node:fs/promises';
import {dirname} from 'node:path';
import {performance} from 'node:perf_hooks';
import type {DiskTrouble} from '../../platform/disk-trouble.js';
import {type DiskWait, diskSentence, mayTryAgain} from './disk-wait.js';

const lookEveryMs = 2_000;

/** The executions that wait for a disk. In memory alone: after a restart each tries again, and comes back here if it must. */
export class DiskWaits {
	readonly #waits = new Map<string, DiskWait>();
	readonly #times = new Map<string, number>();
	readonly #free = new Map<string, number | null>();
	readonly #released: () => void;
	#timer: NodeJS.Timeout | null = null;

	/** @param released called when an execution may try again */
	constructor(released: () => void) {
		this.#released = released;
	}

	/** From now on the execution waits. The fullest of the folders' disks is the one meant. */
	async hold(id: string, trouble: DiskTrouble, folders: readonly string[]): Promise<void> {
		const times = (this.#times.get(id) ?? 0) + 1;
		this.#times.set(id, times);
		const [first = ''] = folders;
		const wait = {trouble, folder: first, freeThen: null, sinceMs: performance.now(), times};
		// why before the disks are asked: nobody may start it meanwhile
		this.#waits.set(id, wait);
		this.#look();
		const measured = await Promise.all(folders.map(async (folder) => ({folder, free: await freeBytes(folder)})));
		const fullest = measured.sort((a, b) => (a.free ?? Number.POSITIVE_INFINITY) - (b.free ?? Number.POSITIVE_INFINITY))[0];
		if (!fullest || this.#waits.get(id) !== wait) return;
		this.#free.set(fullest.folder, fullest.free);
		this.#waits.set(id, {...wait, folder: fullest.folder, freeThen: fullest.free});
	}

	holds(id: string): boolean {
		return this.#waits.has(id);
	}

	/** Why an execution waits, as a sentence; null when it does not wait for a disk. */
	sentence(id: string): string | null {
		const wait = this.#waits.get(id);
		return wait ? diskSentence(wait, this.#free.get(wait.folder) ?? wait.freeThen) : null;
	}

	/** The execution has ended: what it waited for does not matter any more. */
	forget(id: string): void {
		this.#waits.delete(id);
		this.#times.delete(id);
	}

	stop(): void {
		if (this.#timer) clearTimeout(this.#timer);
		this.#timer = null;
		this.#waits.clear();
	}

	#look(): void {
		if (this.#timer || this.#waits.size === 0) return;
		this.#timer = setTimeout(() => {
			void this.#releaseWhatMay().finally(() => {
				this.#timer = null;
				this.#look();
			});
		}, lookEveryMs);
	}

	async #releaseWhatMay(): Promise<void> {
		let any = false;
		for (const [id, wait] of this.#waits) {
			const free = await freeBytes(wait.folder);
			this.#free.set(wait.folder, free);
			if (!mayTryAgain(wait, {free, atMs: performance.now()})) continue;
			any = this.#waits.delete(id) || any;
		}
		if (any) this.#released();
	}
}

/** Bytes that a user without privileges may still write on the disk of a folder; null where that cannot be told. */
async function freeBytes(folder: string): Promise<number | null> {
	try {
		const {bavail, bsize} = await statfs(folder);
		return bavail * bsize;
	} catch {
		return null;
	}
}

/** The folder that is there of those that lead to a path, the nearest one: its disk is the one that the path is written on. */
export function existingFolder(path: string): string {
	const folder = dirname(path);
	return folder === path || existsSync(folder) ? folder : existingFolder(folder);
}
