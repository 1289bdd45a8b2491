import {stat} from 'node:fs/promises';
import {toSluiceError} from '../../model/errors.js';
import type {InputText} from '../../model/input-text.js';
import type {ReadOptions} from '../../model/read-options.js';
import type {Services} from '../services.js';

const plain = /\.(csv|tsv|dat|jsonl)$/i;
/** Up to here a reader looks through a file of plain text; the rest is worth a process of its own. */
const littleBytes = 4_000_000;

/** What an input file holds on a line, counted from 1. Never throws: why there is nothing to show is the note. */
export async function inputText(
	{tasks, configuration, readers}: Services,
	connector: string,
	input: {path: string; name: string; read: ReadOptions},
	line: number,
): Promise<InputText> {
	const {path, name, read} = input;
	try {
		const {size} = await stat(path);
		const isPlain = plain.test(name) && read.encoding === null && size <= littleBytes;
		const text = isPlain ? await readers.ask(connector, 'line', {path, line}) : null;
		if (text !== null) return {texts: [{page: name, text}], note: null};
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
