import {readdirSync, readFileSync, rmSync} from 'node:fs';
import {rm} from 'node:fs/promises';
import {join} from 'node:path';
import {writeWholeNow} from '../../platform/files/whole-file.js';
import type {MemoryMark} from '../../store/record-store.js';
import type {Progress} from '../protocol.js';

/** What stands once the input is typed: from here on nothing is run again, the tables of the folder are read. */
export type Prepared = {
	readonly progress: Progress;
	/** Rows of each scope that load steps work on. */
	readonly scopes: readonly PreparedScope[];
	/** Whether an unchanged row is skipped in this run. */
	readonly diff: boolean;
	/** The memory of earlier runs, where every row that it remembers came again in this one. */
	readonly standing: MemoryMark | null;
};

/** `invalid` rows were skipped for a required value; `warned` rows carry a warning. */
export type PreparedScope = {readonly scope: string; readonly rows: number; readonly invalid: number; readonly warned: number};

/** The folder in an execution's own for what its record store makes and lets go of with each chunk. */
export const staged = 'staged';

const fileOf = (folder: string) => join(folder, 'prepared.json');

/** What an earlier runner of this execution prepared, or null when it did not get that far. */
export function readPrepared(folder: string): Prepared | null {
	try {
		return JSON.parse(readFileSync(fileOf(folder), 'utf8')) as Prepared;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
		throw error;
	}
}

export function writePrepared(folder: string, prepared: Prepared): void {
	writeWholeNow(fileOf(folder), JSON.stringify(prepared));
}

/** Takes away what a runner left that did not finish preparing, so that the next one starts clean: its SQL is run again. */
export function discardUnprepared(folder: string): void {
	for (const name of ['chdb', 'pages', 'segments', 'sql-output.zip']) rmSync(join(folder, name), {recursive: true, force: true});
}

/** Takes away the artifacts that an earlier runner was killed over: each is written under another name until it is whole. */
export function discardUnfinishedArtifacts(folder: string): void {
	for (const name of readdirSync(folder)) if (/^\..*\.partial$/.test(name)) rmSync(join(folder, name), {force: true});
}

/** Takes away what an execution that has ended needs no more: its rows are in its tables. Whatever cannot be removed is left; it only takes room. */
export async function discardParts(folder: string): Promise<void> {
	await Promise.allSettled(['pages', 'segments', staged].map((name) => rm(join(folder, name), {recursive: true, force: true})));
}
