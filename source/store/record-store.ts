import type {ConflictMode} from '../model/load-step.js';
import type {Condition} from '../model/object.js';
import type {Counts} from '../model/outcome.js';
import type {ColumnBlock} from '../model/sql-session.js';
import type {FieldValue} from '../model/value.js';

export type Candidate = {readonly id: string; readonly archived: boolean};

/** A record as a step reads it: `values` stand in the order of the fields asked for; blank is null. */
export type StoredRecord = Candidate & {readonly values: readonly (FieldValue | null)[]};

/** A record that comes into being. `values` stand in the order of `ChunkCommit.fields`. */
export type RecordCreate = {readonly id: string; readonly values: readonly (FieldValue | null)[]};

/** Rows as they stand, to be made records without being taken apart before. */
export type BulkRows = {
	readonly object: string;
	/** In the form of `model/plain-row`: values in normal form as text, checkboxes `1` and `0`. No text holds a NUL. */
	readonly rows: Buffer;
	/** How many rows there are. */
	readonly count: number;
};

/** Records that come into being as rows brought them. */
export type BulkCreates = BulkRows & {
	/** The fields that each row brings, in this order. Others stay blank. */
	readonly fields: readonly string[];
	/** The records' ids, 16 bytes each, in the order of the rows. */
	readonly ids: Uint8Array;
};

/** A field that rows bring for records that exist, and what becomes of the record's (SPEC 8.2). */
export type BulkUpdateField = {
	readonly name: string;
	readonly conflict: Exclude<ConflictMode, 'only_add_options'>;
};

/** Records that are updated by rows as they stand. */
export type BulkUpdates = BulkRows & {
	/** What each row brings, in this order: the identifier, by which it finds its record, among it. No other field may be unique. */
	readonly fields: readonly BulkUpdateField[];
};

export type BulkUpdated = {
	/** How many records changed. */
	readonly updated: number;
	/**
	 * A JSON array a row, each ended by a line break: the row's number, the record's id as 32 hexadecimal digits, the JSON text of
	 * `{field: [old, new]}` of what changed or '', and that of `{field: text}` where the record holds another text than the row brought, or ''.
	 */
	readonly lines: Uint8Array;
};

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
	/**
	 * Creates records in the chunk that was begun, before it is committed; absent where a store cannot.
	 *
	 * @returns false when another record, or one of these, holds a unique value of one, or where a row is too long: then none of them was created
	 */
	createPlainly?(creates: BulkCreates): Promise<boolean>;
	/**
	 * Updates records in the chunk that was begun, before it is committed; absent where a store cannot.
	 *
	 * @returns null where not every row finds an active record of its own by the identifier, a value cannot be told as text, or a row is too long:
	 * then nothing was written
	 */
	updatePlainly?(updates: BulkUpdates): Promise<BulkUpdated | null>;
	/** Writes the chunk that was begun, its checkpoint and its events together, or nothing. @throws SluiceError `lease.lost` when another runner has taken over. */
	commitChunk(chunk: ChunkCommit): Promise<void>;
	/** The chunks of an execution that are committed, by step; empty for one that has not begun to load. */
	checkpoints(execution: string): Promise<readonly Checkpoint[]>;
	close(): Promise<void>;
}

/** Whether the connector remembers rows: `void` where it does, but of other variables or load steps (SPEC 7). */
export type MemoryState = 'remembered' | 'void' | 'none';

/** Variables and load steps of a connector, as one text; under another one its memory is void. */
export type MemoryKey = {readonly connector: string; readonly signature: string};

/** Rows by their hashes, 16 bytes each and one behind the other, and the execution that wrote them. */
export type RememberedRows = {readonly hashes: Uint8Array; readonly since: string};

/** The same as they stand in a memory, with its number. */
export type StandingRows = RememberedRows & {readonly generation: number};

/** A memory by its number, as it was when it held so many rows. */
export type MemoryMark = {readonly generation: number; readonly rows: number};

/**
 * What a run leaves in memory: a `generation` of its own. `add`: it joins the current one (a rerun of failed rows). `onto`: so too, but
 * only while the current one is still this.
 */
export type NewMemory = {readonly generation: number; readonly add: boolean; readonly onto?: MemoryMark};

/** A store as the runner of one execution holds it, live or dry. Nothing but what opens it knows which. */
export interface ExecutionStore extends RecordStore {
	/** Makes this runner the one that may commit for the execution. Needed before the first chunk. @throws SluiceError `lease.lost` */
	takeLease(execution: string, lease: number): Promise<void>;
	/** Makes look-ups of a field fast. Asked at the start of a step for each field its rules or relationships look up. */
	ensureIndex(object: string, field: string): Promise<void>;
	/**
	 * The active records that a condition holds for, oldest first: blocks of [id, ...fields]. Integers are text, checkboxes booleans,
	 * multi-values arrays; blank is null.
	 */
	referenceBlocks(object: string, fields: readonly string[], where: Condition | null): AsyncIterable<ColumnBlock>;
	memoryState(key: MemoryKey): Promise<MemoryState>;
	/** The rows that need no second look. */
	remembered(key: MemoryKey & {readonly scope: string}): AsyncIterable<StandingRows>;
}

/** What only a live run does: everything here writes. */
export interface LiveStore extends ExecutionStore {
	/** Begins a memory beside the current one, and returns its number. It has no effect before `finishLoad`. */
	beginMemory(key: MemoryKey, execution: string): Promise<number>;
	addToMemory(generation: number, scope: string, rows: RememberedRows): Promise<void>;
	/**
	 * Ends the load: from here on it is too late to cancel, and `memory`, where there is one, takes effect, in the same transaction.
	 * Harmless when the load has ended before.
	 *
	 * @returns false where the memory that it was to be added onto is not the current one any more: the load has not ended then
	 * @throws SluiceError `lease.lost`
	 */
	finishLoad(execution: string, lease: number, memory: NewMemory | null): Promise<boolean>;
	isLoadFinished(execution: string): Promise<boolean>;
	/** Takes away what an execution that ended left unfinished, its lease and its checkpoints: no runner of it can commit any more. */
	forgetExecution(execution: string): Promise<void>;
	/**
	 * Archives records by unique identifier or id. Records that are archived already are left as they are and not counted.
	 *
	 * @returns how many records changed
	 * @throws SluiceError `store.unknown` naming all that nobody has; then nothing is done
	 */
	archive(object: string, identifiers: readonly string[]): Promise<number>;
	/** Brings archived records back. @throws SluiceError as `archive`, and `store.clash` naming who holds a unique value meanwhile */
	unarchive(object: string, identifiers: readonly string[]): Promise<number>;
}
