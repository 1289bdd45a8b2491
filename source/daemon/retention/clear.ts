import {existsSync} from 'node:fs';
import {readdir, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {failpoint} from '../../engine/failpoint.js';
import {defaultKeepDays} from '../../model/connector.js';
import {readSnapshot} from '../dispatch/snapshot.js';
import type {Rooms} from '../rooms.js';
import {keepSample} from './sample.js';

const dayMs = 86_400_000;
const atOnce = 50;

/**
 * Clears the files of executions that ended longer ago than their connector's `keep_executions_days` (SPEC 11): input, tables and artifacts
 * go, counts and history stay for ever. @returns how many were cleared
 */
export async function clearExecutions(rooms: Rooms, stopping: AbortSignal): Promise<number> {
	const {control, configuration} = rooms;
	let cleared = 0;
	for (const name of control.executions.connectorsWithFiles()) {
		const entry = configuration.find(name);
		// why: what cannot be read at this moment may say that they are kept longer.
		if (entry && !entry.connector) continue;
		const days = entry?.connector?.settings.keepExecutionsDays ?? defaultKeepDays;
		const before = new Date(Date.now() - days * dayMs).toISOString();
		for (const id of control.executions.clearable(name, before, atOnce)) {
			if (stopping.aborted) return cleared;
			if (control.executions.isNeeded(id)) continue;
			await clear(rooms, id);
			cleared++;
		}
	}
	return cleared;
}

async function clear(rooms: Rooms, id: string): Promise<void> {
	const {control, paths, browse, dispatcher} = rooms;
	const folder = paths.execution(id);
	await dispatcher.left(id);
	const giveBack = await browse.reserve([id]);
	try {
		const connector = (await readSnapshot(folder.configuration))?.connector;
		const sample = connector?.source?.retention?.maskedSample;
		if (sample) await keepSample(rooms, control.executions.known(id), sample, connector.read);
		await rm(folder.path, {recursive: true, force: true, maxRetries: 3});
		failpoint('daemon.clearing.removed');
		control.executions.cleared(id, control.now());
		failpoint('daemon.clearing.recorded');
	} finally {
		giveBack();
	}
}

/** Removes what a crash left: folders of executions that were never accepted, and scratch. To be called before anything is accepted. */
export async function removeLeftovers({paths, control}: Pick<Rooms, 'paths' | 'control'>): Promise<void> {
	if (existsSync(paths.tasks)) {
		for (const name of await readdir(paths.tasks)) await rm(join(paths.tasks, name), {recursive: true, force: true});
	}
	if (!existsSync(paths.executions)) return;
	for (const id of await readdir(paths.executions)) {
		if (/^[0-9a-f-]{36}$/.test(id) && !control.executions.isThere(id)) await rm(paths.execution(id).path, {recursive: true, force: true});
	}
}
