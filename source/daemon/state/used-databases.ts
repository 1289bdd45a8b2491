import {existsSync, readdirSync, statSync} from 'node:fs';
import {SluiceError} from '../../model/errors.js';
import type {Problem} from '../../model/problem.js';
import {newestStoreVersion} from '../../store/sqlite/migrate.js';
import {type DatabaseKind, type Found, type Generation, probeDatabase} from '../../store/sqlite/probe.js';
import {newerControl, newestControlVersion} from '../control/open.js';
import type {Paths} from '../paths.js';
import {readStateFile, type UsedDatabases, writeStateFile} from './state-file.js';

/** A file up to this size is checked as a whole at every start; larger ones by `doctor`. */
const checkedAtStartBytes = 20_000_000;
const writeAfterMs = 100;

type Kind = DatabaseKind;

const held: Readonly<Record<Kind, string>> = {
	control: 'the queue, the executions and the history',
	store: 'the records',
};

/**
 * Whether the databases of a workspace are those it has used (SPEC 17): a missing, empty, older, damaged or other one in a workspace that was
 * in use is refused, so that nothing starts on an empty one by itself.
 *
 * @throws SluiceError `state.*`
 */
export function checkDatabases(paths: Paths, storeFile: string): void {
	const used = readStateFile(paths.stateFile);
	refuseUnfit('control', paths.control, wasControlUsed(paths, storeFile, used), used?.control ?? null);
	refuseUnfit('store', storeFile, used?.store != null, used?.store ?? null);
}

/** A workspace whose state file is lost, or was never written, was in use if anything else of its state is there. */
export function wasControlUsed({executions}: Paths, storeFile: string, used: UsedDatabases | null): boolean {
	if (used) return used.control !== null;
	return (existsSync(executions) && readdirSync(executions).length > 0) || (statSync(storeFile, {throwIfNoEntry: false})?.size ?? 0) > 0;
}

function refuseUnfit(kind: Kind, file: string, wasUsed: boolean, before: Generation | null): void {
	const size = statSync(file, {throwIfNoEntry: false})?.size ?? 0;
	const found = probeDatabase(file, kind, size <= checkedAtStartBytes ? 'quick_check' : 'head');
	const error = unfit(kind, file, found, wasUsed, before);
	if (error) throw error;
}

/** What keeps a database from being used; null when nothing does. */
export function unfit(kind: Kind, file: string, found: Found, wasUsed: boolean, before: Generation | null): SluiceError | null {
	const refused = (code: 'state.gone' | 'state.damaged' | 'state.older' | 'state.foreign', message: string) =>
		new SluiceError(code, message, {where: file});
	switch (found.is) {
		case 'missing':
		case 'empty':
			return wasUsed ? refused('state.gone', `The file that held ${held[kind]} of this workspace is ${found.is}`) : null;
		case 'damaged':
			return refused('state.damaged', `The file that holds ${held[kind]} of this workspace is damaged: ${found.reason}`);
		default: {
			const {generation, version} = found;
			const newer = newerThanKnown(kind, file, version);
			if (newer) return newer;
			if (before === null || generation === null) return null;
			if (generation.id !== before.id) return refused('state.foreign', `This file does not hold ${held[kind]} of this workspace`);
			if (generation.number >= before.number) return null;
			const missing = `${before.number - generation.number} writes`;
			return refused(
				'state.older',
				`The file that holds ${held[kind]} of this workspace is older than the one last used: it lacks ${missing}`,
			);
		}
	}
}

/** The error for a database that a newer version of Sluice has written; null for any other. */
export function newerThanKnown(kind: Kind, file: string, version: number): SluiceError | null {
	if (kind === 'control') return version > newestControlVersion() ? newerControl(file, version) : null;
	const known = newestStoreVersion();
	if (version <= known) return null;
	return new SluiceError('store.newer', `The record store has version ${version}, this program knows versions up to ${known}`, {
		where: file,
	});
}

export type UsedDatabasesNeeds = {
	readonly paths: Paths;
	storeFile(): string;
	control(): Generation;
	/** Hears what keeps the state file from being written. */
	failed(error: unknown): void;
};

/** Remembers the databases as they are used, and sees that the store stays the one it was. */
export class DatabaseRecord {
	readonly #needs: UsedDatabasesNeeds;
	#store: Generation | null;
	#inode: number | null = null;
	#timer: NodeJS.Timeout | null = null;

	constructor(needs: UsedDatabasesNeeds) {
		this.#needs = needs;
		this.#store = readStateFile(needs.paths.stateFile)?.store ?? null;
	}

	/** Something was written to `control.db`: the state file follows soon. */
	controlWritten(): void {
		this.#timer ??= setTimeout(() => this.write(), writeAfterMs).unref();
	}

	/** Something was written to the store, or may have been. */
	storeWritten(): void {
		const file = this.#needs.storeFile();
		try {
			const found = probeDatabase(file, 'store', 'head');
			if (found.is !== 'whole' || !found.generation || unfit('store', file, found, true, this.#store)) return;
			this.#store = found.generation;
			this.#inode = statSync(file).ino;
			this.controlWritten();
		} catch (error) {
			this.#needs.failed(error);
		}
	}

	/** Writes the state file now. */
	write(): void {
		if (this.#timer) clearTimeout(this.#timer);
		this.#timer = null;
		try {
			writeStateFile(this.#needs.paths.stateFile, {control: this.#needs.control(), store: this.#store});
		} catch (error) {
			this.#needs.failed(error);
		}
	}

	/** @throws SluiceError `state.*` where the records that this workspace has used are not there any more. Cheap while nothing changed. */
	requireStore(): void {
		if (!this.#store) return;
		const file = this.#needs.storeFile();
		const found = statSync(file, {throwIfNoEntry: false});
		if (found && found.size > 0 && found.ino === this.#inode) return;
		const error = unfit('store', file, probeDatabase(file, 'store', 'head'), true, this.#store);
		if (error) throw error;
		this.#inode = found?.ino ?? null;
	}

	/** What is wrong with the store, for those who look at what needs someone. */
	get problems(): readonly Problem[] {
		try {
			this.requireStore();
			return [];
		} catch (error) {
			if (!(error instanceof SluiceError)) throw error;
			const {code, message, where = '', cure = null} = error;
			return [{file: where, line: 1, column: 1, code, message, expected: cure}];
		}
	}
}
