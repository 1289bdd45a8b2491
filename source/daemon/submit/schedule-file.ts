import {mkdir, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {writeNew} from '../../platform/files/new-file.js';
import {uuid7} from '../../platform/uuid7.js';
import type {Paths} from '../paths.js';

/** The input of a scheduled execution: one column, the time it was triggered for (SPEC 4). `remove` takes the draft away. */
export async function scheduleFile(paths: Paths, time: Date): Promise<{path: string; name: string; remove(): Promise<void>}> {
	await mkdir(paths.tasks, {recursive: true, mode: 0o700});
	const path = join(paths.tasks, `${uuid7()}.csv`);
	await writeNew(path, `schedule_trigger_time\n${time.toISOString()}\n`);
	return {path, name: 'schedule.csv', remove: () => rm(path, {force: true})};
}
