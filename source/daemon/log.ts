import {join} from 'node:path';
import {type Logger, pino} from 'pino';
import {visibleJson} from '../text/visible.js';
import type {Paths} from './paths.js';
import {RepeatedLines} from './repeated-lines.js';
import {RotatedFile} from './rotated-file.js';

export type Log = Logger;

const tellEveryMs = 60_000;

/**
 * The daemon's own log, `.sluice/log/daemon.log`: one JSON document a line, rotated by size, repeated warnings counted. `redact` takes the
 * secrets out of every line.
 */
export function openLog(paths: Paths, redact: (text: string) => string): {log: Log; end(): void} {
	const file = new RotatedFile(join(paths.log, 'daemon.log'));
	const repeated = new RepeatedLines();
	const write = (text: string): void => {
		if (text !== '') file.write(text);
	};
	const timer = setInterval(() => write(repeated.rest(performance.now())), tellEveryMs).unref();
	const readable = (line: string): string => `${visibleJson(redact(line.trimEnd()))}\n`;
	const cleared = {
		write: (line: string) => write(isWarning.test(line) ? repeated.of(readable(line), performance.now()) : readable(line)),
		flush: (done?: (error?: Error | null) => void) => file.flush(done),
	};
	const log = pino({base: {pid: process.pid}, timestamp: pino.stdTimeFunctions.isoTime, level: 'info'}, cleared);
	const end = (): void => {
		clearInterval(timer);
		write(repeated.rest());
	};
	return {log, end};
}

/** A line of a warning or worse. */
const isWarning = /^\{"level":[456]0,/;

/** Resolves when every line so far is on disk; rejects where the disk refused one. */
export function onDisk(log: Log): Promise<void> {
	return new Promise((resolve, reject) => log.flush((error) => (error ? reject(error) : resolve())));
}
