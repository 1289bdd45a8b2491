import {existsSync} from 'node:fs';
import {unlink} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import type {FileRequest, Retention as Rule} from '../../model/connector.js';
import {defaultReadOptions} from '../../model/read-options.js';
import {failpoint} from '../../platform/failpoint.js';
import {systemActor} from '../control/history.js';
import type {TakenFile} from '../control/sources.js';
import type {StoredExecution} from '../control/stored-execution.js';
import {readSnapshot} from '../dispatch/snapshot.js';
import type {Services} from '../services.js';
import {markAndMarker, markerPath} from '../source/done-marker.js';
import {folderOf, type SourceFile, statOf} from '../source/source-files.js';
import {moveFile} from './move-file.js';
import {keepSample} from './sample.js';
import {numbered, putBack, setAside, takeAway} from './set-aside.js';
import {inTargetFolder} from './target-folder.js';

/**
 * Does with a source's file what the retention says, once the execution that took it has ended and its report is on disk (SPEC 11). A file
 * that is another one by now is left alone. Every step can be done again: after a crash the next call finishes it.
 */
export async function settleFile(services: Services, taken: TakenFile): Promise<void> {
	const {control, paths, configuration} = services;
	const stored = control.executions.known(taken.execution);
	if (stored.endedAt === null) return;
	const snapshot = await readSnapshot(paths.execution(stored.id).configuration);
	const rule = snapshot?.connector.source?.retention ?? null;
	if (rule === null || !goes(rule, stored)) {
		control.sources.settle(taken, 'kept');
		return;
	}
	if (!hasReport(services, stored)) return;
	failpoint('daemon.retention.begun');
	if (rule.maskedSample) await keepSample(services, stored, rule.maskedSample, snapshot?.connector.read ?? defaultReadOptions);
	failpoint('daemon.retention.sampled');
	if (rule.afterSuccess === 'keep') control.sources.settle(taken, 'kept');
	else {
		const source = snapshot?.connector.source ?? null;
		const request: FileRequest = source !== null && 'file' in source ? source : {file: taken.path};
		if (rule.afterSuccess === 'delete') await remove(services, taken);
		else
			await move(services, taken, rule.to ?? '', {
				date: dayOf(stored.endedAt, configuration.locale.timezone),
				ours: folderOf(request.file),
			});
		if (request.doneMarker !== undefined) await removeMarker(taken, request.doneMarker);
	}
	failpoint('daemon.retention.settled');
}

async function remove(services: Services, taken: TakenFile): Promise<void> {
	const aside = await setAside(taken);
	if (aside !== null) await unlink(aside);
	else if (await statOf(taken.path)) return settled(services, taken, 'gone', {});
	failpoint('daemon.retention.removed');
	settled(services, taken, 'deleted', {file: taken.path});
}

async function move(
	services: Services,
	taken: TakenFile,
	to: string,
	where: {readonly date: string; readonly ours: string},
): Promise<void> {
	const name = basename(taken.path);
	const moved = await inTargetFolder(to, where, async (folder) => {
		const aside = await setAside(taken);
		if (aside === null) return await movedBefore(taken, folder);
		try {
			return await moveFile(aside, folder, name, taken.execution);
		} catch (error) {
			// It waits under its own name until it can be moved.
			await putBack(aside, taken.path);
			throw error;
		}
	});
	failpoint('daemon.retention.moved');
	if (moved === null) settled(services, taken, 'gone', {});
	else settled(services, taken, 'moved', {file: taken.path, to: join(to.replaceAll('{date}', where.date), basename(moved))});
}

/** Where a file is that the last daemon moved without living to write it down. */
async function movedBefore({path, stat}: TakenFile, folder: string): Promise<string | null> {
	if (await statOf(path)) return null;
	for (let number = 1; ; number++) {
		const there = await statOf(numbered(join(folder, basename(path)), number));
		if (there === null || isCopyOf(stat, there)) return there?.path ?? null;
	}
}

/** A copy on another file system keeps its time to about a millisecond. */
function isCopyOf(stat: string, {sizeBytes, modifiedMs}: SourceFile): boolean {
	const [size = '', nanoseconds = '0'] = stat.split(' ');
	return size === String(sizeBytes) && Math.abs(Number(BigInt(nanoseconds) / 1_000_000n) - modifiedMs) <= 1;
}

/** A marker goes with its file, unless it is a newer one. */
async function removeMarker({path, mark, execution}: TakenFile, template: string): Promise<void> {
	const {marker} = markAndMarker(mark);
	const there = marker === null ? null : await statOf(markerPath(template, path));
	if (there?.version !== marker || there === null) return;
	const aside = await takeAway(there.path, join(dirname(path), `.sluice-${execution}-marker`), there.stat);
	if (aside !== null) await unlink(aside);
}

function settled(
	{control}: Services,
	taken: TakenFile,
	state: 'moved' | 'deleted' | 'gone',
	detail: Readonly<Record<string, string>>,
): void {
	control.together(() => {
		control.sources.settle(taken, state);
		if (state === 'gone') return;
		control.history.add(systemActor, {what: `source file ${state}`, connector: taken.connector, execution: taken.execution, detail});
	});
}

/** Whether the rule reaches a file whose execution ended so: after a success, and after a failure only where that is asked for. */
function goes({keepFailed}: Rule, {status}: StoredExecution): boolean {
	return status === 'completed' || status === 'warning' || (status === 'failed' && !keepFailed);
}

function hasReport({views}: Services, stored: StoredExecution): boolean {
	const {report} = views.execution(stored).artifacts;
	return report !== null && existsSync(report);
}

/** The calendar day of an instant in a time zone, `YYYY-MM-DD`. */
function dayOf(instant: string, timeZone: string): string {
	return new Intl.DateTimeFormat('en-CA', {timeZone, year: 'numeric', month: '2-digit', day: '2-digit'}).format(new Date(instant));
}
