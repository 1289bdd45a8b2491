import {execFile} from 'node:child_process';
import {type ErrorBody, SluiceError} from '../model/errors.js';

/**
 * Lets a process of its own do what needs no daemon: `daemon check`, `daemon restore`.
 *
 * @returns the objects that it prints
 * @throws SluiceError its own error
 */
export async function daemonWords<Line>(words: readonly string[]): Promise<readonly Line[]> {
	const {ownProgram} = await import('../api/connect.js');
	const [command = process.execPath, ...args] = ownProgram(['daemon', ...words]);
	return await new Promise((resolve, reject) => {
		execFile(command, args, {encoding: 'utf8', maxBuffer: 1 << 26}, (error, out, err) => {
			if (error) reject(errorIn(err));
			else
				resolve(
					out
						.split('\n')
						.filter(Boolean)
						.map((line) => JSON.parse(line) as Line),
				);
		});
	});
}

function errorIn(words: string): SluiceError {
	try {
		return SluiceError.from((JSON.parse(words.trim().split('\n').at(-1) ?? '') as {error: ErrorBody}).error);
	} catch (cause) {
		return new SluiceError('internal', `The process ended with: ${words.trim().slice(-500)}`, {cause});
	}
}
