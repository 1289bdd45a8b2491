// biome-ignore-all lint/suspicious/noControlCharactersInRegex: sequences of terminals begin with one.
import {EventEmitter} from 'node:events';

type Terminal = NodeJS.WriteStream & {_handle?: {setBlocking?(blocking: boolean): void}};

const sgr = /\u001b\[([\d;]*)m/g;

/**
 * Stands between blessed and the terminal: takes colours out where none are wanted (blessed does not know NO_COLOR), and falls silent
 * before the terminal is given back. `busy` is true while a stalled terminal has not taken what it was sent: nothing is drawn then, so
 * that a wallboard over a bad link neither hangs nor piles up pictures.
 */
export class WallOutput extends EventEmitter {
	readonly isTTY = true;
	readonly writable = true;
	readonly #terminal: Terminal;
	readonly #colour: boolean;
	#silent = false;

	constructor(terminal: NodeJS.WriteStream, {colour}: {colour: boolean}) {
		super();
		this.#terminal = terminal;
		this.#colour = colour;
		terminal.on('resize', () => this.emit('resize'));
		// why: Linux writes to a terminal synchronously, so a stalled one would stop everything.
		this.#terminal._handle?.setBlocking?.(false);
	}

	get columns(): number {
		return this.#terminal.columns || 80;
	}

	get rows(): number {
		return this.#terminal.rows || 24;
	}

	get busy(): boolean {
		return this.#terminal.writableLength > 0;
	}

	write(text: string): boolean {
		if (this.#silent) return true;
		return this.#terminal.write(this.#colour ? text : text.replaceAll(sgr, withoutColour));
	}

	end(): void {
		this.silence();
	}

	/** Nothing is sent from now on. @returns whether a sequence may be half sent */
	silence(): boolean {
		this.#silent = true;
		return this.busy;
	}
}

/** Bold, underline and inverse stay; every colour goes. */
function withoutColour(_whole: string, parameters: string): string {
	const kept = parameters.split(';').filter((parameter) => /^(0?|[1-9]|2[1-9])$/.test(parameter));
	// why: 38;5;4 would leave 5 and 4 behind, which mean something else alone.
	const long = /(^|;)[34]8;/.test(parameters);
	return long || kept.length === 0 ? '' : `\u001b[${kept.join(';')}m`;
}
