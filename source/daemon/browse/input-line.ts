import {createReadStream} from 'node:fs';
import {stat} from 'node:fs/promises';
import {createInterface} from 'node:readline';
import {toSluiceError} from '../../model/errors.js';
import {type InputText, shownLine} from '../../model/input-text.js';
import type {ReadOptions} from '../../model/read-options.js';
import type {Rooms} from '../rooms.js';

const plain = /\.(csv|tsv|dat|jsonl)$/i;
/** Up to here a file of plain text is read by the daemon itself; the rest is worth a process. */
const littleBytes = 4_000_000;

/** What an input file holds on a line, counted from 1. Never throws: why there is nothing to show is the note. */
export async function inputText(
	{tasks, configuration}: Rooms,
	input: {path: string; name: string; read: ReadOptions},
	line: number,
): Promise<InputText> {
	const {path, name, read} = input;
	try {
		const {size} = await stat(path);
		const text = plain.test(name) && read.encoding === null && size <= littleBytes ? await plainLine(path, line) : null;
		if (text !== null) return {texts: [{page: name, text: shownLine(text)}], note: null};
		const {limits} = configuration.workspace.settings;
		return (await tasks.runInFolder((folder) => ({task: 'line', folder, input: {path, name}, read, line, limits}))) as InputText;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {texts: [], note: `${name} is not kept any more`};
		const {code, message} = toSluiceError(error);
		const why =
			code === 'task.failed' ? 'to read it again took too long, or was not possible; `sluice input` fetches the whole file' : message;
		return {texts: [], note: `Line ${line} of ${name} cannot be shown: ${why}`};
	}
}

/** A line of plain text; null for UTF-16, a line that goes on in the next because of an open quote, and one that is not there. */
async function plainLine(file: string, line: number): Promise<string | null> {
	const stream = createReadStream(file, {highWaterMark: 1 << 18});
	const lines = createInterface({input: stream, crlfDelay: Number.POSITIVE_INFINITY});
	try {
		let number = 0;
		for await (const text of lines) {
			if (++number === 1 && text.includes('\0')) return null;
			if (number < line) continue;
			if (text === '' || text.includes('\uFFFD') || text.split('"').length % 2 === 0) return null;
			return number === 1 ? text.replace(/^\uFEFF/, '') : text;
		}
		return null;
	} finally {
		stream.destroy();
	}
}
