import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import type {Failpoint} from '../../source/platform/failpoint.js';
import type {TestWorkspace} from '../whole/workspace.js';

const names = ['SLUICE_FAILPOINT', 'SLUICE_FAILPOINT_MARKER', 'SLUICE_FAILPOINT_SIGNAL'] as const;

/**
 * A runner that stops itself at a failpoint, however quick or slow the machine is, and goes on when it is told to. To be made before the
 * daemon starts: its runners inherit it.
 */
export class Freeze {
	readonly #workspace: TestWorkspace;
	readonly #marker: string;

	constructor(workspace: TestWorkspace, point: Failpoint) {
		this.#workspace = workspace;
		this.#marker = join(workspace.dir, 'frozen');
		Object.assign(process.env, {
			SLUICE_FAILPOINT: point,
			SLUICE_FAILPOINT_MARKER: this.#marker,
			SLUICE_FAILPOINT_SIGNAL: 'SIGSTOP',
		});
	}

	/** Waits until a runner stands still. Why not for the marker alone: it is there an instant before the signal. */
	async reached(): Promise<void> {
		while (!existsSync(this.#marker) || !this.#workspace.pids('runner').some(isStopped)) await pause(10);
	}

	goOn(): void {
		for (const pid of this.#workspace.pids('runner')) process.kill(pid, 'SIGCONT');
	}

	/** Whatever is started from here on stops nowhere. */
	static end(): void {
		for (const name of names) delete process.env[name];
	}
}

function isStopped(pid: number): boolean {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
		return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T');
	} catch {
		return false;
	}
}
