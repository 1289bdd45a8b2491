import {rm} from 'node:fs/promises';
import {setImmediate as turn} from 'node:timers/promises';
import {defaultKeepDays} from '../../model/connector.js';
import {failpoint} from '../../platform/failpoint.js';
import {readSnapshot} from '../dispatch/snapshot.js';
import type {Services} from '../services.js';
import {keepSample} from './sample.js';

const dayMs = 86_400_000;
const atOnce = 50;

/**
 * Clears the files of executions that ended longer ago than their connector's `keep_executions_days` (SPEC 11): input, tables and artifacts
 * go, counts and history stay for ever. @returns how many were cleared
 */
export async function clearExecutions(services: Services, stopping: AbortSignal): Promise<number> {
	const {control, configuration} = services;
	let cleared = 0;
	for (const name of control.executions.connectorsWithFiles()) {
		const entry = configuration.find(name);
		// why: what cannot be read at this moment may say that they are kept longer.
		if (entry && !entry.connector) continue;
		const days = entry?.connector?.settings.keepExecutionsDays ?? defaultKeepDays;
		const before = new Date(Date.now() - days * dayMs).toISOString();
		cleared += await clearOf(services, {connector: name, before}, stopping);
	}
	return cleared;
}

/** All that is due of one connector, some at a time. One that cannot be cleared does not hold up the others: it is tried again in an hour. */
async function clearOf(
	services: Services,
	{connector, before}: {connector: string; before: string},
	stopping: AbortSignal,
): Promise<number> {
	const {executions} = services.control;
	let cleared = 0;
	for (let after = 0; ; ) {
		const batch = executions.clearable(connector, before, after, atOnce);
		for (const {id} of batch) {
			if (stopping.aborted) return cleared;
			if (executions.isNeeded(id)) continue;
			try {
				await clear(services, id);
				cleared++;
			} catch (error) {
				services.log.error({err: error, execution: id}, 'the files of an old execution could not be cleared');
			}
		}
		const last = batch.at(-1);
		if (!last) return cleared;
		after = last.seq;
		await turn();
	}
}

async function clear(services: Services, id: string): Promise<void> {
	const {control, paths, browse, dispatcher} = services;
	const folder = paths.execution(id);
	await dispatcher.left(id);
	const giveBack = await browse.reserve([id]);
	try {
		const connector = (await readSnapshot(folder.configuration))?.connector;
		const sample = connector?.source?.retention?.maskedSample;
		if (sample) await keepSample(services, control.executions.known(id), sample, connector.read);
		await rm(folder.path, {recursive: true, force: true, maxRetries: 3});
		failpoint('daemon.clearing.removed');
		control.executions.cleared(id, control.now());
		failpoint('daemon.clearing.recorded');
	} finally {
		giveBack();
	}
}
