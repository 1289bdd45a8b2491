import {identifier} from '../../model/sql-text.js';
import {pageSelect} from '../intake/page-select.js';
import {readInput} from '../intake/read-input.js';
import type {Selected, ShortTask} from '../protocol.js';
import {createDatabases} from '../sql/databases.js';
import {startWorker} from '../sql/worker-session.js';

const silent = {onWarning: () => undefined, onLog: () => undefined, onProgress: () => undefined};

/** The first rows of a file's first page, read as an execution would read it. @throws SluiceError `intake.*` */
export async function peekInput({folder, input, read, rows, limits}: Extract<ShortTask, {task: 'peek'}>): Promise<Selected> {
	const [page] = await readInput({...input, read, folder, maxInputBytes: limits.maxInputBytes, ...silent});
	if (!page) return {columns: [], rows: []};
	const worker = await startWorker({folder, limits, readOnly: [input.path]});
	try {
		await createDatabases(worker);
		const names = page.columns.map(identifier);
		const found: (string | null)[][] = [];
		for await (const block of worker.blocks(`SELECT ${names.join(', ')} FROM (${pageSelect(page)}) ORDER BY \`_line\` LIMIT ${rows}`)) {
			for (let at = 0; at < (block[0]?.length ?? 0); at++) found.push(block.map((column) => column[at] as string | null));
		}
		return {columns: page.columns, rows: found};
	} finally {
		await worker.kill();
	}
}
