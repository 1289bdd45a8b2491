import {decimalText} from '../../model/decimal-sql.js';
import {identifier} from '../../model/sql-text.js';
import type {Selected, ShortTask} from '../protocol.js';
import {createDatabases} from '../sql/databases.js';
import {type AsSelected, runSelect, type SelectedColumn, type Selection} from '../sql/run-select.js';
import {startWorker} from '../sql/worker-session.js';
import {columnType, rawText} from '../variables/raw-text.js';
import {writeCsv} from './text-file.js';

type Task = Extract<ShortTask, {task: 'select'}>;
type Row = readonly (string | null)[];

/** Why text: digits of decimals would be lost in JSON numbers, and every input is read as text anyway. */
const asText =
	(timezone: string): AsSelected =>
	(sql, columns) =>
		`SELECT ${columns.map((column) => `${textOf(column, timezone)} AS ${identifier(column.name)}`).join(', ')} FROM (${sql})`;

/**
 * A decimal keeps its scale (1.50), which toString cuts. A moment whose type names a zone is an instant: its text has an offset, so that
 * the workspace's zone does not change it.
 */
function textOf({name, type}: SelectedColumn, timezone: string): string {
	if (/DateTime(?:64)?\(.*'/.test(type)) return rawText(identifier(name), columnType(type), timezone);
	const {base, argument} = columnType(type);
	return base === 'Decimal' ? decimalText(identifier(name), argument) : `toString(${identifier(name)})`;
}

/**
 * Runs the SELECT of a source, with the walls of any user's SQL (SPEC 5.4, 11). With `to`, its rows become a CSV file: NULL is a blank
 * cell, the empty text a quoted one.
 *
 * @throws SluiceError `sql.*`, `secret.missing`, `intake.too_large` when the rows are more than an input may hold
 */
export async function selectText({folder, limits, timezone, secrets, unset, script, to, rows: wanted}: Task): Promise<Selected> {
	const worker = await startWorker({folder, limits, timezone, secrets, unset});
	try {
		await createDatabases(worker);
		const selection = await runSelect(worker, script, asText(timezone));
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
