import {type ChildProcess, fork} from 'node:child_process';
import {StringDecoder} from 'node:string_decoder';
import type {FromRunner, RunnerTask, ToRunner} from '../../engine/protocol.js';
import {descendants, endProcess, gone, startTime} from '../../platform/processes.js';
import type {OrphanProcess} from '../control/stored-execution.js';

/** How a runner came to its end: with a last word, or without one. */
export type RunnerEnd = {readonly code: number | null; readonly signal: string | null; readonly lastWords: string};

export type RunnerListener = {
	message(message: FromRunner): void;
	/** Exactly once, after the last message. */
	exit(end: RunnerEnd): void;
};

export type Runner = {
	readonly left: OrphanProcess;
	send(message: ToRunner): void;
	/** Kills it and the processes that it started. */
	kill(): void;
	/** Resolves when it has ended, and with it what `kill` found of the processes that it started. */
	readonly exited: Promise<void>;
};

const keptWords = 4_000;

/**
 * Forks a runner and hands it its task. The runner gets no secret from our environment, a process group of its own (so that a
 * Ctrl-C on `daemon run` reaches the daemon alone), and dies when the channel to us closes.
 */
export function startRunner(entry: string, cwd: string, task: RunnerTask, listener: RunnerListener): Runner {
	const child = fork(entry, [], {
		cwd,
		env: withoutSecrets(process.env),
		execArgv: [],
		detached: true,
		serialization: 'advanced',
		stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
	});
	const words = collectWords(child);
	let started: readonly number[] = [];
	const closed = new Promise<void>((resolve) => {
		let over = false;
		const finish = (code: number | null, signal: string | null, message: string): void => {
			if (over) return;
			over = true;
			listener.exit({code, signal, lastWords: message});
			resolve();
		};
		child.on('error', (error) => {
			if (child.pid === undefined) finish(null, null, error.message);
		});
		// why: 'close' comes after 'exit' and after every message and word has been read.
		child.on('close', (code, signal) => finish(code, signal, words()));
	});
	child.on('message', (message) => listener.message(message as FromRunner));
	const send = (message: ToRunner): void => {
		if (child.connected) child.send(message, () => undefined);
	};
	send({type: 'task', task});
	const pid = child.pid ?? 0;
	const kill = (): void => {
		// A stopped process starts no other one while its children are listed.
		if (child.pid === undefined || !child.kill('SIGSTOP')) return;
		started = descendants(pid);
		child.kill('SIGKILL');
		for (const inner of started) endProcess(inner);
	};
	const exited = closed.then(async () => {
		await Promise.all(started.map(gone));
	});
	return {left: {pid, start: startTime(pid)}, send, kill, exited};
}

function collectWords(child: ChildProcess): () => string {
	const decoder = new StringDecoder('utf8');
	let words = '';
	child.stderr?.on('data', (part: Buffer) => {
		words = (words + decoder.write(part)).slice(-keptWords);
	});
	return () => words.trim();
}

/** An environment that a child may have. */
export function withoutSecrets(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
	return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('SLUICE_SECRET_')));
}
