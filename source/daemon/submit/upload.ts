import type {IncomingMessage} from 'node:http';
import {join} from 'node:path';
import {kindOf} from '../../engine/intake/file-kind.js';
import {SluiceError} from '../../model/errors.js';
import {type NewFile, writeNew} from '../../platform/files/new-file.js';
import type {Services} from '../services.js';
import {inScratch} from '../source/poll-source.js';

/** A file that a client sends. */
export type Upload = {
	readonly name: string;
	readonly request: IncomingMessage;
	/** Told of each part that came. */
	readonly arrived: () => void;
};

/** A file that came whole, under a name that says nothing. */
export type Received = {readonly path: string; readonly name: string; readonly moves: true};

/**
 * Receives a file, a part at a time, and does `work` with it. What is not whole, or larger than `limits.max_input_bytes`, leaves nothing behind.
 *
 * @throws SluiceError `intake.type` before anything is read, `intake.too_large`, `api.broken_upload`, and what `work` throws
 */
export async function withUpload<Result>(
	services: Services,
	upload: Upload,
	work: (received: Received) => Promise<Result>,
): Promise<Result> {
	const {name, request} = upload;
	kindOf(name);
	const {maxInputBytes} = services.configuration.workspace.settings.limits;
	const announced = Number(request.headers['content-length'] ?? 0);
	if (announced > maxInputBytes) throw tooLarge(name, announced, maxInputBytes);
	return await inScratch(services, async (folder) => {
		const path = join(folder, 'upload');
		await writeNew(path, (file) => receive(upload, file, maxInputBytes));
		try {
			return await work({path, name, moves: true});
		} catch (error) {
			throw error instanceof SluiceError && error.where === path ? named(error, name) : error;
		}
	});
}

async function receive({name, request, arrived}: Upload, file: NewFile, mostBytes: number): Promise<void> {
	let bytes = 0;
	// The request is not destroyed when this ends early: its sender is to hear the reason.
	const parts = request.iterator({destroyOnReturn: false});
	for (;;) {
		const {done, value} = await parts.next().catch((cause: unknown) => {
			throw new SluiceError('api.broken_upload', `${name} did not come whole: the connection ended after ${bytes} bytes`, {
				where: name,
				cause,
			});
		});
		if (done) break;
		bytes += (value as Buffer).length;
		if (bytes > mostBytes) throw tooLarge(name, bytes, mostBytes);
		await file.write(value as Buffer);
		arrived();
	}
	if (!request.complete) throw new SluiceError('api.broken_upload', `${name} did not come whole`, {where: name});
}

function tooLarge(name: string, bytes: number, mostBytes: number): SluiceError {
	return new SluiceError('intake.too_large', `${name} has ${bytes} bytes or more`, {
		where: name,
		expected: `at most ${mostBytes} bytes (limits.max_input_bytes)`,
	});
}

/** Its sender knows the file by its name. */
function named(error: SluiceError, name: string): SluiceError {
	const renamed = SluiceError.from({...error.toJSON(), where: name});
	renamed.cause = error.cause;
	return renamed;
}
