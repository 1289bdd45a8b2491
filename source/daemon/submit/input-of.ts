import {basename} from 'node:path';
import type {RunRequest} from '../../api/contract.js';
import type {Connector, Source} from '../../model/connector.js';
import {SluiceError} from '../../model/errors.js';
import type {Rooms} from '../rooms.js';
import {inScratch, isFetched, look} from '../source/look.js';
import {sourceText} from '../source/marks.js';
import {sourceFiles} from '../source/source-files.js';
import {type FileConnector, newFiles} from '../source/take-files.js';
import {scheduleFile} from './schedule-file.js';
import type {Submission} from './submit.js';

/** An input, with what is remembered of its source when a live execution of it is accepted. */
export type GivenInput = Pick<Submission, 'input' | 'accepted' | 'notes'>;

/**
 * Finds the input of a run by hand, and does `work` with it: the file that was named; else the connector's source, whatever was taken from
 * it before; else, for a dry run, the sample (SPEC 13).
 *
 * @throws SluiceError `usage.invalid` where nothing was named that is needed, `run.input_missing`, `source.failed`, and what the source says
 */
export async function withInput<Result>(
	rooms: Rooms,
	connector: Connector,
	{input, mode}: Pick<RunRequest, 'input' | 'mode'>,
	work: (given: GivenInput) => Promise<Result>,
): Promise<Result> {
	const {source, sampleFile} = connector;
	if (connector.operation === 'export') {
		if (input === null) return await work({input: null});
		throw new SluiceError('usage.invalid', `${connector.apiName} is an export, which reads no file`, {where: input});
	}
	if (input !== null) return await work({input: {path: input, name: basename(input)}});
	if (source) return await withSource(rooms, {...connector, source}, mode, work);
	if (mode === 'dry' && sampleFile !== null) return await work({input: {path: sampleFile, name: basename(sampleFile)}});
	if (connector.type !== 'schedule') {
		throw new SluiceError('usage.invalid', `A live run of ${connector.apiName} needs an input file`, {
			cure: 'Name the file with --input FILE.',
		});
	}
	const made = await scheduleFile(rooms.paths, new Date());
	try {
		return await work({input: made});
	} finally {
		await made.remove();
	}
}

async function withSource<Result>(
	rooms: Rooms,
	connector: Connector & {readonly source: Source},
	mode: RunRequest['mode'],
	work: (given: GivenInput) => Promise<Result>,
): Promise<Result> {
	const {control} = rooms;
	const {apiName, source} = connector;
	if (!isFetched(connector)) return await work(await nextFile(rooms, connector as FileConnector, mode));
	return await inScratch(rooms, async (scratch) => {
		const found = await look(rooms, connector, null, scratch);
		if (!found.changed) throw new SluiceError('source.failed', 'The source gave nothing, although nothing was compared');
		const accepted = (id: string): void => void control.sources.take(apiName, sourceText(source), found.mark, id);
		return await work({input: found.input, notes: found.notes, ...(mode === 'live' && {accepted})});
	});
}

/** The file that the clock would take next; where it has taken them all, the newest once more. */
async function nextFile(rooms: Rooms, connector: FileConnector, mode: RunRequest['mode']): Promise<GivenInput> {
	const {apiName, source} = connector;
	const all = await sourceFiles(source.file);
	const newest = all.at(-1);
	const next = (await newFiles(rooms, connector, {remember: false})).files[0] ?? (newest && {...newest, mark: newest.stat});
	if (!next) throw new SluiceError('run.input_missing', 'The source holds no file', {where: source.file});
	const {path, stat, mark} = next;
	const accepted = (execution: string): void => void rooms.control.sources.takeFile({connector: apiName, path, stat, mark, execution});
	return {input: next, ...(mode === 'live' && {accepted})};
}
