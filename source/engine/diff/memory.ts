import {closeSync, openSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {enginePath} from '../../model/engine-path.js';
import {literal} from '../../model/sql-text.js';
import {writeAllSync} from '../../platform/files/write-all.js';
import type {MemoryMark, StandingRows} from '../../store/record-store.js';

/** What earlier executions remembered of one scope, as the engine reads it. */
export type MemoryFile = {
	/** Absolute; rows of `structure` in RowBinary. */
	readonly path: string;
	/** The executions that wrote the rows; the file names them by their place here, from 1. */
	readonly since: readonly string[];
	/** The memory it is of, and how many rows of it are here; null where there are none. */
	readonly of: MemoryMark | null;
};

/** A batch of hashes: who wrote them, and how many stand in the file before it. */
const structure = 'number UInt32, before UInt32, hashes Array(FixedString(16))';

/** As SQL: the memory's rows as `hash`, `number` of who wrote it (`sinceOf`), and `place` in the memory, no two alike. */
export function memoryRows({path}: MemoryFile): string {
	return `SELECT hash, number, toUInt32(before + nth) AS place FROM file(${literal(enginePath(path, dirname(path)))}, 'RowBinary', ${literal(structure)})
ARRAY JOIN hashes AS hash, arrayEnumerate(hashes) AS nth`;
}

/** As SQL: the execution that a `number` means. */
export function sinceOf({since}: MemoryFile, number: string): string {
	if (since.length === 0) return `toLowCardinality('')`;
	return `toLowCardinality(CAST([${since.map(literal).join(', ')}] AS Array(String))[${number}])`;
}

/**
 * Writes what earlier executions remembered of a scope where the engine can read it: the sandbox never sees the store, and as text in a
 * statement a million hashes take ten times as long.
 *
 * @param folder the execution's, absolute; a file of the same name is written anew
 */
export async function writeMemory(folder: string, number: number, batches: AsyncIterable<StandingRows>): Promise<MemoryFile> {
	const path = join(folder, `memory-${number}.bin`);
	const since: string[] = [];
	let of: MemoryMark | null = null;
	const file = openSync(path, 'w', 0o600);
	try {
		for await (const {generation, hashes, since: wroteIt} of batches) {
			let place = since.indexOf(wroteIt) + 1;
			if (place === 0) place = since.push(wroteIt);
			const before: number = of?.rows ?? 0;
			const count = hashes.length / 16;
			for (const bytes of [headOf(place, before, count), hashes]) writeAllSync(file, bytes);
			of = {generation, rows: before + count};
		}
	} finally {
		closeSync(file);
	}
	return {path, since, of};
}

/** RowBinary of a batch up to its hashes: two numbers, then the count, seven bits a byte, the lowest first. */
function headOf(number: number, before: number, count: number): Buffer {
	const numbers = Buffer.alloc(8);
	numbers.writeUInt32LE(number, 0);
	numbers.writeUInt32LE(before, 4);
	const digits: number[] = [];
	let rest = count;
	for (; rest >= 128; rest = Math.floor(rest / 128)) digits.push((rest % 128) + 128);
	digits.push(rest);
	return Buffer.concat([numbers, Buffer.from(digits)]);
}
