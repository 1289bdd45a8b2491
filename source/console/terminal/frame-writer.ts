// biome-ignore-all lint/suspicious/noControlCharactersInRegex: sequences of terminals begin with one.
import {EventEmitter} from 'node:events';
import {widthOf} from '../text/fit.js';
import {toAscii} from './ascii.js';
import {type DrawnLine, frameDiff} from './frame-diff.js';
import type {LinePlaceholders} from './line-placeholders.js';

type Terminal = NodeJS.WriteStream & {_handle?: {setBlocking?(blocking: boolean): void}};

const begin = '\u001b[?2026h';
const end = '\u001b[?2026l';
const clear = '\u001b[0m\u001b[2J';

/**
 * Stands between Ink and the terminal. Ink, in debug mode, hands over whole frames; this sends the cells that changed, of the latest
 * frame alone, at most ten frames a second (a key press is shown at once), and never while an earlier frame is still on its way: a
 * terminal that stops reading costs nothing but its own picture.
 */
export class FrameWriter extends EventEmitter {
	readonly isTTY = true;
	/** Figures for the bench and the tests. */
	bytes = 0;
	frames = 0;
	replaced = 0;
	readonly #terminal: Terminal;
	readonly #colour: boolean;
	readonly #placeholders: LinePlaceholders | null;
	readonly #unicode: boolean;
	readonly #pauseMs: number;
	#drawn: readonly DrawnLine[] = [];
	#next: string | null = null;
	#extra = '';
	#sentAt = Number.NEGATIVE_INFINITY;
	#timer: NodeJS.Timeout | undefined;
	#onItsWay = false;
	#hurried = false;
	#closed = false;
	readonly #resized = (): void => {
		this.redraw();
		this.emit('resize');
	};

	constructor(
		terminal: NodeJS.WriteStream,
		{colour, unicode = true, framesPerSecond = 10}: {colour: boolean; unicode?: boolean; framesPerSecond?: number},
		placeholders: LinePlaceholders | null = null,
	) {
		super();
		this.#terminal = terminal;
		this.#colour = colour;
		this.#placeholders = placeholders;
		this.#unicode = unicode;
		this.#pauseMs = 1000 / framesPerSecond;
		terminal.on('resize', this.#resized);
		// why: Linux writes to a terminal synchronously, so a stalled one would stop keys, timers and sockets (measured: 3.8 s of 4 s).
		this.#terminal._handle?.setBlocking?.(false);
	}

	get columns(): number {
		return this.#terminal.columns || 80;
	}

	get rows(): number {
		return this.#terminal.rows || 24;
	}

	/** A whole frame from Ink. Cursor codes and empty clears, which Ink sends beside frames, are none. */
	write(frame: string, encoding?: unknown, callback?: () => void): boolean {
		const done = typeof encoding === 'function' ? (encoding as () => void) : callback;
		if (!this.#closed && frame !== '' && !/^\u001b\[\?/.test(frame)) {
			if (this.#next !== null) this.replaced++;
			this.#next = this.#placeholders?.paint(frame) ?? frame;
			this.#schedule();
		}
		done?.();
		return true;
	}

	/** A sequence that is no picture, such as a copy to the clipboard; it goes out with the next frame. */
	send(sequence: string): void {
		this.#extra += sequence;
		this.hurry();
	}

	/** The next frame follows a key press and is sent at once. */
	hurry(): void {
		this.#hurried = true;
		this.#schedule();
	}

	/** Forgets what the terminal shows; the next frame is drawn whole. */
	redraw(): void {
		this.#extra = clear + this.#extra;
		this.#next ??= this.#drawn.map(({text}) => text).join('\n');
		this.#drawn = [];
		this.#schedule();
	}

	/** True while bytes are still on their way: the terminal may be in the middle of a sequence. */
	get busy(): boolean {
		return this.#onItsWay;
	}

	/** Nothing is sent from now on, whatever Ink still draws. */
	pause(): void {
		this.#closed = true;
		clearTimeout(this.#timer);
		this.#timer = undefined;
	}

	resume(): void {
		this.#closed = false;
		this.redraw();
	}

	close(): void {
		this.pause();
		this.#terminal.off('resize', this.#resized);
	}

	#schedule(): void {
		if (this.#closed || this.#onItsWay) return;
		if (this.#timer !== undefined && !this.#hurried) return;
		clearTimeout(this.#timer);
		const wait = this.#hurried ? 0 : Math.max(0, this.#sentAt + this.#pauseMs - performance.now());
		this.#timer = setTimeout(() => {
			this.#timer = undefined;
			this.#flush();
		}, wait);
	}

	#linesOf(frame: string): readonly string[] {
		return (this.#unicode ? frame : toAscii(frame, widthOf)).split('\n').slice(0, this.rows);
	}

	#flush(): void {
		if (this.#closed || this.#onItsWay) return;
		this.#hurried = false;
		const {bytes, drawn} =
			this.#next === null ? {bytes: '', drawn: this.#drawn} : frameDiff(this.#drawn, this.#linesOf(this.#next), this.#colour);
		this.#next = null;
		this.#drawn = drawn;
		const out = this.#extra + (bytes === '' ? '' : begin + bytes + end);
		this.#extra = '';
		if (out === '') return;
		this.#sentAt = performance.now();
		this.bytes += Buffer.byteLength(out);
		this.frames++;
		this.#onItsWay = true;
		this.#terminal.write(out, () => {
			this.#onItsWay = false;
			if (this.#next !== null || this.#extra !== '') this.#schedule();
		});
	}
}
