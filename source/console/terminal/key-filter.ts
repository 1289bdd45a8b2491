import {Readable} from 'node:stream';
import {StringDecoder} from 'node:string_decoder';
import type {Key} from '../keys/key.js';
import {giveUpWaiting, type Heard, isPasting, parseKeys} from './parse-keys.js';

/** How long the rest of a sequence may take over a slow link before a lone escape is one. */
const splitMs = 60;
const pasteMs = 5_000;

type Terminal = NodeJS.ReadableStream & {setRawMode?(raw: boolean): unknown; ref?(): unknown; unref?(): unknown};

/**
 * Stands between the terminal and Ink's stdin: reads the terminal, tells whole keys to `onKey`, and hands Ink the same, one key or one
 * paste a read, so that `useInput` and ink-text-input behave: over SSH a split arrow key is not an Escape, five fast letters are five.
 */
export class KeyFilter extends Readable {
	readonly isTTY = true;
	readonly #decoder = new StringDecoder('utf8');
	readonly #terminal: Terminal;
	readonly #onKey: (key: Key) => void;
	readonly #take = (bytes: Buffer | string): void => this.#read(typeof bytes === 'string' ? bytes : this.#decoder.write(bytes));
	readonly #hungUp = (): void => this.#onHangUp();
	readonly #onHangUp: () => void;
	#rest = '';
	#timer: NodeJS.Timeout | undefined;
	#lastLook: NodeJS.Immediate | undefined;

	constructor(terminal: Terminal, {onKey, onHangUp = () => undefined}: {onKey: (key: Key) => void; onHangUp?: () => void}) {
		super({objectMode: true, highWaterMark: 1024});
		this.#terminal = terminal;
		this.#onKey = onKey;
		this.#onHangUp = onHangUp;
	}

	/** Begins to read the terminal, raw. */
	open(): void {
		this.#terminal.setRawMode?.(true);
		this.#terminal.on('data', this.#take);
		this.#terminal.on('end', this.#hungUp);
		this.#terminal.resume();
	}

	/** After the process was stopped: the shell may have set the terminal otherwise, and Node believes it still raw unless told twice. */
	rawAgain(): void {
		this.#terminal.setRawMode?.(false);
		this.#terminal.setRawMode?.(true);
	}

	/** Leaves the terminal to somebody else, such as $EDITOR. */
	shut(): void {
		this.#stopWaiting();
		this.#rest = '';
		this.#terminal.off('data', this.#take);
		this.#terminal.off('end', this.#hungUp);
		this.#terminal.pause();
		this.#terminal.setRawMode?.(false);
	}

	override _read(): void {
		// Keys are pushed as they come.
	}

	// why: keys are texts already; a decoder would join them again.
	override setEncoding(): this {
		return this;
	}

	/** Asked for by Ink; the session alone decides about raw mode. */
	setRawMode(): this {
		return this;
	}

	ref(): this {
		return this;
	}

	unref(): this {
		return this;
	}

	#stopWaiting(): void {
		clearTimeout(this.#timer);
		clearImmediate(this.#lastLook);
	}

	#read(text: string): void {
		this.#stopWaiting();
		const {heard, rest} = parseKeys(this.#rest + text);
		this.#rest = rest;
		this.#tell(heard);
		if (rest === '') return;
		this.#timer = setTimeout(
			() => {
				// why: when this process was busy for so long, the rest may have come meanwhile and lie unread.
				this.#lastLook = setImmediate(() => {
					this.#rest = '';
					this.#tell(giveUpWaiting(rest));
				});
			},
			isPasting(rest) ? pasteMs : splitMs,
		);
	}

	#tell(heard: readonly Heard[]): void {
		for (const {key, raw} of heard) {
			this.#onKey(key);
			// why: nobody may be reading (no component uses `useInput` now); keys of then are not for whoever comes later.
			if (this.listenerCount('readable') > 0) this.push(raw);
		}
	}
}
