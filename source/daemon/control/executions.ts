import type {Statement} from 'better-sqlite3';
import type {Progress} from '../../engine/protocol.js';
import type {ErrorBody} from '../../model/errors.js';
import {SluiceError} from '../../model/errors.js';
import type {ExecutionStatus} from '../../model/execution.js';
import {redactedTexts} from '../../text/redaction.js';
import {type Listing, listingSql} from './listing.js';
import type {ControlDatabase} from './open.js';
import {type ExecutionRow, fromRow, type NewExecution, type OrphanProcess, type StoredExecution} from './stored-execution.js';

/** What `control.db` knows of executions. Every statement is prepared once; every method is one short statement. */
export function executionTable(database: ControlDatabase, hide: (text: string) => string) {
	const insert = database.prepare(`
		INSERT INTO executions (id, connector, operation, objects, mode, status, input_name, queued_at, started_by, triggered_by, diff_check, notify, failed_rows_of)
		VALUES (@id, @connector, @operation, @objects, @mode, 'queued', @inputName, @queuedAt, @startedBy, @triggeredBy, @diffCheck, @notify, @failedRowsOf)`);
	const byId = database.prepare<[string], ExecutionRow>('SELECT * FROM executions WHERE id = ?');
	const byPrefix = database.prepare<[string, string], ExecutionRow>('SELECT * FROM executions WHERE id >= ? AND id < ? LIMIT 2');
	const newest = database.prepare<[], ExecutionRow>('SELECT * FROM executions ORDER BY seq DESC LIMIT 1');
	const newestOf = database.prepare<[string], ExecutionRow>('SELECT * FROM executions WHERE connector = ? ORDER BY seq DESC LIMIT 1');
	const lastSettled = database.prepare<[string], ExecutionRow>(
		`SELECT * FROM executions WHERE connector = ? AND mode = 'live' AND status IN ('completed', 'warning', 'failed') ORDER BY seq DESC LIMIT 1`,
	);
	const withStatus = database.prepare<[string], ExecutionRow>('SELECT * FROM executions WHERE status = ? ORDER BY seq');
	const unacknowledged = database.prepare<[], ExecutionRow>(
		`SELECT * FROM executions WHERE status = 'failed' AND acked_at IS NULL ORDER BY seq DESC LIMIT 100`,
	);
	const lastLive = database.prepare<[string], {status: string}>(
		`SELECT status FROM executions WHERE connector = ? AND mode = 'live' AND status NOT IN ('queued', 'running') ORDER BY seq DESC LIMIT 20`,
	);
	const start = database.prepare(
		`UPDATE executions SET status = 'running', lease = lease + 1, started_at = coalesce(started_at, ?), done = NULL, interrupted = 0 WHERE id = ? AND status = 'queued'`,
	);
	const processes = database.prepare('UPDATE executions SET runner = ?, worker = ? WHERE id = ?');
	const worker = database.prepare('UPDATE executions SET worker = ? WHERE id = ?');
	const progress = database.prepare('UPDATE executions SET progress = ? WHERE id = ?');
	const end = database.prepare(
		'UPDATE executions SET status = ?, ended_at = ?, progress = coalesce(?, progress), error = ?, errored = ?, runner = NULL, worker = NULL, done = NULL WHERE id = ?',
	);
	const requeue = database.prepare(
		`UPDATE executions SET status = 'queued', progress = coalesce(?, progress), done = ?, interrupted = ?, runner = NULL, worker = NULL WHERE id = ?`,
	);
	const queue = database.prepare<[], Pick<ExecutionRow, 'id' | 'connector' | 'mode' | 'interrupted'> & {closing: number}>(
		`SELECT id, connector, mode, interrupted, cancel_requested_by IS NOT NULL OR error IS NOT NULL AS closing
		FROM executions WHERE status = 'queued' ORDER BY seq`,
	);
	const liveCount = database.prepare<[string, string], {total: number}>(
		`SELECT count(*) total FROM executions WHERE connector = ? AND status = ? AND mode = 'live'`,
	);
	const count = database.prepare<[string], {total: number}>('SELECT count(*) total FROM executions WHERE status = ?');
	const queueOf = database.prepare<[string], ExecutionRow>(
		`SELECT * FROM executions WHERE status = 'queued' AND connector = ? AND mode = 'live' ORDER BY seq`,
	);
	const holdInterrupted = database.prepare(
		`UPDATE executions SET interrupted = 0 WHERE connector = ? AND mode = 'live' AND status = 'queued'`,
	);
	const strike = database.prepare('UPDATE executions SET strikes = ?, strike_place = ?, error = coalesce(?, error) WHERE id = ?');
	const cancelRequested = database.prepare('UPDATE executions SET cancel_requested_by = ? WHERE id = ?');
	const acknowledge = database.prepare('UPDATE executions SET acked_at = coalesce(acked_at, ?) WHERE id = ?');
	const clearable = database.prepare<[string, string, number, number], {id: string; seq: number}>(
		`SELECT id, seq FROM executions
		WHERE connector = ? AND cleared_at IS NULL AND ended_at < ? AND seq > ? AND status NOT IN ('queued', 'running') ORDER BY seq LIMIT ?`,
	);
	const clear = database.prepare('UPDATE executions SET cleared_at = ? WHERE id = ?');
	const endedWithFiles = database.prepare<[], {id: string}>(
		`SELECT id FROM executions WHERE cleared_at IS NULL AND status NOT IN ('queued', 'running')`,
	);
	const neededFor = database.prepare<[string], {found: number}>(
		`SELECT 1 found FROM executions WHERE failed_rows_of = ? AND status IN ('queued', 'running') LIMIT 1`,
	);
	const connectors = database.prepare<[], {connector: string}>('SELECT DISTINCT connector FROM executions WHERE cleared_at IS NULL');

	const wrote = database.prepare<[string, string], {found: number}>(
		`SELECT 1 found FROM executions WHERE connector = ? AND operation = 'export' AND json_extract(progress, '$.artifacts.export') = ? LIMIT 1`,
	);

	const listings = new Map<string, {count: Statement<unknown[], {total: number}>; page: Statement<unknown[], ExecutionRow>}>();
	const listingStatements = (where: string) => {
		const known = listings.get(where) ?? {
			count: database.prepare<unknown[], {total: number}>(`SELECT count(*) total FROM executions ${where}`),
			page: database.prepare<unknown[], ExecutionRow>(`SELECT * FROM executions ${where} ORDER BY seq DESC LIMIT ? OFFSET ?`),
		};
		listings.set(where, known);
		return known;
	};

	const one = (row: ExecutionRow | undefined): StoredExecution | undefined => row && fromRow(row);
	const known = (id: string): StoredExecution => {
		const found = one(byId.get(id));
		if (!found) throw new SluiceError('usage.unknown', `No execution ${id}`);
		return found;
	};

	return {
		known,
		isThere: (id: string): boolean => byId.get(id) !== undefined,
		/** Puts an execution at the end of the queue. */
		add(execution: NewExecution): StoredExecution {
			insert.run({...execution, objects: JSON.stringify(execution.objects), diffCheck: execution.diffCheck ? 1 : 0});
			return known(execution.id);
		},
		/** By id, by the unique beginning of one, or `last` (SPEC 13). @throws SluiceError `usage.unknown`, `usage.ambiguous` */
		find(given: string): StoredExecution {
			if (given === 'last') {
				const found = one(newest.get());
				if (found) return found;
				throw new SluiceError('usage.unknown', 'No execution has run yet');
			}
			const prefix = given.toLowerCase();
			if (!/^[0-9a-f-]{1,36}$/.test(prefix)) throw new SluiceError('usage.unknown', `"${given}" is not an execution id`);
			const [found, other] = byPrefix.all(prefix, `${prefix}~`);
			if (!found) throw new SluiceError('usage.unknown', `No execution begins with ${given}`);
			if (other)
				throw new SluiceError('usage.ambiguous', `Several executions begin with ${given}`, {expected: `${found.id}, ${other.id}, ...`});
			return fromRow(found);
		},
		/** Whether an export of the connector put a file there. */
		wrote: (connector: string, file: string): boolean => wrote.get(connector, file) !== undefined,
		newestOf: (connector: string) => one(newestOf.get(connector)),
		/** The newest live run that came to its end: cancelled ones say nothing about their connector (SPEC 10). */
		lastSettled: (connector: string) => one(lastSettled.get(connector)),
		/** In the order of the queue. */
		withStatus: (status: ExecutionStatus): readonly StoredExecution[] => withStatus.all(status).map(fromRow),
		/** What the dispatcher needs of everything that waits, in the order of the queue. */
		queue: () =>
			queue.all().map(({id, connector, mode, interrupted, closing}) => ({
				id,
				connector,
				mode: mode as StoredExecution['mode'],
				interrupted: interrupted === 1,
				closing: closing === 1,
			})),
		/** The live executions of one connector that wait. */
		queueOf: (connector: string): readonly StoredExecution[] => queueOf.all(connector).map(fromRow),
		liveCount: (connector: string, status: ExecutionStatus): number => liveCount.get(connector, status)?.total ?? 0,
		count: (status: ExecutionStatus): number => count.get(status)?.total ?? 0,
		/** Failed and not acknowledged, newest first. */
		unacknowledged: (): readonly StoredExecution[] => unacknowledged.all().map(fromRow),
		/** How the last twenty live runs ended, oldest first. */
		health: (connector: string): readonly string[] =>
			lastLive
				.all(connector)
				.map(({status}) => status)
				.reverse(),
		/** From `queued` to `running`, under a new lease. */
		start(id: string, at: string): StoredExecution {
			start.run(at, id);
			return known(id);
		},
		setProcesses: (id: string, runner: OrphanProcess | null, sqlWorker: OrphanProcess | null) =>
			processes.run(runner && JSON.stringify(runner), sqlWorker && JSON.stringify(sqlWorker), id),
		setWorker: (id: string, left: OrphanProcess) => worker.run(JSON.stringify(left), id),
		/**
		 * Not within a transaction. why without waiting for the disk: what a run has reached is only shown, and told anew by the next runner; a
		 * sync holds up everything the daemon does, on a busy disk for a tenth of a second. The next commit of anything else syncs it too.
		 */
		setProgress(id: string, value: Progress): void {
			database.pragma('synchronous = NORMAL');
			try {
				progress.run(JSON.stringify(value), id);
			} finally {
				database.pragma('synchronous = FULL');
			}
		},
		end(
			id: string,
			outcome: {status: ExecutionStatus; at: string; progress: Progress | null; error: ErrorBody | null; errored: number},
		): StoredExecution {
			end.run(
				outcome.status,
				outcome.at,
				outcome.progress && JSON.stringify(outcome.progress),
				outcome.error && JSON.stringify(redactedTexts(outcome.error, hide)),
				outcome.errored,
				id,
			);
			return known(id);
		},
		/** Back to its place in the queue, with what is done of it; `interrupted`: it goes on by itself. */
		requeue(id: string, back: {progress: Progress | null; done: string | null; interrupted: boolean}): StoredExecution {
			requeue.run(back.progress && JSON.stringify(back.progress), back.done, back.interrupted ? 1 : 0, id);
			return known(id);
		},
		/** Interrupted executions of a connector that somebody deactivates wait for activation like all others. */
		holdInterrupted: (connector: string) => holdInterrupted.run(connector),
		/** `error`: it fails for this, as soon as what was committed of it is accounted for. */
		strike: (id: string, strikes: number, place: string, error: ErrorBody | null) =>
			strike.run(strikes, place, error && JSON.stringify(redactedTexts(error, hide)), id),
		requestCancel: (id: string, who: string | null) => cancelRequested.run(who, id),
		acknowledge: (id: string, at: string) => acknowledge.run(at, id),
		/** Executions that ended before `at` and still have their files, the oldest first, after the one with the number `after`. */
		clearable: (connector: string, at: string, after: number, limit: number) => clearable.all(connector, at, after, limit),
		/** Its files are gone. */
		cleared: (id: string, at: string) => clear.run(at, id),
		/** All that ended and were not cleared. */
		endedWithFiles: (): readonly string[] => endedWithFiles.all().map(({id}) => id),
		/** Whether one that has not ended reads this one's tables. */
		isNeeded: (id: string): boolean => neededFor.get(id) !== undefined,
		/** Connectors with executions whose files are there, configured or not. */
		connectorsWithFiles: (): readonly string[] => connectors.all().map(({connector}) => connector),
		/** A page of executions, newest first, and how many there are. */
		list(listing: Listing): {items: readonly StoredExecution[]; total: number} {
			const {where, values} = listingSql(listing);
			const {count, page} = listingStatements(where);
			const items = page.all(...values, listing.limit, listing.offset).map(fromRow);
			return {items, total: count.get(...values)?.total ?? 0};
		},
	};
}
