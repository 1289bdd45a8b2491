import {type FSWatcher, watch} from 'node:fs';
import {join} from 'node:path';

/** Hears from the file system that something in a folder changed: a hint to look, no more. Where it cannot be heard, nothing is missed but time. */
export class FolderHints {
	readonly #changed: () => void;
	readonly #watchers = new Map<string, FSWatcher | null>();

	constructor(changed: () => void) {
		this.#changed = changed;
	}

	/** Hears of these folders from now on, and of no others. */
	follow(dir: string, folders: readonly string[]): void {
		const wanted = new Set(folders);
		for (const [folder, watcher] of this.#watchers) {
			if (wanted.has(folder)) continue;
			watcher?.close();
			this.#watchers.delete(folder);
		}
		for (const folder of wanted) if (!this.#watchers.has(folder)) this.#watchers.set(folder, this.#watch(join(dir, folder)));
	}

	close(): void {
		for (const watcher of this.#watchers.values()) watcher?.close();
		this.#watchers.clear();
	}

	#watch(folder: string): FSWatcher | null {
		try {
			const watcher = watch(folder, {persistent: false}, () => this.#changed());
			watcher.on('error', () => watcher.close());
			return watcher;
		} catch {
			// The system has no watches left, or the folder is gone: the regular look sees it all the same.
			return null;
		}
	}
}
