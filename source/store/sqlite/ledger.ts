import {SluiceError} from '../../model/errors.js';
import type {Checkpoint, ChunkCommit} from '../record-store.js';
import type {Database} from './connection.js';

/*
 * What commits with a chunk besides records: who may commit, what is done, what automations will be told. Runs inside the caller's
 * transaction, in the tables that names without a schema mean.
 */

/** Makes `lease` the one that may commit. Taking the same one again is harmless. @throws SluiceError `lease.lost` when a greater one is there */
export function putLease(db: Database, execution: string, lease: number): void {
	const put = db.prepare(`INSERT INTO lease (execution, lease) VALUES (?, ?)
		ON CONFLICT (execution) DO UPDATE SET lease = excluded.lease WHERE excluded.lease >= lease.lease`);
	if (put.run(execution, lease).changes === 0) throw lost(execution, lease);
}

/** @throws SluiceError `lease.lost` unless `lease` is the one taken last */
export function checkLease(db: Database, execution: string, lease: number): void {
	const held = db.prepare('SELECT lease FROM lease WHERE execution = ?').pluck().get(execution);
	if (held !== lease) throw lost(execution, lease);
}

function lost(execution: string, lease: number): SluiceError {
	return new SluiceError('lease.lost', `Lease ${lease} of execution ${execution} is not the current one.`, {where: execution});
}

/** Written before anything else of the chunk: a chunk that was committed before is refused by its key. */
export function putCheckpoint(db: Database, {execution, step, chunk, counts}: ChunkCommit): void {
	db.prepare(
		`INSERT INTO checkpoint (execution, step, chunk, created, updated, skipped, errored, warnings) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
	).run(execution, step, chunk, counts.created, counts.updated, counts.skipped, counts.errored, counts.warnings);
}

/** The committed chunks of an execution, in order. */
export function readCheckpoints(db: Database, execution: string): readonly Checkpoint[] {
	const rows = db.prepare('SELECT * FROM checkpoint WHERE execution = ? ORDER BY step, chunk').all(execution);
	return (rows as (Checkpoint & Checkpoint['counts'])[]).map(({step, chunk, created, updated, skipped, errored, warnings}) => ({
		step,
		chunk,
		counts: {created, updated, skipped, errored, warnings},
	}));
}

/** Remembers the options that a chunk adds. */
export function putOptions(db: Database, {execution, object, options}: ChunkCommit): void {
	if (options.length === 0) return;
	const put = db.prepare('INSERT OR IGNORE INTO option (object, field, option, execution) VALUES (?, ?, ?, ?)');
	for (const {field, option} of options) put.run(object, field, option, execution);
}

/** Marks the execution's load as finished: all its chunks are committed, and it is too late to cancel. */
export function markLoadFinished(db: Database, execution: string): void {
	db.prepare('UPDATE lease SET load_finished = 1 WHERE execution = ?').run(execution);
}

export function isLoadFinished(db: Database, execution: string): boolean {
	return db.prepare('SELECT load_finished FROM lease WHERE execution = ?').pluck().get(execution) === 1;
}
