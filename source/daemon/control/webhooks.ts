import type {WebhookWindow} from '../../model/webhook-window.js';
import type {ControlDatabase} from './open.js';

/** A window that is not in the queue yet; `execution`: the id chosen for it, once it takes no more requests. */
export type StoredWindow = WebhookWindow & {
	readonly id: number;
	readonly connector: string;
	readonly bytes: number;
	readonly execution: string | null;
};

/** A request that came with this key before. */
export type KnownKey = {readonly fingerprint: Buffer; readonly request: string};

/** Requests of a connector that were answered and are in no execution yet. */
export type Gathered = {readonly requests: number; readonly bytes: number; readonly endsAtSeconds: number};

type WindowRow = {id: number; connector: string; starts_at: number; seconds: number; bytes: number; execution: string | null};

const columns = 'id, connector, starts_at, seconds, bytes, execution';

/** Requests of webhook connectors, from their answer to the execution of their window (SPEC 4, DESIGN P2). */
export function webhookTable(database: ControlDatabase) {
	const addWindow = database.prepare(
		'INSERT INTO webhook_windows (connector, starts_at, seconds) VALUES (?, ?, ?) ON CONFLICT (connector, starts_at, seconds) WHERE execution IS NULL DO NOTHING',
	);
	const openWindow = database.prepare<[string, number, number], WindowRow>(
		`SELECT ${columns} FROM webhook_windows WHERE connector = ? AND starts_at = ? AND seconds = ? AND execution IS NULL`,
	);
	const closedUntil = database.prepare<[string], {until: number}>(
		`SELECT starts_at + seconds AS until FROM webhook_windows WHERE connector = ? AND execution IS NOT NULL ORDER BY starts_at + seconds DESC LIMIT 1`,
	);
	const notQueued = database.prepare<[], WindowRow>(
		`SELECT ${columns} FROM webhook_windows WHERE requests IS NULL ORDER BY starts_at + seconds, id`,
	);
	const gathered = database.prepare<[string], {requests: number; bytes: number | null; ends_at: number | null}>(
		`SELECT
			(SELECT count(*) FROM webhook_requests r WHERE r.window IN (SELECT id FROM webhook_windows WHERE connector = w.connector AND requests IS NULL)) AS requests,
			sum(w.bytes) AS bytes,
			min(w.starts_at + w.seconds) AS ends_at
		FROM webhook_windows w
		WHERE w.connector = ? AND w.requests IS NULL`,
	);
	const requestsWaiting = database.prepare<[], {total: number}>(
		'SELECT count(*) total FROM webhook_requests WHERE window IN (SELECT id FROM webhook_windows WHERE requests IS NULL)',
	);
	const addRequest = database.prepare('INSERT INTO webhook_requests (window, line) VALUES (?, ?)');
	const grow = database.prepare('UPDATE webhook_windows SET bytes = bytes + ?, guessed = guessed + ? WHERE id = ?');
	const guessed = database.prepare<[number], {guessed: number}>('SELECT guessed FROM webhook_windows WHERE id = ?');
	const addDiffering = database.prepare(
		'INSERT INTO webhook_differing (connector, requests) VALUES (?, 1) ON CONFLICT (connector) DO UPDATE SET requests = requests + 1',
	);
	const takeDiffering = database.prepare<[string], {requests: number}>(
		'DELETE FROM webhook_differing WHERE connector = ? RETURNING requests',
	);
	const choose = database.prepare('UPDATE webhook_windows SET execution = ? WHERE id = ? AND execution IS NULL');
	const lines = database.prepare<[number, number, number], {seq: number; line: string}>(
		'SELECT seq, line FROM webhook_requests WHERE window = ? AND seq > ? ORDER BY seq LIMIT ?',
	);
	const sizes = database.prepare<[number, number, number], {bytes: number}>(
		'SELECT octet_length(line) AS bytes FROM webhook_requests WHERE window = ? AND seq > ? ORDER BY seq LIMIT ?',
	);
	const queued = database.prepare('UPDATE webhook_windows SET requests = ? WHERE id = ? AND requests IS NULL');
	const dropLines = database.prepare(
		'DELETE FROM webhook_requests WHERE seq IN (SELECT seq FROM webhook_requests WHERE window = ? LIMIT ?)',
	);
	// Windows whose execution is in the queue and whose lines are still here: somebody was killed in between.
	const leftovers = database.prepare<[], {id: number}>(
		'SELECT DISTINCT w.id FROM webhook_requests r JOIN webhook_windows w ON w.id = r.window WHERE w.requests IS NOT NULL',
	);
	const requestsOf = database.prepare<[string], {requests: number}>(
		'SELECT requests FROM webhook_windows WHERE execution = ? AND requests IS NOT NULL',
	);
	const key = database.prepare<[string, string, number], KnownKey>(
		'SELECT fingerprint, request FROM webhook_keys WHERE connector = ? AND key = ? AND until > ?',
	);
	const addKey = database.prepare(
		'INSERT OR REPLACE INTO webhook_keys (connector, key, fingerprint, request, until) VALUES (?, ?, ?, ?, ?)',
	);
	const forgetKeys = database.prepare(
		`DELETE FROM webhook_keys WHERE (connector, key) IN (SELECT connector, key FROM webhook_keys WHERE until <= ? LIMIT ?)`,
	);
	// Windows that were over long ago and that nothing asks about any more: their lines are gone, their execution has begun, and another one
	// says until when their connector takes no more requests.
	const forgetWindows = database.prepare(
		`DELETE FROM webhook_windows
		WHERE id IN (
			SELECT w.id
			FROM webhook_windows w
			WHERE w.requests IS NOT NULL AND w.starts_at + w.seconds <= ?
				AND NOT EXISTS (SELECT 1 FROM webhook_requests r WHERE r.window = w.id)
				AND NOT EXISTS (SELECT 1 FROM executions e WHERE e.id = w.execution AND e.status = 'queued')
				AND EXISTS (
					SELECT 1
					FROM webhook_windows later
					WHERE later.connector = w.connector AND later.execution IS NOT NULL AND later.starts_at + later.seconds > w.starts_at + w.seconds
				)
			LIMIT ?
		)`,
	);
	return {
		/** How many requests are in windows that are not in the queue yet. */
		requestsWaiting: (): number => requestsWaiting.get()?.total ?? 0,
		/** The window that still takes requests; it is begun where there is none. */
		open(connector: string, {startSeconds, seconds}: WebhookWindow): StoredWindow {
			addWindow.run(connector, startSeconds, seconds);
			const row = openWindow.get(connector, startSeconds, seconds);
			if (!row) throw new Error(`The window ${connector} ${startSeconds} was not begun`);
			return fromRow(row);
		},
		/** The end of the last window of a connector that takes no more requests, in Unix seconds; null when there is none. */
		closedUntil: (connector: string): number | null => closedUntil.get(connector)?.until ?? null,
		/** Windows whose execution is not in the queue, the oldest first. */
		notQueued: (): readonly StoredWindow[] => notQueued.all().map(fromRow),
		/** What the windows of a connector that are not in the queue hold, and when the first of them ends; null when there is none. */
		gathered(connector: string): Gathered | null {
			const {requests, bytes, ends_at: endsAtSeconds} = gathered.get(connector) ?? {requests: 0, bytes: null, ends_at: null};
			return endsAtSeconds === null ? null : {requests, bytes: bytes ?? 0, endsAtSeconds};
		},
		add: (window: number, line: string) => addRequest.run(window, line),
		grow: (window: number, bytes: number, guessed: number) => grow.run(bytes, guessed, window),
		/** How many requests of a window had a charset that was guessed. */
		guessed: (window: number): number => guessed.get(window)?.guessed ?? 0,
		/** Counts a request whose id came before with other content. */
		addDiffering: (connector: string) => addDiffering.run(connector),
		/** How many such requests came since this was last asked. */
		takeDiffering: (connector: string): number => takeDiffering.get(connector)?.requests ?? 0,
		/** From here on the window takes no more requests. */
		choose: (window: number, execution: string) => choose.run(execution, window),
		/** The next lines of a window after `seq`, in the order of arrival. */
		lines: (window: number, seq: number, limit: number): readonly {seq: number; line: string}[] => lines.all(window, seq, limit),
		/** The bytes of each of the next lines of a window. */
		sizes: (window: number, seq: number, limit: number): readonly number[] => sizes.all(window, seq, limit).map(({bytes}) => bytes),
		/** @returns whether it was not in the queue before */
		markQueued: (window: number, requests: number): boolean => queued.run(requests, window).changes === 1,
		/** Takes away at most so many lines of a window, which stand in its input file by now. @returns how many */
		dropLines: (window: number, limit: number): number => dropLines.run(window, limit).changes,
		/** Windows in the queue that were left with lines. */
		leftovers: (): readonly number[] => leftovers.all().map(({id}) => id),
		/** How many requests an execution's file holds; null for one that no window became. */
		requestsOf: (execution: string): number | null => requestsOf.get(execution)?.requests ?? null,
		/** @param nowSeconds of the clock of keys; a key that ended before is as good as none */
		key: (connector: string, name: string, nowSeconds: number): KnownKey | undefined => key.get(connector, name, nowSeconds),
		addKey: (connector: string, name: string, {fingerprint, request}: KnownKey, untilSeconds: number) =>
			addKey.run(connector, name, fingerprint, request, untilSeconds),
		/** Takes away at most so many keys that have ended. @returns how many */
		forgetKeys: (nowSeconds: number, limit: number): number => forgetKeys.run(nowSeconds, limit).changes,
		/** Takes away at most so many windows that ended before and are of no use any more. @returns how many */
		forgetWindows: (endedBeforeSeconds: number, limit: number): number => forgetWindows.run(endedBeforeSeconds, limit).changes,
	};
}

function fromRow({starts_at, ...row}: WindowRow): StoredWindow {
	return {...row, startSeconds: starts_at};
}
