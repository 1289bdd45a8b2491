import {createHash} from 'node:crypto';
import {setTimeout as pause} from 'node:timers/promises';
import {withWaitCure} from '../../engine/intake/taken-too-soon.js';
import type {Connector, Source} from '../../model/connector.js';
import {SluiceError} from '../../model/errors.js';
import {diskTroubleOf} from '../../platform/disk-trouble.js';
import {failpoint} from '../../platform/failpoint.js';
import {clockActor, Withdrawn} from '../clock/actor.js';
import type {TakenFile} from '../control/sources.js';
import type {Services} from '../services.js';
import {fromSource} from '../submit/from-source.js';
import {submit} from '../submit/submit.js';
import {isMarkerName, markAndMarker, markerOf, withMarker} from './done-marker.js';
import {checksumOf, sourceText, tokenFile, tokenOf} from './fingerprints.js';
import {leftAloneFact, leftAloneOf} from './left-alone.js';
import {isOnNetworkShare} from './network-share.js';
import {openRegular} from './open-regular.js';
import {failAtSource} from './record-failure.js';
import {type Settle, seemStill, settleSecondsHere, settleSecondsOnShare} from './settled-files.js';
import {folderOf, isUntouched, type LeftAlone, lookFor, type SourceFile} from './source-files.js';
import type {Tick} from './types.js';

export type FileConnector = Connector & {readonly source: Extract<Source, {file: string}>};

/** A file that is still being written after this long is left to the next tick. */
const patienceMs = 300_000;

/** A whole file that no execution has taken. */
export type NewFile = SourceFile & {
	/** What freshness compares, with the marker that says that the file is whole. */
	readonly mark: string;
	/** The execution that took another file of this path before. */
	readonly takenBefore: string | null;
};

/** What a file source holds now and no execution has taken. */
export type FilesFound = {
	/** The oldest first. */
	readonly whole: readonly NewFile[];
	readonly unfinished: readonly (SourceFile & {readonly lacks: 'rest' | 'marker'})[];
	/** The token that says that there is something new, where one does. */
	readonly token: string | null;
};

/**
 * Takes the new files of a file source, the oldest first, each into an execution of its own. Those that are still being written are waited
 * for. The tick is answered with the last of them; what was taken before a crash is not taken again.
 *
 * @throws SluiceError when a file cannot be read; the others are taken all the same
 */
export async function takeFiles(services: Services, connector: FileConnector, tick: Tick): Promise<'taken' | 'nothing new'> {
	const {control} = services;
	const {apiName, source} = connector;
	const text = sourceText(source);
	const {told} = control.sources.memory(apiName, text);
	const until = performance.now() + patienceMs;
	let taken: string | null = null;
	for (;;) {
		const {whole, unfinished, token} = await lookAtFiles(services, connector, 'take');
		failpoint('daemon.source.listed');
		let left = unfinished.filter(isWaitedFor).length;
		let unread: SluiceError | null = null;
		for (const file of whole) {
			if (tick.stopping.aborted) throw new Withdrawn(apiName);
			const outcome = await takeFile(services, connector, file, tick);
			if (outcome === 'changed') left++;
			else if (outcome instanceof SluiceError) unread ??= outcome;
			else taken = outcome.execution;
		}
		if (left === 0 || performance.now() > until) {
			if (taken === null && unread === null) return 'nothing new';
			const last = taken;
			control.together(() => {
				if (last === null) return;
				control.sources.take(apiName, text, token, last);
				// The failure answers the tick; what was told of it before holds.
				if (unread === null) control.ticks.answer(apiName, tick.at, last);
				else control.sources.tell(apiName, text, told);
			});
			if (unread !== null) throw unread;
			return 'taken';
		}
		await pause(lookAgainMs((await settleOf(source)).ms), undefined, {signal: tick.stopping}).catch(() => undefined);
		if (tick.stopping.aborted) throw new Withdrawn(apiName);
	}
}

/** How long size and time of a file must rest. */
export async function settleOf({file, settleSeconds}: FileConnector['source']): Promise<Settle> {
	if (settleSeconds !== undefined) return {ms: settleSeconds * 1_000, isGiven: true};
	return {ms: ((await isOnNetworkShare(folderOf(file))) ? settleSecondsOnShare : settleSecondsHere) * 1_000, isGiven: false};
}

