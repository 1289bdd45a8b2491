import {listTables} from '../../report/tables.js';
import type {ShortTask} from '../job.js';
import {inferVariables} from '../variables/infer.js';
import {onSample} from './sample-tables.js';

/** Variables proposed from what the SQL makes of the sample, for every scope (SPEC 6). */
export async function inferFromSample(task: Extract<ShortTask, {task: 'infer'}>): Promise<readonly unknown[]> {
	return onSample(task, async (worker, {locale}) => {
		const proposals: unknown[] = [];
		for (const {table} of await listTables(worker)) {
			if (!table.startsWith('sql:') || table.endsWith('errors')) continue;
			proposals.push(...(await inferVariables(worker, table.slice('sql:'.length), locale)));
		}
		return proposals;
	});
}
