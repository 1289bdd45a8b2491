import {basename} from 'node:path';
import type {ReadProposal} from '../../model/read-options.js';
import {listTables} from '../../report/tables.js';
import {proposeRead, withProposal} from '../intake/propose-read.js';
import {readingOf} from '../intake/reading.js';
import type {ShortTask} from '../protocol.js';
import {inferVariables, type Proposal} from '../variables/infer.js';
import {onSample} from './sample-tables.js';

type InferTask = Extract<ShortTask, {task: 'infer'}>;

/**
 * What the sample asks for: the keys of `read` that it needs, and variables for what the SQL then makes of it, for every scope (SPEC 4, 6).
 *
 * @throws SluiceError `intake.*`, `sql.*`
 */
export async function inferFromSample(task: InferTask): Promise<{readonly read: ReadProposal; readonly items: readonly Proposal[]}> {
	const {connector, limits} = task;
	const {sampleFile} = connector;
	const read: ReadProposal =
		sampleFile === null ? {notes: []} : await proposeRead(sampleFile, basename(sampleFile), limits.maxInputBytes, readingOf(connector));
	const asProposed = {...task, connector: {...connector, read: withProposal(connector.read, read)}};
	const items = await onSample(asProposed, async (worker, {locale}) => {
		const proposals: Proposal[] = [];
		for (const {table} of await listTables(worker)) {
			if (!table.startsWith('sql:') || table.endsWith('errors')) continue;
			proposals.push(...(await inferVariables(worker, table.slice('sql:'.length), locale)));
		}
		return proposals;
	});
	return {read, items};
}
