import type {Counts} from '../model/outcome.js';
import type {FieldValue} from '../model/value.js';

export type Candidate = {readonly id: string; readonly archived: boolean};

/** A record as a step reads it: `values` stand in the order of the fields asked for; blank is null. */
export type StoredRecord = Candidate & {readonly values: readonly (FieldValue | null)[]};

/** A record that comes into being. `values` stand in the order of `ChunkCommit.fields`. */
export type RecordCreate = {readonly id: string; readonly values: readonly (FieldValue | null)[]};

/** The one final write that a chunk makes to an existing record: only what changes. `archived` is absent where it stays. */
export type RecordUpdate = {
	readonly id: string;
	readonly changes: Readonly<Record<string, FieldValue | null>>;
	readonly archived?: boolean;
};

/** An archived record whose identifier is moved out of the way, as text whatever the field's type (SPEC 8.1). */
export type PushAside = {readonly id: string; readonly identifier: string};

/** Something an automation will be told, delivered after the commit, at least once (SPEC 8.4). */
export type OutboxEvent = {
	readonly id: string;
	readonly kind: 'record_created' | 'record_updated';
	readonly record: string;
	/** The fields that changed, with their new values. */
	readonly changes: Readonly<Record<string, FieldValue | null>>;
	/** Automations fired directly by the step. */
	readonly direct: readonly string[];
	/** Whether normal triggers may fire too. */
	readonly triggers: boolean;
};

/** Everything one chunk leaves behind, written together or not at all. */
export type ChunkCommit = {
	readonly execution: string;
	readonly lease: number;
	/** Step number from 1, chunk number from 1. */
	readonly step: number;
	readonly chunk: number;
	readonly object: string;
	readonly fields: readonly string[];
	readonly pushAsides: readonly PushAside[];
	readonly creates: readonly RecordCreate[];
	readonly updates: readonly RecordUpdate[];
	/** Options that a dropdown gains. */
	readonly options: readonly {readonly field: string; readonly option: string}[];
	readonly events: readonly OutboxEvent[];
	/** What became of this chunk's rows; kept with the checkpoint. */
	readonly counts: Counts;
};

export type Checkpoint = {readonly step: number; readonly chunk: number; readonly counts: Counts};

/** What planning needs to know of the records that exist. Every method works on a whole chunk: one round trip, whatever the store. */
export interface RecordReader {
	/**
	 * Records of `object` whose `field` (an api name, or `id`) holds one of `values`, which are in normal form; archived ones included.
	 * Keys are `lookupKey` of the value; a value nobody holds is absent. Decimals compare by value, all else exactly.
	 */
	lookup(object: string, field: string, values: readonly FieldValue[]): Promise<ReadonlyMap<string, readonly Candidate[]>>;
	/** The records with these ids; missing ids are absent from the map. */
	read(object: string, ids: readonly string[], fields: readonly string[]): Promise<ReadonlyMap<string, StoredRecord>>;
	/** Options a field has: those of its definition and those that runs added. */
	options(object: string, field: string): Promise<ReadonlySet<string>>;
}

/** Where records live. One conformance suite runs on every implementation, the overlay of a dry run included. */
export interface RecordStore extends RecordReader {
	/**
	 * Opens the chunk's transaction, so that what is looked up from here on still holds when the chunk is committed: two runs that write the
	 * same object take turns, chunk by chunk. @throws SluiceError `store.*`
	 */
	beginChunk(): Promise<void>;
	/** Gives up a chunk that was begun and cannot be committed; nothing of it is written. */
	abandonChunk(): Promise<void>;
	/** Writes the chunk that was begun, its checkpoint and its events together, or nothing. @throws SluiceError `lease.lost` when another runner has taken over. */
	commitChunk(chunk: ChunkCommit): Promise<void>;
	/** The chunks of an execution that are committed, by step; empty for one that has not begun to load. */
	checkpoints(execution: string): Promise<readonly Checkpoint[]>;
	close(): Promise<void>;
}
