import type {IncomingMessage} from 'node:http';
import {resolve} from 'node:path';
import {SluiceError} from '../model/errors.js';
import {causeOfNotWritten} from '../platform/files/file-error.js';
import type {NewFile} from '../platform/files/new-file.js';
import {outputTarget, type ProtectedPlaces} from '../platform/files/output-target.js';
import {writeWhole} from '../platform/files/whole-file.js';
import type {Exported} from './contract.js';
import {accepted, type Call, send} from './exchange.js';

export type Wanted = {
	readonly to: string;
	/** What it is called in errors: `report`. */
	readonly what: string;
	readonly protectedPlaces: ProtectedPlaces;
};

/**
 * Writes what the daemon answers to a file, as the user of this process, whole or not at all. The daemon is asked only when the place can be
 * written.
 *
 * @throws SluiceError `export.refused`, `export.failed`; `ApiError` when the daemon answers with an error
 */
export async function download(call: Call, {to, what, protectedPlaces}: Wanted): Promise<Exported> {
	const path = await outputTarget(resolve(to), protectedPlaces);
	try {
		const {bytes} = await writeWhole(path, async (file) => copyTo(file, await accepted(await send(call)), what));
		return {path, bytes};
	} catch (cause) {
		if (!(cause instanceof SluiceError) || cause.code !== 'file.not_written') throw cause;
		throw new SluiceError('export.failed', `The ${what} could not be written: ${causeOfNotWritten(cause)}`, {where: path, cause});
	}
}

async function copyTo(file: NewFile, response: IncomingMessage, what: string): Promise<void> {
	const parts = response.iterator();
	for (;;) {
		const {done, value} = await parts.next().catch((cause: unknown) => {
			throw new SluiceError('export.failed', `The ${what} did not come whole: the daemon ended the connection`, {
				cure: 'Ask again; if it stays, see .sluice/log/daemon.log.',
				cause,
			});
		});
		if (done) return;
		try {
			await file.write(value as Buffer);
		} catch (error) {
			response.destroy();
			throw error;
		}
	}
}
