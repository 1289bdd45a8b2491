import {createHash} from 'node:crypto';
import {lstatSync} from 'node:fs';
import {setTimeout as pause} from 'node:timers/promises';
import {failpoint} from '../../engine/failpoint.js';
import type {Connector, Source} from '../../model/connector.js';
import {SluiceError} from '../../model/errors.js';
import {clockActor, Withdrawn} from '../clock/actor.js';
import type {Rooms} from '../rooms.js';
import {fromSource} from '../submit/from-source.js';
import {submit} from '../submit/submit.js';
import {failAtSource} from './fail.js';
import type {Tick} from './found.js';
import {checksumOf, sourceText, tokenFile, tokenOf} from './marks.js';
import type {SourceFile} from './source-files.js';
import {type LeftAlone, lookFor} from './source-files.js';
import {StillFiles, stillMs} from './still.js';

export type FileConnector = Connector & {readonly source: Extract<Source, {file: string}>};

/** A file that is still being written after this long is left to the next tick. */
const patienceMs = 300_000;

/** Files that a source holds now and that no execution has taken, the oldest first, and the token that says so where one does. */
export type NewFiles = {readonly files: readonly (SourceFile & {readonly mark: string})[]; readonly token: string | null};

/**
 * Takes the new files of a file source, the oldest first, each into an execution of its own. Those that are still being written are waited
 * for. The tick is answered with the last of them; what was taken before a crash is not taken again.
 */
export async function takeFiles(rooms: Rooms, connector: FileConnector, tick: Tick): Promise<'taken' | 'nothing new'> {
	const {control} = rooms;
	const {apiName, source} = connector;
	const still = new StillFiles();
	const until = performance.now() + patienceMs;
	let taken: string | null = null;
	for (;;) {
		const {files, token} = await newFiles(rooms, connector, {remember: true});
		failpoint('daemon.source.listed');
		const ready = await still.of(files);
		let left = files.length;
		for (const file of ready) {
			const execution = await takeFile(rooms, connector, file, tick);
			if (execution === null) continue;
			taken = execution;
			left--;
		}
		if (left === 0 || performance.now() > until) {
			if (taken === null) return 'nothing new';
			const last = taken;
			control.together(() => {
				control.ticks.answer(apiName, tick.at, last);
				control.sources.take(apiName, sourceText(source), token, last);
			});
			return 'taken';
		}
		await pause(stillMs / 4, undefined, {signal: tick.stopping}).catch(() => undefined);
		if (tick.stopping.aborted) throw new Withdrawn(apiName);
	}
}

/** What of a file source no execution has taken yet, as its freshness sees it. `remember`: that a file was read and has not changed. */
export async function newFiles(
	{control}: Pick<Rooms, 'control'>,
	{apiName, source}: FileConnector,
	{remember}: {remember: boolean},
): Promise<NewFiles> {
	const {freshness} = source;
	const withToken = freshness !== null && typeof freshness === 'object' && 'changeToken' in freshness;
	const beside = withToken ? tokenFile(source.file, freshness.changeToken) : null;
	const token = beside === null ? null : await tokenOf(beside);
	if (beside !== null && (token === null || token === control.sources.memory(apiName, sourceText(source)).mark)) return {files: [], token};
	const files: (SourceFile & {mark: string})[] = [];
	const {files: all, leftAlone} = await lookFor(source.file);
	if (remember) sayLeftAlone(control, apiName, leftAlone);
	for (const file of all) {
		if (file.path === beside) continue;
		const before = control.sources.file(apiName, file.path);
		if (freshness !== 'checksum') {
			const mark = token === null ? file.stat : `${token} ${file.stat}`;
			// why the state: what comes to the place of a file that left it is new, however much it looks like it.
			const isTaken = before?.mark === mark && (before.state === 'taken' || before.state === 'kept');
			if (!isTaken) files.push({...file, mark});
			continue;
		}
		if (before?.stat === file.stat) continue;
		const sum = await checksumOf(file.path);
		if (before?.mark !== sum) files.push({...file, mark: sum});
		else if (remember) control.sources.restat(apiName, file.path, file.stat);
	}
	return {files, token};
}

/** One line in the history for as long as the same entries are left alone. */
function sayLeftAlone(control: Rooms['control'], connector: string, entries: readonly LeftAlone[]): void {
	const fact = `left alone in the source of ${connector}`;
	const told = createHash('sha256').update(JSON.stringify(entries)).digest('hex');
	const before = control.facts.recall(fact);
	if (told === before || (before === null && entries.length === 0)) return;
	control.together(() => {
		control.facts.remember(fact, told);
		if (entries.length === 0) return;
		const files = entries.slice(0, 20).map(({path, is}) => `${path} is ${is}`);
		control.history.add(clockActor, {what: 'left alone', connector, detail: {files, count: entries.length}});
	});
}

/** @returns the execution that took it; null when it changed meanwhile */
async function takeFile(
	rooms: Rooms,
	connector: FileConnector,
	file: SourceFile & {readonly mark: string},
	{at, notes}: Tick,
): Promise<string | null> {
	const {control} = rooms;
	const {apiName: name} = connector;
	const {path, stat, mark} = file;
	const take = (execution: string): void => {
		if (!isSame(file)) throw new Changed(path);
		control.sources.takeFile({connector: name, path, stat, mark, execution});
	};
	try {
		const submission = fromSource(connector, file, {triggeredBy: 'source', detail: {tick: new Date(at).toISOString(), file: path}});
		return (await submit(rooms, {...submission, notes, accepted: take}, clockActor)).id;
	} catch (error) {
		if (error instanceof Changed) return null;
		if (!(error instanceof SluiceError) || !error.code.startsWith('intake.')) throw error;
		let failed: string | null = null;
		failAtSource(rooms, connector, error, (id) => {
			take(id);
			failed = id;
		});
		return failed;
	}
}

/** The file is another one than was looked at. */
class Changed extends Error {}

function isSame({path, stat, identity}: SourceFile): boolean {
	const found = lstatSync(path, {bigint: true, throwIfNoEntry: false});
	if (!found?.isFile() || found.dev !== identity.device || found.ino !== identity.inode) return false;
	return `${found.size} ${found.mtimeNs}` === stat;
}
