import {execFileSync} from 'node:child_process';
import {existsSync, mkdtempSync, rmSync, statfsSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

const pageBytes = 4096;

/** A file system of its own that a test can fill. */
export class SmallDisk {
	readonly path: string;

	private constructor(path: string) {
		this.path = path;
	}

	/** Null where this user cannot mount one: tests then skip with `SmallDisk.lack`. */
	static mount(sizeKb = 1024): SmallDisk | null {
		const path = mkdtempSync(join(tmpdir(), 'sluice-small-disk-'));
		try {
			execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeKb}k,mode=700`, 'sluice-test', path], {stdio: 'ignore'});
			return new SmallDisk(path);
		} catch {
			rmSync(path, {recursive: true, force: true});
			return null;
		}
	}

	static readonly lack = 'a small file system can be mounted as root alone';

	/** Leaves room for so many pages of 4096 bytes. */
	fill(pagesLeft: number): void {
		this.empty();
		const {bavail, bsize} = statfsSync(this.path);
		writeFileSync(this.#filler, Buffer.alloc(Math.max(0, bavail * bsize - pagesLeft * pageBytes)));
	}

	/** Makes room again. */
	empty(): void {
		if (existsSync(this.#filler)) rmSync(this.#filler);
	}

	unmount(): void {
		execFileSync('umount', ['--lazy', this.path]);
		rmSync(this.path, {recursive: true, force: true});
	}

	get #filler(): string {
		return join(this.path, 'filler');
	}
}
