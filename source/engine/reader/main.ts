import {toSluiceError} from '../../model/errors.js';
import {answerOf} from './answer.js';
import type {FromReader, ToReader} from './protocol.js';

/*
 * The reader: a process that opens files for the daemon, one question after the other. It can be killed at any instant, and dies with its
 * daemon.
 */

process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

process.on('message', (question: ToReader) => void reply(question));

async function reply(question: ToReader): Promise<void> {
	tell(await answered(question));
}

async function answered(question: ToReader): Promise<FromReader> {
	try {
		return {answer: await answerOf(question)};
	} catch (error) {
		const systemCode = error instanceof Error && 'code' in error && 'syscall' in error ? String(error.code) : null;
		return {error: toSluiceError(error).toJSON(), systemCode};
	}
}

function tell(message: FromReader): void {
	if (process.connected) process.send?.(message);
}
