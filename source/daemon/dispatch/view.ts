import {basename, join} from 'node:path';
import type {Progress} from '../../engine/protocol.js';
import type {Execution} from '../../model/execution.js';
import {addCounts, type Counts, noCounts} from '../../model/outcome.js';
import type {StoredExecution} from '../control/stored-execution.js';
import type {ExecutionFolder} from '../paths.js';

/** The sum over the load steps (SPEC 13). */
export function countsOf(progress: Progress | null): Counts {
	return (progress?.stages ?? [])
		.filter(({stage}) => stage.startsWith('load:'))
		.map(({created, updated, skipped, errored, warnings}) => ({
			created: created ?? 0,
			updated: updated ?? 0,
			skipped: skipped ?? 0,
			errored: errored ?? 0,
			warnings: warnings ?? 0,
		}))
		.reduce(addCounts, noCounts);
}

/** An execution as the outside sees it (SPEC 13). `waitingFor` counts for queued ones, and for one whose end a full disk keeps from being written. */
export function toExecution(stored: StoredExecution, folder: ExecutionFolder, waitingFor: string | null): Execution {
	const {progress} = stored;
	return {
		id: stored.id,
		connector: stored.connector,
		operation: stored.operation,
		objects: stored.objects,
		mode: stored.mode,
		status: stored.status,
		waiting_for: stored.status === 'queued' || (stored.status === 'running' && waitingFor === 'disk') ? waitingFor : null,
		input_file: stored.inputName,
		rows: progress?.rows ?? {input: null, by_scope: {}},
		counts: countsOf(progress),
		stages: progress?.stages ?? [],
		artifacts:
			stored.clearedAt !== null
				? {input: null, sql_output: null, report: null}
				: {
						input: stored.inputName === null ? null : folder.input(stored.inputName),
						sql_output: within(folder, progress?.artifacts.sql_output),
						report: within(folder, progress?.artifacts.report),
						...(progress?.artifacts.export !== undefined && {export: progress.artifacts.export}),
					},
		queued_at: stored.queuedAt,
		started_at: stored.startedAt,
		ended_at: stored.endedAt,
		took_ms: progress?.took_ms ?? null,
		started_by: stored.startedBy,
		cleared_at: stored.clearedAt,
		engine: progress?.engine ?? null,
		walls: progress?.walls ?? [],
		warnings: progress?.warnings ?? [],
		error: stored.error,
		acknowledged_at: stored.ackedAt,
	};
}

/** An artifact by the folder that the execution has now: the path that its runner told is of the folder it had then. */
function within(folder: ExecutionFolder, path: string | null | undefined): string | null {
	return path == null ? null : join(folder.path, basename(path));
}
