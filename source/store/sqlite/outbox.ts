import {existsSync} from 'node:fs';
import {toJson} from '../../model/json.js';
import {identifierOf} from '../../model/object.js';
import type {FieldValue} from '../../model/value.js';
import type {ChunkCommit, OutboxEvent} from '../record-store.js';
import {type Database, openForReading, openForWriting, writing} from './connection.js';
import type {RecordTable} from './record-table.js';

/** An event that waits to be delivered. `sequence` grows with every commit and never repeats. */
export type PendingEvent = Omit<OutboxEvent, 'changes'> & {
	readonly sequence: number;
	readonly execution: string;
	readonly step: number;
	readonly object: string;
	/** The fields that changed. */
	readonly changed: readonly string[];
	/** `changes` as JSON. It is passed on as it is: parsed, an integer beyond 2^53 would lose digits. */
	readonly changes: string;
	/** The record as the event's chunk left it, as JSON; null in events of an earlier version. */
	readonly snapshot: string | null;
};

type StoredEvent = Omit<PendingEvent, 'changed' | 'direct' | 'triggers'> & {readonly direct: string; readonly triggers: number};

/** Puts a chunk's events where deliveries find them, in the chunk's transaction, when its records are written. */
export function putEvents(db: Database, {execution, step, object, events}: ChunkCommit, table: RecordTable): void {
	if (events.length === 0) return;
	const put = db.prepare(
		'INSERT INTO outbox (id, execution, step, object, kind, record, changes, direct, triggers, snapshot) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
	);
	const snapshots = snapshotsOf(
		events.map(({record}) => record),
		table,
	);
	for (const {id, kind, record, changes, direct, triggers} of events) {
		const snapshot = snapshots.get(record) ?? null;
		put.run(id, execution, step, object, kind, record, toJson(changes), JSON.stringify(direct), triggers ? 1 : 0, snapshot);
	}
}

/** Records by id as JSON: `{"id", "identifier", "archived", "fields"}`, blank fields left out. */
function snapshotsOf(ids: readonly string[], table: RecordTable): ReadonlyMap<string, string> {
	const names = table.object.fields.map(({apiName}) => apiName);
	const identifier = identifierOf(table.object).apiName;
	const snapshots = new Map<string, string>();
	for (const {id, archived, values} of table.read([...new Set(ids)], names).values()) {
		const held = names.map((name, index): [string, FieldValue | null] => [name, values[index] ?? null]);
		const fields = Object.fromEntries(held.filter(([, value]) => value !== null));
		snapshots.set(id, toJson({id, identifier: fields[identifier] ?? null, archived, fields}));
	}
	return snapshots;
}

/**
 * Events behind `afterSequence`, in the order they were committed; empty where there is no store yet. Opens the file for reading alone.
 *
 * @throws SluiceError `store.*`
 */
export function pendingEvents(file: string, afterSequence = 0, limit = 1000): readonly PendingEvent[] {
	if (!existsSync(file)) return [];
	const db = openForReading(file);
	try {
		const rows = db.prepare('SELECT * FROM outbox WHERE sequence > ? ORDER BY sequence LIMIT ?').all(afterSequence, limit);
		return (rows as StoredEvent[]).map((row) => ({
			...row,
			changed: Object.keys(JSON.parse(row.changes) as OutboxEvent['changes']),
			// A store that no runner of this version has opened yet does not have the column.
			snapshot: row.snapshot ?? null,
			direct: JSON.parse(row.direct) as readonly string[],
			triggers: row.triggers !== 0,
		}));
	} finally {
		db.close();
	}
}

/** The sequence of the oldest event that is still there; null where there is none. Opens the file for reading alone. @throws SluiceError `store.*` */
export function oldestEvent(file: string): number | null {
	const db = openForReading(file);
	try {
		return db.prepare('SELECT min(sequence) FROM outbox').pluck().get() as number | null;
	} finally {
		db.close();
	}
}

/** Events taken out in one transaction: a runner that writes records waits no longer than for a chunk of its own. */
const forgottenAtOnce = 5_000;

/**
 * Takes the events up to a sequence out. Whoever asks has on disk what they led to: until then they are found again, delivery is at least
 * once, and `id` tells repeats. A sequence never comes again.
 */
export async function forgetEvents(file: string, upTo: number): Promise<number> {
	const db = openForWriting(file);
	try {
		const remove = db.prepare(
			`DELETE FROM outbox WHERE sequence IN (SELECT sequence FROM outbox WHERE sequence <= ? ORDER BY sequence LIMIT ${forgottenAtOnce})`,
		);
		let forgotten = 0;
		for (;;) {
			const {changes} = await writing(db, () => remove.run(upTo));
			forgotten += changes;
			if (changes < forgottenAtOnce) return forgotten;
		}
	} finally {
		db.close();
	}
}
