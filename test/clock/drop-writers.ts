import {spawn} from 'node:child_process';
import {appendFile, open, rename, rm, utimes, writeFile} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {mayBeAnother} from '../support/other-user.js';

/** A number from 0 to below 1, the next one at each call. */
export type Random = () => number;

/** The same numbers for the same seed (mulberry32). */
export function randomFrom(seed: number): Random {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}

export type Drop = {
	readonly path: string;
	/** A folder on the same disk that no source looks at. */
	readonly staging: string;
	readonly random: Random;
	/** A whole file whose rows no other one has: it must arrive, once. */
	version(): string;
	/** The writer paused for longer than the source waits: what became of this file is its own doing. */
	void(): void;
	/** Resolves when an execution has taken the file that is at the path now. */
	taken(): Promise<void>;
	/** Resolves when the file has left the folder. */
	gone(): Promise<void>;
	readonly settleMs: number;
};

export type Habit = (drop: Drop) => Promise<void>;

/** Writes a file in parts with pauses shorter than `settle`, no descriptor open meanwhile, as writers over NFS or SMB look from here. */
async function inParts(drop: Drop, text: string, begin: 'w' | 'wx' = 'w'): Promise<void> {
	const parts = cut(text, drop.random);
	let before = performance.now();
	for (const [index, part] of parts.entries()) {
		if (index > 0) await pause(drop.random() * drop.settleMs * 0.4);
		await (index === 0 ? writeFile(drop.path, part, {flag: begin}) : appendFile(drop.path, part));
		const now = performance.now();
		if (index > 0 && now - before >= drop.settleMs) drop.void();
		before = now;
	}
}

/** A text in two to five parts. */
function cut(text: string, random: Random): readonly string[] {
	const places = Array.from({length: 1 + Math.floor(random() * 4)}, () => 1 + Math.floor(random() * (text.length - 1))).sort(
		(a, b) => a - b,
	);
	return [0, ...places].map((from, index) => text.slice(from, places[index] ?? text.length)).filter(Boolean);
}

async function whole(drop: Drop, text: string, name = `.${basename(drop.path)}.new`): Promise<void> {
	const staged = join(drop.staging, name);
	await writeFile(staged, text);
	await rename(staged, drop.path);
}

function command(program: string, words: readonly string[], options: {uid?: number; gid?: number} = {}): Promise<void> {
	return new Promise((resolve, reject) => {
		const child = spawn(program, words, {stdio: 'ignore', ...options});
		child.once('error', reject);
		child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${program} ended with ${code}`))));
	});
}

export const habits: Readonly<Record<string, Habit>> = {
	async 'writes with pauses'(drop) {
		await inParts(drop, drop.version());
	},

	async 'renames from a temporary name in the folder'(drop) {
		const temporary = drop.path + ['.part', '.tmp', '.filepart', '.crdownload'][Math.floor(drop.random() * 4)];
		const text = drop.version();
		await writeFile(temporary, text.slice(0, 20));
		await pause(drop.random() * 2 * drop.settleMs);
		await appendFile(temporary, text.slice(20));
		await rename(temporary, drop.path);
	},

	async 'puts another file in its place'(drop) {
		await whole(drop, drop.version());
		await drop.taken();
		await pause(drop.random() * 300);
		await whole(drop, drop.version());
	},

	async 'truncates it and writes it anew'(drop) {
		await whole(drop, drop.version());
		await drop.taken();
		await pause(drop.random() * 300);
		await inParts(drop, drop.version());
	},

	async 'is another user, with the file open'(drop) {
		const [head = '', ...rest] = cut(drop.version(), drop.random);
		const seconds = (drop.random() * 1.5 * drop.settleMs) / 1_000;
		const script = 'exec 3>"$1"; printf %s "$2" >&3; sleep "$4"; printf %s "$3" >&3';
		const nobody = mayBeAnother ? {uid: 65_534, gid: 65_534} : {};
		await command('sh', ['-c', script, 'sh', drop.path, head, rest.join(''), String(seconds)], nobody);
	},

	async 'copies with cp'(drop) {
		const staged = join(drop.staging, `cp-${basename(drop.path)}`);
		await writeFile(staged, drop.version());
		const past = new Date(1_600_000_000_000 + drop.random() * 1e11);
		await utimes(staged, past, past);
		await command('cp', [...(drop.random() < 0.5 ? ['-p'] : []), staged, drop.path]);
	},

	async 'writes a hidden file and renames it, as rsync does'(drop) {
		const hidden = join(dirname(drop.path), `.${basename(drop.path)}.Xq${Math.floor(drop.random() * 1e6)}`);
		const text = drop.version();
		await writeFile(hidden, text.slice(0, 30));
		await pause(drop.random() * drop.settleMs);
		await appendFile(hidden, text.slice(30));
		await utimes(hidden, new Date(), new Date('2024-02-29T12:00:00Z'));
		await rename(hidden, drop.path);
	},

	async 'keeps it open'(drop) {
		const handle = await open(drop.path, 'w');
		try {
			for (const [index, part] of cut(drop.version(), drop.random).entries()) {
				if (index > 0) await pause(drop.random() * 1.5 * drop.settleMs);
				await handle.write(part);
			}
		} finally {
			await handle.close();
		}
	},

	async 'uses the same name again'(drop) {
		for (let times = 2 + Math.floor(drop.random() * 2); times > 0; times--) {
			await inParts(drop, drop.version(), 'wx');
			await drop.gone();
		}
	},
};

/** Pauses as long as it likes: the marker alone says that the file is whole. */
export const withMarker: Habit = async (drop) => {
	const marker = `${drop.path}.ok`;
	for (let times = 1 + Math.floor(drop.random() * 2); times > 0; times--) {
		const [head = '', ...rest] = cut(drop.version(), drop.random);
		await writeFile(drop.path, head);
		await pause(drop.random() * 2 * drop.settleMs);
		await appendFile(drop.path, rest.join(''));
		await writeFile(marker, '');
		await drop.taken();
		if (drop.random() < 0.5) await rm(marker, {force: true});
		else await drop.gone();
	}
};