/** After how long files that must rest so long are looked at again. */
export function lookAgainMs(settleMs: number): number {
	return Math.min(1_000, Math.max(20, settleMs / 4));
}

/** A file may wait for its marker for ever: an old one holds no tick. */
function isWaitedFor({lacks, changedMs}: FilesFound['unfinished'][number]): boolean {
	return lacks === 'rest' || Date.now() - changedMs < patienceMs;
}

/**
 * What of a file source no execution has taken yet, as its freshness sees it.
 *
 * @param purpose to `show`, one look must do, and nothing is remembered of it
 */
export async function lookAtFiles(
	services: Pick<Services, 'control' | 'stillFiles'>,
	{apiName, source}: FileConnector,
	purpose: 'take' | 'show',
): Promise<FilesFound> {
	const {control, stillFiles} = services;
	const {freshness, doneMarker} = source;
	const withToken = freshness !== null && typeof freshness === 'object' && 'changeToken' in freshness;
	const beside = withToken ? tokenFile(source.file, freshness.changeToken) : null;
	const token = beside === null ? null : await tokenOf(beside);
	if (beside !== null && (token === null || token === control.sources.memory(apiName, sourceText(source)).mark))
		return {whole: [], unfinished: [], token};
	const {files: all, leftAlone} = await lookFor(source.file);
	if (purpose === 'take') sayLeftAlone(control, apiName, leftAlone);
	const isOther = ({path, name}: SourceFile): boolean => path === beside || (doneMarker !== undefined && isMarkerName(doneMarker, name));
	const fresh = all
		.filter((file) => !isOther(file))
		.map((file) => withMemory(file, control.sources.file(apiName, file.path), token))
		.filter((file) => (freshness === 'checksum' ? file.statBefore !== file.stat : !file.isTaken));
	const settle = await settleOf(source);
	const {whole, unfinished} = await byWholeness(fresh, source, (files) =>
		purpose === 'take' ? stillFiles.of(apiName, files, settle) : seemStill(files, settle),
	);
	const found = freshness === 'checksum' ? await changedIn(whole, services, apiName, purpose) : whole;
	return {whole: found.map((file) => ({...file, mark: withMarker(file.mark, file.marker)})), unfinished, token};
}

type Fresh = SourceFile & {
	readonly mark: string;
	readonly takenBefore: string | null;
	readonly isTaken: boolean;
	readonly statBefore: string | null;
	readonly markBefore: string;
	/** The marker with which a file of this path was taken last. */
	readonly spent: string | null;
};

function withMemory(file: SourceFile, before: TakenFile | null, token: string | null): Fresh {
	const {mark: markBefore, marker: spent} = markAndMarker(before?.mark ?? '');
	const mark = token === null ? file.stat : `${token} ${file.stat}`;
	// Compare the state as well: a file that takes the place of one that left is new, even with the same size and time.
	const isTaken = markBefore === mark && (before?.state === 'taken' || before?.state === 'kept');
	return {...file, mark, takenBefore: before?.execution ?? null, isTaken, statBefore: before?.stat ?? null, markBefore, spent};
}

/** A marker says that a file is whole; without markers, and beside them where `settle` is given, rest says it. */
async function byWholeness(
	fresh: readonly Fresh[],
	{doneMarker, settleSeconds}: FileConnector['source'],
	still: (files: readonly Fresh[]) => Promise<readonly Fresh[]>,
): Promise<{whole: readonly (Fresh & {marker: string | null})[]; unfinished: FilesFound['unfinished']}> {
	const markers = new Map<string, string>();
	for (const file of doneMarker === undefined ? [] : fresh) {
		const marker = await markerOf(doneMarker ?? '', file, file.spent);
		if (marker !== null) markers.set(file.path, marker);
	}
	const lacks = doneMarker === undefined || settleSeconds !== undefined ? 'rest' : 'marker';
	const unmarked = fresh.filter(({path}) => !markers.has(path));
	const rested = new Set(lacks === 'rest' ? await still(unmarked) : []);
	return {
		whole: fresh
			.filter((file) => markers.has(file.path) || rested.has(file))
			.map((file) => ({...file, marker: markers.get(file.path) ?? null})),
		unfinished: unmarked.filter((file) => !rested.has(file)).map((file) => ({...file, lacks})),
	};
}

