import {writeSync} from 'node:fs';
import {isatty} from 'node:tty';
import {vanishedTerminals} from './vanished-terminal.js';

const enterSequence = '\u001b[?1049h\u001b[?25l\u001b[?2004h\u001b[0m\u001b[2J\u001b[H';
/** Beside what `enter` set, what the wallboard's library sets: scroll region, keypad. */
const leaveSequence = '\u001b[?2026l\u001b[r\u001b[?1l\u001b>\u001b[?2004l\u001b[?1006l\u001b[?1000l\u001b[0m\u001b[?25h\u001b[?1049l';
/** CAN ends a sequence that the terminal got only half of. */
const cancelSequence = '\u0018';

type Output = {readonly fd: number; readonly _handle?: {setBlocking?(blocking: boolean): void}};

export type SessionParts = {
	readonly output: Output;
	/** Stops keys: raw mode off. Called first, and safe to call twice. */
	readonly stopInput: () => void;
	/** Stops pictures: nothing may be drawn on the person's own screen. @returns whether a sequence may be half sent */
	readonly stopOutput: () => boolean;
	/** Ends the program that draws; called before the terminal is given back. */
	readonly unmount: () => void;
};

const signals = [
	['SIGTERM', 143],
	['SIGHUP', 129],
	['SIGINT', 130],
	['SIGQUIT', 131],
] as const;

export type Session = {
	/** Takes the terminal: alternate screen, no cursor, bracketed paste. */
	enter(): void;
	/** Gives it back as it was. */
	leave(): void;
	/** Gives it back and ends with this exit code, after `message` was printed where it can be read. */
	end(code: number, message?: string): never;
	/** Ends after an error that nobody foresaw. */
	die(thrown: unknown): never;
	/** While another program has the terminal, its Ctrl-C is not ours. */
	lend<Result>(use: () => Promise<Result>): Promise<Result>;
};

/** The exit code after a terminal that went away, as a shell reports SIGHUP. */
const hungUp = 129;

/**
 * Owns the terminal from entering to leaving. However the process ends, by itself, by an error nobody caught, by a signal, the terminal
 * is given back first and the message printed after. Only SIGKILL cannot be caught: `reset` helps then. When the terminal is gone, every
 * error is its consequence: the process ends without a word.
 */
export function createSession({output, stopInput, stopOutput, unmount}: SessionParts): Session {
	let inside = false;
	let lent = false;
	const terminals = isatty(output.fd) ? [output.fd] : [];
	const isGone = (): boolean => vanishedTerminals(terminals).length > 0;

	const enter = (): void => {
		inside = true;
		writeAll(output.fd, enterSequence);
	};
	const leave = (): void => {
		if (!inside) return;
		inside = false;
		const half = stopOutput();
		try {
			stopInput();
			writeAll(output.fd, (half ? cancelSequence : '') + leaveSequence);
			output._handle?.setBlocking?.(true);
		} catch (error) {
			// A terminal that is gone refuses its mode (EIO): there is nothing to give back.
			if (!isGone()) throw error;
		}
	};
	const end = (code: number, message?: string): never => {
		try {
			unmount();
		} finally {
			leave();
			const gone = isGone();
			if (message !== undefined && !gone) writeAll(2, `${message}\n`);
			process.exit(gone ? hungUp : code);
		}
	};
	process.on('exit', leave);
	for (const [signal, code] of signals) process.on(signal, () => (lent && signal === 'SIGINT' ? undefined : end(code)));
	const die = (thrown: unknown): never => end(70, `sluice: internal error: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
	process.on('uncaughtException', die);
	process.on('unhandledRejection', die);

	return {
		enter,
		leave,
		end,
		die,
		async lend(use) {
			lent = true;
			leave();
			try {
				return await use();
			} finally {
				lent = false;
				enter();
			}
		},
	};
}

/** Writes at once, whether the terminal is blocking or not. One that does not read for a while is given up: nothing may hang here. */
function writeAll(fd: number, text: string): void {
	let bytes = Buffer.from(text);
	const clock = new Int32Array(new SharedArrayBuffer(4));
	for (let tries = 0; bytes.length > 0 && tries < 50; ) {
		try {
			bytes = bytes.subarray(writeSync(fd, bytes));
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
			tries++;
			Atomics.wait(clock, 0, 0, 10);
		}
	}
}
