import type {FileHandle} from 'node:fs/promises';
import {type IncomingMessage, request} from 'node:http';
import {basename} from 'node:path';
import {pipeline} from 'node:stream/promises';
import {SluiceError} from '../model/errors.js';
import {inputFileError, openInputFile} from '../platform/files/input-file.js';
import {ApiError} from './api-error.js';
import {answerOf, type Call, headersOf, unreachableDaemon} from './exchange.js';

const partBytes = 256 * 1024;

/**
 * Opens a file as the user of this process and sends it as the body of a request, a part at a time. An answer that comes before its end
 * ends the sending.
 *
 * @throws SluiceError `intake.missing`, `intake.unreadable`, `daemon.unreachable`; `ApiError` when the daemon answers with an error
 */
export async function upload<Answer>(call: Pick<Call, 'socket' | 'identity' | 'path'>, from: string): Promise<Answer> {
	const name = basename(from);
	const {file, sizeBytes} = await openInputFile(from, name);
	try {
		return await answerOf<Answer>(await sendFile(call, {file, sizeBytes, from, name}));
	} catch (error) {
		throw error instanceof ApiError && error.where === name ? withPath(error, from) : error;
	} finally {
		await file.close();
	}
}

export type SentFile = {readonly file: FileHandle; readonly sizeBytes: number; readonly from: string; readonly name: string};

export function sendFile({socket, identity, path}: Pick<Call, 'socket' | 'identity' | 'path'>, sent: SentFile): Promise<IncomingMessage> {
	return new Promise((resolve, reject) => {
		const outgoing = request({
			socketPath: socket,
			method: 'POST',
			path,
			agent: false,
			headers: {
				...headersOf(identity),
				'Content-Type': 'application/octet-stream',
				'Content-Length': sent.sizeBytes,
				// A daemon that closes the connection behind an early answer would take the answer along.
				Connection: 'keep-alive',
			},
		});
		const stop = new AbortController();
		outgoing.on('response', (response) => {
			resolve(response);
			stop.abort();
		});
		const sending: Promise<Error | null> = pipeline(partsOf(sent, stop.signal), outgoing).then(
			() => null,
			(error: Error) => error,
		);
		const fail = async (cause: Error | null): Promise<void> => {
			const error = (await sending) ?? cause;
			if (error) reject(error instanceof SluiceError ? error : unreachableDaemon(socket, error));
		};
		outgoing.on('error', (cause) => void fail(cause));
		void fail(null);
	});
}

/** Ends quietly where an answer came before the end of the file. */
async function* partsOf({file, sizeBytes, from, name}: SentFile, answered: AbortSignal): AsyncGenerator<Buffer> {
	let sent = 0;
	while (sent < sizeBytes && !answered.aborted) {
		const part = Buffer.allocUnsafe(Math.min(partBytes, sizeBytes - sent));
		const {bytesRead} = await file.read(part, 0, part.length, sent).catch((error: unknown) => {
			throw inputFileError(error, from, name);
		});
		if (bytesRead === 0) {
			throw new SluiceError('intake.unreadable', `${name} became shorter while it was read`, {
				where: from,
				expected: 'a file that stays as it is',
				cure: 'Run it again when the file is written.',
			});
		}
		sent += bytesRead;
		yield part.subarray(0, bytesRead);
	}
}

/** The daemon knows the file by its name alone. */
function withPath(error: ApiError, path: string): ApiError {
	return new ApiError(error.status, {...error.toJSON(), ...error.refusal, where: path});
}
