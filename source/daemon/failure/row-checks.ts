import type {FailureCheck} from '../../api/contract.js';
import {SluiceError} from '../../model/errors.js';
import type {Execution} from '../../model/execution.js';
import type {SqlSession} from '../../model/sql-session.js';
import {type RowsFilter, readRows} from '../../report/rows.js';
import {listTables} from '../../report/tables.js';
import {columnValues} from '../../report/values.js';
import {tableContext} from '../browse/table-context.js';
import type {StoredExecution} from '../control/stored-execution.js';
import type {Services} from '../services.js';

type Found = {readonly table: string; readonly row: number; readonly reason: string};
type Reader = {
	readonly tables: readonly string[];
	first(table: string, filter: RowsFilter): Promise<Found | null>;
	reasons(table: string, outcome: string): Promise<readonly string[]>;
};

/** Rows that are left alone because all is well with them are not what anybody looks for. */
const harmless = /^(no change$|unchanged since )/;

/** The first error, and the first row that was left out though it should not have been. */
export async function rowChecks(services: Services, stored: StoredExecution, execution: Execution): Promise<readonly FailureCheck[]> {
	const rows = await firstRows(services, stored);
	return [firstError(execution, rows?.errored ?? null), firstSkipped(execution, rows)];
}

function firstError({id, error, counts}: Execution, errored: Found | null): FailureCheck {
	const check = 'first_error';
	if (error) {
		const detail = [error.where, error.expected && `expected: ${error.expected}`, error.cure].filter((line) => line != null && line !== '');
		return {check, state: 'look', message: error.message, detail: detail as string[], command: `sluice logs ${id}`};
	}
	if (errored) return aboutRow(check, id, errored, `${counts.errored} rows errored; the first`);
	return {check, state: 'ok', message: 'No error', detail: [], command: null};
}

function firstSkipped({id, counts}: Execution, rows: {readonly skipped: Found | null} | null): FailureCheck {
	const check = 'first_skipped';
	if (rows === null) return {check, state: 'unknown', message: 'It got to no row', detail: [], command: null};
	if (rows.skipped) return aboutRow(check, id, rows.skipped, 'The first row left out');
	const message = counts.skipped > 0 ? `${counts.skipped} rows skipped, all for want of a change` : 'No row was skipped';
	return {check, state: 'ok', message, detail: [], command: null};
}

function aboutRow(check: FailureCheck['check'], id: string, {table, row, reason}: Found, intro: string): FailureCheck {
	return {
		check,
		state: 'look',
		message: `${intro}: ${reason}`,
		detail: [`${table}, row ${row}`],
		command: `sluice explain ${id} --row ${row}`,
	};
}

async function firstRows(services: Services, stored: StoredExecution): Promise<{errored: Found | null; skipped: Found | null} | null> {
	try {
		const context = await tableContext(services.paths, stored);
		return await services.browse.tables(stored, async (session) => {
			const reader = await readerOf(session, context);
			return {errored: await firstErrored(reader), skipped: await firstSkippedRow(reader)};
		});
	} catch (error) {
		// why: an execution without tables, or one whose tables somebody else reads just now, still has all the other answers
		if (error instanceof SluiceError && error.code === 'run.artifact_missing') return null;
		throw error;
	}
}

async function readerOf(session: SqlSession, context: Awaited<ReturnType<typeof tableContext>>): Promise<Reader> {
	return {
		tables: (await listTables(session)).map(({table}) => table),
		async first(table, filter) {
			const {items} = await readRows(session, {...context, ...filter, table, offset: 0, limit: 1});
			const [row] = items as readonly {row: number; reason?: string | null}[];
			return row ? {table, row: row.row, reason: row.reason ?? 'no reason given'} : null;
		},
		async reasons(table, outcome) {
			const counted = await columnValues(session, {...context, table, outcome, column: 'reason'});
			return counted.flatMap(({value}) => (value === null ? [] : [value]));
		},
	};
}

async function firstErrored({tables, first}: Reader): Promise<Found | null> {
	for (const table of tables.filter((name) => name.startsWith('load:'))) {
		const found = await first(table, {outcome: 'errored'});
		if (found) return found;
	}
	return null;
}

async function firstSkippedRow({tables, first, reasons}: Reader): Promise<Found | null> {
	for (const table of tables.filter((name) => name.startsWith('variables:'))) {
		const found = await first(table, {state: 'skipped'});
		if (found) return found;
	}
	for (const table of tables.filter((name) => name.startsWith('load:'))) {
		const telling = (await reasons(table, 'skipped')).filter((reason) => !harmless.test(reason));
		const found = await Promise.all(telling.map((reason) => first(table, {outcome: 'skipped', reason})));
		const [earliest] = found.filter((one) => one !== null).sort((a, b) => a.row - b.row);
		if (earliest) return earliest;
	}
	return null;
}
