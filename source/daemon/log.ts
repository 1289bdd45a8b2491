import {join} from 'node:path';
import {destination, type Logger, pino} from 'pino';
import type {Paths} from './paths.js';

export type Log = Logger;

/**
 * The daemon's own log, `.sluice/log/daemon.log`: one JSON document a line. `redact` takes the secrets out of every line.
 */
export function openLog(paths: Paths, redact: (text: string) => string): Log {
	// why minLength: at 0 the stream answers a flush before it has written anything
	const stream = destination({dest: join(paths.log, 'daemon.log'), sync: false, minLength: 1, mode: 0o600, append: true});
	// why: a line that cannot be written (a full disk) is no reason for the daemon to die
	stream.on('error', () => undefined);
	const cleared = {
		write: (line: string) => void stream.write(redact(line)),
		flush: (done?: (error?: Error | null) => void) => stream.flush(done),
	};
	return pino({base: {pid: process.pid}, timestamp: pino.stdTimeFunctions.isoTime, level: 'info'}, cleared);
}

/** Resolves when every line so far is on disk; rejects where the disk refused one. */
export function onDisk(log: Log): Promise<void> {
	return new Promise((resolve, reject) => log.flush((error) => (error ? reject(error) : resolve())));
}
