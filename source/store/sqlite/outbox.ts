import {existsSync} from 'node:fs';
import {toJson} from '../../model/json.js';
import type {ChunkCommit, OutboxEvent} from '../record-store.js';
import {type Database, openForReading, openForWriting, writing} from './connection.js';

/** An event that waits to be delivered. `sequence` grows with every commit and never repeats. */
export type PendingEvent = OutboxEvent & {
	readonly sequence: number;
	readonly execution: string;
	readonly step: number;
	readonly object: string;
};

type StoredEvent = Omit<PendingEvent, 'changes' | 'direct' | 'triggers'> & {
	readonly changes: string;
	readonly direct: string;
	readonly triggers: number;
};

/** Puts a chunk's events where deliveries find them, in the chunk's transaction. */
export function putEvents(db: Database, {execution, step, object, events}: ChunkCommit): void {
	if (events.length === 0) return;
	const put = db.prepare(
		'INSERT INTO outbox (id, execution, step, object, kind, record, changes, direct, triggers) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
	);
	for (const {id, kind, record, changes, direct, triggers} of events) {
		put.run(id, execution, step, object, kind, record, toJson(changes), JSON.stringify(direct), triggers ? 1 : 0);
	}
}

/**
 * Events behind `afterSequence`, in the order they were committed; empty where there is no store yet. Opens the file for reading alone.
 * Integers beyond 2^53 in `changes` come as the JSON number they are, rounded by whoever parses it.
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
			changes: JSON.parse(row.changes) as OutboxEvent['changes'],
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
