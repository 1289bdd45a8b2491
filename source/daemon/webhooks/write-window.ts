import {mkdir, open} from 'node:fs/promises';
import type {Control} from '../control/control.js';
import type {StoredWindow} from '../control/webhooks.js';
import type {ExecutionFolder} from '../paths.js';
import {syncPath} from '../submit/keep-input.js';
import {inputHeader} from './input-line.js';

/** Why so few: each may have a body of 256 KiB, and the daemon does other things in between. */
const linesAtOnce = 64;

/** Writes the input file of a window, anew where somebody was killed at it, and makes sure that it is on disk. @returns its requests */
export async function writeWindow(control: Control, folder: ExecutionFolder, name: string, {id}: StoredWindow): Promise<number> {
	await mkdir(folder.inputFolder, {recursive: true, mode: 0o700});
	const file = await open(folder.input(name), 'w', 0o600);
	let requests = 0;
	try {
		await file.write(inputHeader);
		for (let seq = 0; ; ) {
			const lines = control.webhooks.lines(id, seq, linesAtOnce);
			const last = lines.at(-1);
			if (!last) break;
			await file.write(lines.map(({line}) => line).join(''));
			requests += lines.length;
			seq = last.seq;
		}
		await file.sync();
	} finally {
		await file.close();
	}
	for (const path of [folder.inputFolder, folder.path]) await syncPath(path);
	return requests;
}
