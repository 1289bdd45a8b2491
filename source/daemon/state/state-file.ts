import {closeSync, lstatSync, openSync, readFileSync} from 'node:fs';
import {writeWholeNow} from '../../platform/files/whole-file.js';
import {writeAllSync} from '../../platform/files/write-all.js';
import type {Generation} from '../../store/sqlite/probe.js';

/** `.sluice/state.json`: the databases that this workspace has used, as they were last seen. Null: there was none yet. */
export type UsedDatabases = {readonly control: Generation | null; readonly store: Generation | null};

/** One sector, so that a crash leaves the old text or the new one. */
const fileBytes = 512;

/** Null where there is none, or none that can be read. */
export function readStateFile(file: string): UsedDatabases | null {
	try {
		const {control, store} = JSON.parse(readFileSync(file, 'utf8')) as Partial<UsedDatabases>;
		return {control: generationIn(control), store: generationIn(store)};
	} catch {
		// why: without it the databases themselves say what they are; a power loss must not keep a workspace from starting
		return null;
	}
}

/** Writes in place once it is there: it needs no room on a disk that is full. The databases are synced before it, so it is never ahead of them. */
export function writeStateFile(file: string, used: UsedDatabases): void {
	const text = `${JSON.stringify(used).padEnd(fileBytes - 1)}\n`;
	const found = lstatSync(file, {throwIfNoEntry: false});
	if (!found?.isFile() || found.size !== Buffer.byteLength(text)) {
		writeWholeNow(file, text);
		return;
	}
	const handle = openSync(file, 'r+');
	try {
		writeAllSync(handle, text, 0);
	} finally {
		closeSync(handle);
	}
}

function generationIn(value: Generation | null | undefined): Generation | null {
	return typeof value?.id === 'string' && typeof value.number === 'number' ? {id: value.id, number: value.number} : null;
}