/** Those whose content is another one than before. */
async function changedIn<File extends Fresh>(
	files: readonly File[],
	{control}: Pick<Services, 'control'>,
	connector: string,
	purpose: 'take' | 'show',
): Promise<readonly File[]> {
	const changed: File[] = [];
	for (const file of files) {
		const sum = await checksumOf(file.path).catch((error: unknown) => {
			// It changed while it was read: the next look sees it. One that cannot be read is told when it is taken.
			if (!isUntouched(file) || isRefusal(error)) return null;
			throw error;
		});
		if (sum === null || !isUntouched(file)) changed.push(file);
		else if (sum !== file.markBefore) changed.push({...file, mark: sum});
		else if (purpose === 'take') control.sources.restat(connector, file.path, file.stat);
	}
	return changed;
}

/** One line in the history for as long as the same entries are left alone. */
function sayLeftAlone(control: Services['control'], connector: string, entries: readonly LeftAlone[]): void {
	const fact = leftAloneFact(connector);
	const told = createHash('sha256').update(JSON.stringify(entries)).digest('hex');
	const before = leftAloneOf(control, connector);
	if (told === before?.told || (before === null && entries.length === 0)) return;
	const files = entries.slice(0, 20).map(({path, is}) => `${path} is ${is}`);
	control.together(() => {
		control.facts.remember(fact, JSON.stringify({told, files, count: entries.length}));
		if (entries.length > 0) control.history.add(clockActor, {what: 'left alone', connector, detail: {files, count: entries.length}});
	});
}

/** @returns the execution that took it; `changed` when it did so meanwhile; the reason why it could not be read */
async function takeFile(
	services: Services,
	connector: FileConnector,
	file: NewFile,
	{at, notes}: Tick,
): Promise<{readonly execution: string} | 'changed' | SluiceError> {
	const {apiName} = connector;
	const {path} = file;
	const take = (execution: string): void => recordTaken(services, apiName, file, execution);
	try {
		await (await openRegular(path, file.identity)).close();
		const submission = fromSource(connector, file, {triggeredBy: 'source', detail: {tick: new Date(at).toISOString(), file: path}});
		return {execution: (await submit(services, {...submission, notes, accepted: take}, clockActor)).id};
	} catch (error) {
		if (error instanceof Changed) return 'changed';
		if (diskTroubleOf(error)) throw error;
		// Whatever is said of a file that is another one by now, or gone: it is looked at again.
		if (!isUntouched(file)) return 'changed';
		if (isRefusal(error)) return refusedFile(path, error);
		if (!(error instanceof SluiceError) || !error.code.startsWith('intake.')) throw error;
		return await failedFile(services, connector, error, take);
	}
}

/** A file whose content is not fit gives a failed execution, and counts as taken. */
async function failedFile(
	services: Services,
	connector: FileConnector,
	error: SluiceError,
	take: (execution: string) => void,
): Promise<{readonly execution: string} | 'changed'> {
	let failed = '';
	try {
		failAtSource(services, connector, withWaitCure(error, connector.source), (id) => {
			take(id);
			failed = id;
		});
	} catch (changed) {
		if (changed instanceof Changed) return 'changed';
		throw changed;
	}
	return {execution: failed};
}

/**
 * Writes down which execution takes a file. To be called in the transaction that accepts it.
 *
 * @throws Changed when the file is another one than was looked at, or was taken meanwhile: the acceptance is taken back
 */
export function recordTaken({control}: Pick<Services, 'control'>, connector: string, file: NewFile, execution: string): void {
	const {path, stat, mark, takenBefore} = file;
	if (!isUntouched(file) || (control.sources.file(connector, path)?.execution ?? null) !== takenBefore) throw new Changed(path);
	control.sources.takeFile({connector, path, stat, mark, execution});
}

/** The file is another one than was looked at. */
export class Changed extends Error {}

/** Whether the system refuses to open a file for this user. */
function isRefusal(error: unknown): error is NodeJS.ErrnoException {
	const {code} = error as NodeJS.ErrnoException;
	return code === 'EACCES' || code === 'EPERM';
}

function refusedFile(path: string, cause: unknown): SluiceError {
	return new SluiceError('source.failed', 'A file of the source cannot be read', {
		where: path,
		cure: 'Give the user that runs Sluice the right to read it: it is taken at the next look.',
		cause,
	});
}
