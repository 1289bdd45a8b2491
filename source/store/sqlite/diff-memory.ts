import {SluiceError} from '../../model/errors.js';
import type {MemoryKey, MemoryMark, MemoryState, NewMemory, RememberedRows, StandingRows} from '../record-store.js';
import {hasTable, type Schema} from './catalogue.js';
import type {Database} from './connection.js';

/*
 * The memory of the diff check (SPEC 7): generations of hashes. A run writes a new one beside the current one; it takes effect whole when the
 * run's load ends, or never. The connector's variables and load steps are its `signature`: under another one a memory is void.
 */

type Generation = {readonly generation: number; readonly signature: string};

function currentOf(db: Database, schema: Schema, connector: string): Generation | undefined {
	if (!hasTable(db, schema, 'diff_generation')) return undefined;
	const find = db.prepare(`SELECT generation, signature FROM ${schema}.diff_generation WHERE connector = ? AND state = 'current'`);
	return find.get(connector) as Generation | undefined;
}

export function memoryState(db: Database, schema: Schema, {connector, signature}: MemoryKey): MemoryState {
	const current = currentOf(db, schema, connector);
	if (!current) return 'none';
	return current.signature === signature ? 'remembered' : 'void';
}

/** The remembered rows of a scope. Empty for a void memory. */
export function* rememberedBlocks(db: Database, schema: Schema, key: MemoryKey & {readonly scope: string}): Iterable<StandingRows> {
	const current = currentOf(db, schema, key.connector);
	if (current?.signature !== key.signature) return;
	const next = db.prepare(
		`SELECT block, since, hashes FROM ${schema}.diff_block WHERE generation = ? AND scope = ? AND block > ? ORDER BY block LIMIT 1`,
	);
	let after = 0;
	for (;;) {
		const found = next.get(current.generation, key.scope, after) as {block: number; since: string; hashes: Buffer} | undefined;
		if (!found) return;
		after = found.block;
		yield {hashes: found.hashes, since: found.since, generation: current.generation};
	}
}

/** Begins a generation, instead of one that an earlier runner of the same execution left unfinished. Returns its number. */
export function beginGeneration(db: Database, {connector, signature}: MemoryKey, execution: string): number {
	dropUnfinished(db, execution);
	const begin = db.prepare(`INSERT INTO diff_generation (connector, signature, execution, state) VALUES (?, ?, ?, 'new')`);
	return Number(begin.run(connector, signature, execution).lastInsertRowid);
}

/** Takes away what a run wrote that will not finish. */
export function dropUnfinished(db: Database, execution: string): void {
	const left = db.prepare(`SELECT generation FROM diff_generation WHERE execution = ? AND state = 'new'`).pluck().all(execution);
	for (const generation of left as number[]) dropGeneration(db, generation);
}

function dropGeneration(db: Database, generation: number): void {
	db.prepare('DELETE FROM diff_block WHERE generation = ?').run(generation);
	db.prepare('DELETE FROM diff_generation WHERE generation = ?').run(generation);
}

/** Adds rows to an unfinished generation. */
export function addHashes(db: Database, generation: number, scope: string, {hashes, since}: RememberedRows): void {
	if (hashes.length % 16 !== 0) throw new SluiceError('internal', 'A row hash is not 16 bytes long.', {where: scope});
	if (hashes.length === 0) return;
	db.prepare('INSERT INTO diff_block (generation, scope, since, hashes) VALUES (?, ?, ?, ?)').run(generation, scope, since, hashes);
}

/**
 * Makes a generation the current one, in place of the connector's last; or adds it to the current one, unless that is void.
 *
 * @returns false, with nothing done, where the one it was to be added onto is not the current one any more, or holds other rows
 */
export function flipGeneration(db: Database, {generation, add, onto}: NewMemory): boolean {
	const own = db.prepare('SELECT connector, signature FROM diff_generation WHERE generation = ?').get(generation) as MemoryKey | undefined;
	if (!own) throw new SluiceError('internal', `Diff generation ${generation} is not there.`);
	const current = currentOf(db, 'main', own.connector);
	const stands = current?.signature === own.signature;
	if (onto && !(stands && isStill(db, current.generation, onto))) return false;
	if (stands && (add || onto)) {
		db.prepare('UPDATE diff_block SET generation = ? WHERE generation = ?').run(current.generation, generation);
		dropGeneration(db, generation);
		return true;
	}
	if (current) dropGeneration(db, current.generation);
	db.prepare(`UPDATE diff_generation SET state = 'current' WHERE generation = ?`).run(generation);
	return true;
}

function isStill(db: Database, current: number, {generation, rows}: MemoryMark): boolean {
	if (current !== generation) return false;
	const held = db.prepare('SELECT ifnull(sum(length(hashes)), 0) FROM diff_block WHERE generation = ?').pluck().get(generation);
	return Number(held) === rows * 16;
}
