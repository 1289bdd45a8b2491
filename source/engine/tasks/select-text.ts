import {open} from 'node:fs/promises';
import {SluiceError} from '../../model/errors.js';
import {identifier} from '../../model/sql-text.js';
import {encodeCell} from '../intake/row-writer.js';
import type {Selected, ShortTask} from '../job.js';
import {createDatabases} from '../sql/databases.js';
import {type AsSelected, runSelect, type SelectedColumn, type Selection} from '../sql/run-select.js';
import {startWorker} from '../sql/worker-session.js';

type Task = Extract<ShortTask, {task: 'select'}>;
type Row = readonly (string | null)[];

/** Why text: digits of decimals would be lost in JSON numbers, and every input is read as text anyway. */
const asText: AsSelected = (sql, columns) =>
	`SELECT ${columns.map((column) => `${textOf(column)} AS ${identifier(column.name)}`).join(', ')} FROM (${sql})`;

/** A decimal keeps its scale (1.50), which toString cuts. */
function textOf({name, type}: SelectedColumn): string {
	const [, scale] = /^(?:Nullable\()?Decimal\(\d+, (\d+)\)/.exec(type) ?? [];
	return scale === undefined ? `toString(${identifier(name)})` : `toDecimalString(${identifier(name)}, ${scale})`;
}

/**
 * Runs the SELECT of a source, with the walls of any user's SQL (SPEC 5.4, 11). With `to`, its rows become a CSV file: NULL is a blank
 * cell, the empty text a quoted one.
 *
 * @throws SluiceError `sql.*`, `intake.too_large` when the rows are more than an input may hold
 */
export async function selectText({folder, limits, secrets, script, to, rows: wanted}: Task): Promise<Selected> {
	const worker = await startWorker({folder, limits, secrets});
	try {
		await createDatabases(worker);
		const selection = await runSelect(worker, script, asText);
		const columns = selection.columns.map(({name}) => name);
		const first: Row[] = [];
		const look = (row: Row): void => {
			if (first.length < wanted) first.push(row);
		};
		if (to === null) for await (const row of rowsOf(selection, wanted)) look(row);
		else await writeCsv(to, columns, rowsOf(selection, Number.POSITIVE_INFINITY), {look, atMost: limits.maxInputBytes});
		return {columns, rows: first};
	} finally {
		await worker.kill();
	}
}

async function* rowsOf({blocks}: Selection, most: number): AsyncGenerator<Row> {
	let given = 0;
	for await (const block of blocks) {
		for (let at = 0; at < (block[0]?.length ?? 0); at++) {
			if (given++ >= most) return;
			yield block.map((column) => column[at] as string | null);
		}
	}
}

async function writeCsv(
	to: string,
	columns: readonly string[],
	rows: AsyncIterable<Row>,
	{look, atMost}: {look(row: Row): void; atMost: number},
): Promise<void> {
	const file = await open(to, 'wx', 0o600);
	let [text, bytes] = [lineOf(columns), 0];
	const flush = async (): Promise<void> => {
		bytes += Buffer.byteLength(text);
		if (bytes > atMost) {
			throw new SluiceError('intake.too_large', `The source gives more than ${atMost} bytes`, {expected: 'limits.max_input_bytes at most'});
		}
		await file.write(text);
		text = '';
	};
	try {
		for await (const row of rows) {
			look(row);
			text += lineOf(row);
			if (text.length > 1 << 20) await flush();
		}
		await flush();
		await file.sync();
	} finally {
		await file.close();
	}
}

function lineOf(cells: Row): string {
	return `${cells.map((cell) => (cell === null ? '' : encodeCell(cell))).join(',')}\n`;
}
