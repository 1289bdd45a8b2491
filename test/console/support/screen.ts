import {fileURLToPath} from 'node:url';
import xterm, {type Terminal} from '@xterm/headless';
import {type IPty, spawn} from 'node-pty';

const cli = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));

export type Started = {
	readonly words: readonly string[];
	readonly cwd?: string;
	readonly columns?: number;
	readonly rows?: number;
	readonly environment?: Readonly<Record<string, string>>;
};

/** A real process in a real pseudo-terminal, its screen read through a terminal emulator. */
export class Screen {
	readonly terminal: Terminal;
	readonly exited: Promise<number>;
	/** Everything the process sent, counted. */
	bytes = 0;
	sent = '';
	readonly #pty: IPty;
	#over = false;
	#changed: () => void = () => undefined;

	constructor({words: [command = 'node', ...words], cwd, columns = 100, rows = 30, environment = {}}: Started) {
		this.terminal = new xterm.Terminal({cols: columns, rows, allowProposedApi: true});
		const {NO_COLOR: _colour, TMUX: _tmux, ...inherited} = process.env;
		this.#pty = spawn(command, [...words], {
			cols: columns,
			rows,
			cwd: cwd ?? process.cwd(),
			env: {
				...(inherited as Record<string, string>),
				TERM: 'xterm-256color',
				LANG: 'C.UTF-8',
				LC_ALL: 'C.UTF-8',
				SLUICE_USER: 'ann',
				...environment,
			},
		});
		this.#pty.onData((text) => {
			this.bytes += Buffer.byteLength(text);
			this.sent += text;
			this.terminal.write(text, () => this.#changed());
		});
		this.exited = new Promise((resolve) => {
			this.#pty.onExit(({exitCode, signal}) => {
				this.#over = true;
				// why behind all that was sent: the emulator takes its time
				this.terminal.write('', () => resolve(signal ? 128 + signal : exitCode));
				this.#changed();
			});
		});
	}

	/** The console of a workspace. */
	static console(dir: string, more: Partial<Started> = {}): Screen {
		return new Screen({words: [process.execPath, cli, '--workspace', dir], cwd: dir, ...more});
	}

	get pid(): number {
		return this.#pty.pid;
	}

	get lines(): readonly string[] {
		const {active} = this.terminal.buffer;
		return Array.from({length: this.terminal.rows}, (_, row) => active.getLine(active.viewportY + row)?.translateToString(true) ?? '');
	}

	get text(): string {
		return this.lines.join('\n');
	}

	write(keys: string): void {
		this.#pty.write(keys);
	}

	resize(columns: number, rows: number): void {
		this.terminal.resize(columns, rows);
		this.#pty.resize(columns, rows);
	}

	/** Stops reading what the process sends. */
	stall(): void {
		this.#pty.pause();
	}

	readOn(): void {
		this.#pty.resume();
	}

	kill(signal: string): void {
		process.kill(this.#pty.pid, signal);
	}

	/** Waits until the screen shows something. @throws with the screen when the process ends, or just before the test's own time is over */
	async until(what: string | RegExp | (() => boolean)): Promise<void> {
		const seen = (): boolean =>
			typeof what === 'function' ? what() : typeof what === 'string' ? this.text.includes(what) : what.test(this.text);
		const deadline = Date.now() + 100_000;
		while (!seen()) {
			if (this.#over || Date.now() > deadline) throw new Error(`not seen: ${String(what)}\n${this.text}`);
			await new Promise<void>((resolve) => {
				const timer = setTimeout(resolve, 500);
				this.#changed = () => {
					clearTimeout(timer);
					resolve();
				};
			});
		}
	}

	/** Takes the terminal away, as a closed SSH session does: the processes on it are hung up. */
	vanish(): void {
		(this.#pty as IPty & {destroy(): void}).destroy();
	}

	async close(): Promise<void> {
		if (!this.#over) {
			this.#pty.resume();
			this.#pty.kill('SIGKILL');
		}
		await this.exited;
	}
}
