import {closeSync, openSync, writeSync} from 'node:fs';
import {join} from 'node:path';
import {literal} from '../../model/sql-text.js';
import type {RememberedRows} from '../../store/record-store.js';

/** What earlier executions remembered of one scope, as the engine reads it. */
export type MemoryFile = {
	/** Absolute; `memoryStructure` in RowBinary. */
	readonly path: string;
	/** The executions that wrote the rows; the file names them by their place here, from 1. */
	readonly since: readonly string[];
};

const bytesPerRow = 20;

/** As SQL: the memory's rows as `hash` and `since`. */
export function memoryRows({path, since}: MemoryFile): string {
	const names = `[${since.map(literal).join(', ')}]`;
	const named = since.length === 0 ? "''" : `CAST(${names} AS Array(String))[number]`;
	return `SELECT hash, ${named} AS since FROM file(${literal(path)}, 'RowBinary', 'hash FixedString(16), number UInt32')`;
}

/**
 * Writes what earlier executions remembered of a scope where the engine can read it: the sandbox never sees the store, and as text in a
 * statement a million hashes take ten times as long.
 *
 * @param folder the execution's, absolute; a file of the same name is written anew
 */
export async function writeMemory(folder: string, number: number, batches: AsyncIterable<RememberedRows>): Promise<MemoryFile> {
	const path = join(folder, `memory-${number}.bin`);
	const since: string[] = [];
	const file = openSync(path, 'w', 0o600);
	try {
		for await (const batch of batches) {
			let place = since.indexOf(batch.since) + 1;
			if (place === 0) place = since.push(batch.since);
			const bytes = rowsOf(batch.hashes, place);
			for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
		}
	} finally {
		closeSync(file);
	}
	return {path, since};
}

function rowsOf(hashes: Uint8Array, place: number): Buffer {
	const rows = Buffer.allocUnsafe((hashes.length / 16) * bytesPerRow);
	for (let from = 0, to = 0; from < hashes.length; from += 16, to += bytesPerRow) {
		rows.set(hashes.subarray(from, from + 16), to);
		rows.writeUInt32LE(place, to + 16);
	}
	return rows;
}
