import {existsSync} from 'node:fs';
import type {FileHandle} from 'node:fs/promises';
import {writeNew} from './new-file.js';
import {copyNew} from './whole-file.js';

/**
 * Copies an open file to a file that must not be there yet, whatever the name of the open one means by now. By the descriptor's own path a
 * file system that can clone a file does so. The content is on disk when this returns.
 *
 * @param mode rights of the copy; without it those of the original
 * @throws SluiceError `file.not_written`
 */
export async function copyOpen(source: FileHandle, to: string, {mode}: {readonly mode?: number} = {}): Promise<void> {
	const same = `/proc/self/fd/${source.fd}`;
	if (existsSync(same)) {
		await copyNew(same, to, {mode});
		return;
	}
	await writeNew(
		to,
		async (file) => {
			for await (const part of source.createReadStream({autoClose: false})) await file.write(part as Buffer);
		},
		{mode: mode ?? (await source.stat()).mode & 0o777},
	);
}
