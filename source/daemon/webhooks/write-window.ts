import {mkdir} from 'node:fs/promises';
import type {NewFile} from '../../platform/files/new-file.js';
import {syncFolder} from '../../platform/files/sync.js';
import {writeWhole} from '../../platform/files/whole-file.js';
import type {Control} from '../control/control.js';
import type {StoredWindow} from '../control/webhooks.js';
import type {ExecutionFolder} from '../paths.js';
import {inputHeader} from './window-line.js';

/** Why bounds: a body may have 32 MB, and the daemon does other things in between. */
const mostLinesAtOnce = 64;
const mostBytesAtOnce = 16 * 1024 * 1024;

/** Writes the input file of a window, anew where somebody was killed at it, and makes sure that it is on disk. @returns its requests */
export async function writeWindow(control: Control, folder: ExecutionFolder, name: string, {id}: StoredWindow): Promise<number> {
	await mkdir(folder.inputFolder, {recursive: true, mode: 0o700});
	const target = folder.input(name);
	const write = async (file: NewFile): Promise<number> => {
		let requests = 0;
		await file.write(inputHeader);
		for (let seq = 0; ; ) {
			const lines = control.webhooks.lines(id, seq, linesWithin(control.webhooks.sizes(id, seq, mostLinesAtOnce)));
			const last = lines.at(-1);
			if (!last) break;
			await file.write(lines.map(({line}) => line).join(''));
			requests += lines.length;
			seq = last.seq;
		}
		return requests;
	};
	const {result = 0} = await writeWhole(target, write, {draft: `${target}.partial`});
	await syncFolder(folder.path);
	return result;
}

/** How many of the next lines are read at once: one at least. */
function linesWithin(sizes: readonly number[]): number {
	let bytes = 0;
	const many = sizes.findIndex((size) => {
		bytes += size;
		return bytes > mostBytesAtOnce;
	});
	return Math.max(1, many < 0 ? sizes.length : many);
}
