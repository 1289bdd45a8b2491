import {basename} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import type {RunRequest} from '../../api/contract.js';
import type {Connector, Source} from '../../model/connector.js';
import {SluiceError} from '../../model/errors.js';
import type {Services} from '../services.js';
import {sourceText} from '../source/fingerprints.js';
import {inScratch, isFetched, look} from '../source/poll-source.js';
import {type SourceFile, sourceFiles} from '../source/source-files.js';
import {Changed, type FileConnector, lookAgainMs, lookAtFiles, type NewFile, recordTaken, settleOf} from '../source/take-files.js';
import {keptInput} from './kept-input.js';
import {scheduleFile} from './schedule-file.js';
import type {Submission} from './submit.js';
import {type Upload, withUpload} from './upload.js';

/** An input, with what is remembered of its source when a live execution of it is accepted. */
export type GivenInput = Pick<Submission, 'input' | 'accepted' | 'notes'> & {
	/** The execution whose input it is. */
	readonly of?: string;
};

/**
 * Finds the input of a run by hand, and does `work` with it: the file that was sent, or the kept input of an earlier execution; else the
 * connector's source, whatever was taken from it before; else, for a dry run, the sample (SPEC 13).
 *
 * @throws SluiceError `usage.invalid` where nothing was named that is needed, `run.input_missing`, `source.failed`, and what the source says
 */
export async function withInput<Result>(
	services: Services,
	connector: Connector,
	{upload, inputOf, mode}: Pick<RunRequest, 'mode'> & {readonly upload: Upload | null; readonly inputOf: string | null},
	work: (given: GivenInput) => Promise<Result>,
): Promise<Result> {
	const {source, sampleFile} = connector;
	if (connector.operation === 'export') {
		if (upload === null && inputOf === null) return await work({input: null});
		throw new SluiceError('usage.invalid', `${connector.apiName} is an export, which reads no file`, {
			where: upload?.name ?? inputOf ?? undefined,
		});
	}
	if (inputOf !== null) {
		const earlier = services.control.executions.find(inputOf);
		return await work({input: keptInput(services, earlier), of: earlier.id});
	}
	if (upload !== null) return await withUpload(services, upload, (received) => work({input: received}));
	if (source) return await withSource(services, {...connector, source}, mode, work);
	if (mode === 'dry' && sampleFile !== null) return await work({input: {path: sampleFile, name: basename(sampleFile)}});
	if (connector.type !== 'schedule') throw noInput(connector.apiName, mode);
	const made = await scheduleFile(services.paths, new Date());
	try {
		return await work({input: made});
	} finally {
		await made.remove();
	}
}

function noInput(name: string, mode: RunRequest['mode']): SluiceError {
	if (mode === 'live') {
		return new SluiceError('usage.invalid', `A live run of ${name} needs an input file`, {cure: 'Name the file with --input FILE.'});
	}
	return new SluiceError('usage.invalid', `A dry run of ${name} needs an input file: it has neither a source nor a sample`, {
		cure: 'Name the file with --input FILE, or a sample with sample_file in its connector.yaml.',
	});
}

async function withSource<Result>(
	services: Services,
	connector: Connector & {readonly source: Source},
	mode: RunRequest['mode'],
	work: (given: GivenInput) => Promise<Result>,
): Promise<Result> {
	const {control} = services;
	const {apiName, source} = connector;
	if (!isFetched(connector)) return await work(await nextFile(services, connector as FileConnector, mode));
	return await inScratch(services, async (scratch) => {
		const found = await look(services, connector, null, scratch);
		if (!found.changed) throw new SluiceError('source.failed', 'The source gave nothing, although nothing was compared');
		const accepted = (id: string): void => void control.sources.take(apiName, sourceText(source), found.mark, id);
		return await work({input: found.input, notes: found.notes, ...(mode === 'live' && {accepted})});
	});
}

/** A person waits no longer for a file to come to rest. */
const patienceMs = 11_000;

/** The file that the clock would take next; where it has taken them all, the newest once more. */
async function nextFile(services: Services, connector: FileConnector, mode: RunRequest['mode']): Promise<GivenInput> {
	const {apiName, source} = connector;
	const newest = async (): Promise<SourceFile> => {
		const last = (await sourceFiles(source.file)).at(-1);
		if (last) return last;
		throw new SluiceError('run.input_missing', 'The source holds no file', {where: source.file});
	};
	if (mode === 'dry') return {input: (await firstSeen(services, connector)) ?? (await newest())};
	const file = (await firstWhole(services, connector)) ?? onceMore(services, apiName, await newest());
	return {
		input: file,
		accepted(execution) {
			try {
				recordTaken(services, apiName, file, execution);
			} catch (error) {
				throw error instanceof Changed ? changedMeanwhile(file.path) : error;
			}
		},
	};
}

function onceMore({control}: Services, connector: string, file: SourceFile): NewFile {
	const before = control.sources.file(connector, file.path);
	return {...file, mark: before?.mark ?? file.stat, takenBefore: before?.execution ?? null};
}

/** For a dry run, which takes nothing, one that is still being written will do. */
async function firstSeen(services: Services, connector: FileConnector): Promise<SourceFile | null> {
	const {whole, unfinished} = await lookAtFiles(services, connector, 'show');
	return whole[0] ?? unfinished[0] ?? null;
}

/** The next whole one, waited for a little; null where all were taken. @throws SluiceError `source.failed` when none is whole yet */
async function firstWhole(services: Services, connector: FileConnector): Promise<NewFile | null> {
	const {ms: settleMs, isGiven} = await settleOf(connector.source);
	const until = performance.now() + (isGiven ? Math.min(patienceMs, settleMs + 2 * lookAgainMs(settleMs)) : patienceMs);
	for (;;) {
		const {whole, unfinished} = await lookAtFiles(services, connector, 'take');
		const [next] = whole;
		if (next) return next;
		const [first] = unfinished;
		if (!first) return null;
		if (performance.now() >= until) throw unfinishedFile(first, settleMs);
		await pause(lookAgainMs(settleMs));
	}
}

function unfinishedFile({path, lacks}: SourceFile & {readonly lacks: 'rest' | 'marker'}, settleMs: number): SluiceError {
	if (lacks === 'marker') {
		return new SluiceError('source.failed', 'The file is without the marker that says that it is whole', {
			where: path,
			cure: 'Put the marker of source.done_marker beside it, or name the file with --input.',
		});
	}
	return new SluiceError('source.failed', 'The file is still being written', {
		where: path,
		expected: `no change for ${settleMs / 1_000} seconds, and no program that has it open for writing`,
		cure: 'Run it again later, or name the file with --input.',
	});
}

function changedMeanwhile(path: string): SluiceError {
	return new SluiceError('source.failed', 'The file changed, or was taken by the schedule, while it was being read', {
		where: path,
		cure: 'Run it again.',
	});
}
