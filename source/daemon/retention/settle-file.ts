import {existsSync} from 'node:fs';
import {unlink} from 'node:fs/promises';
import {basename, join} from 'node:path';
import {failpoint} from '../../engine/failpoint.js';
import type {Retention as Rule} from '../../model/connector.js';
import {defaultReadOptions} from '../../model/read-options.js';
import {itself} from '../control/history.js';
import type {TakenFile} from '../control/sources.js';
import type {StoredExecution} from '../control/stored-execution.js';
import {readSnapshot} from '../dispatch/snapshot.js';
import type {Rooms} from '../rooms.js';
import {statOf} from '../source/source-files.js';
import {moveFile} from './move-file.js';
import {keepSample} from './sample.js';

/**
 * Does with a source's file what the retention says, once the execution that took it has ended and its report is on disk (SPEC 11). A file
 * that is another one by now is left alone. Every step can be done again: after a crash the next call finishes it.
 */
export async function settleFile(rooms: Rooms, taken: TakenFile): Promise<void> {
	const {control, paths, configuration} = rooms;
	const stored = control.executions.known(taken.execution);
	if (stored.endedAt === null) return;
	const snapshot = await readSnapshot(paths.execution(stored.id).configuration);
	const rule = snapshot?.connector.source?.retention ?? null;
	if (rule === null || !goes(rule, stored)) {
		control.sources.settle(taken, 'kept');
		return;
	}
	if (!hasReport(rooms, stored)) return;
	failpoint('daemon.retention.begun');
	if (rule.maskedSample) await keepSample(rooms, stored, rule.maskedSample, snapshot?.connector.read ?? defaultReadOptions);
	failpoint('daemon.retention.sampled');
	const now = await statOf(taken.path);
	const isIt = now?.stat === taken.stat;
	if (rule.afterSuccess === 'keep') control.sources.settle(taken, 'kept');
	else if (rule.afterSuccess === 'delete') {
		if (now && !isIt) return settled(rooms, taken, 'gone', {});
		if (now) await unlink(taken.path);
		failpoint('daemon.retention.removed');
		settled(rooms, taken, 'deleted', {file: taken.path});
	} else {
		const day = dayOf(stored.endedAt, configuration.locale.timezone);
		const folder = (rule.to ?? '').replaceAll('{date}', day);
		const to = isIt ? await moveFile(taken.path, folder, basename(taken.path), stored.id) : await movedBefore(taken, folder, now !== null);
		if (to === null) settled(rooms, taken, 'gone', {});
		else settled(rooms, taken, 'moved', {file: taken.path, to});
	}
	failpoint('daemon.retention.settled');
}

/** Where a file is that the last daemon moved without living to write it down. */
async function movedBefore({path, stat}: TakenFile, folder: string, isTaken: boolean): Promise<string | null> {
	const there = isTaken ? null : await statOf(join(folder, basename(path)));
	return there?.stat === stat ? there.path : null;
}

function settled({control}: Rooms, taken: TakenFile, state: 'moved' | 'deleted' | 'gone', detail: Readonly<Record<string, string>>): void {
	control.together(() => {
		control.sources.settle(taken, state);
		if (state === 'gone') return;
		control.history.add(itself, {what: `source file ${state}`, connector: taken.connector, execution: taken.execution, detail});
	});
}

/** Whether the rule reaches a file whose execution ended so: after a success, and after a failure only where that is asked for. */
function goes({keepFailed}: Rule, {status}: StoredExecution): boolean {
	return status === 'completed' || status === 'warning' || (status === 'failed' && !keepFailed);
}

function hasReport({views}: Rooms, stored: StoredExecution): boolean {
	const {report} = views.execution(stored).artifacts;
	return report !== null && existsSync(report);
}

/** The calendar day of an instant in a time zone, `YYYY-MM-DD`. */
function dayOf(instant: string, timeZone: string): string {
	return new Intl.DateTimeFormat('en-CA', {timeZone, year: 'numeric', month: '2-digit', day: '2-digit'}).format(new Date(instant));
}
