import type {Delivery} from '../../api/contract.js';
import {SluiceError} from '../../model/errors.js';
import {longestPauseMs} from '../deliveries/backoff.js';
import type {ControlDatabase} from './open.js';

/** What is to be sent, beside where it goes. Made when the delivery is, so that a retry says the same. */
export type DeliveryPayload =
	| {readonly kind: 'mail'; readonly subject: string; readonly text: string; readonly attachment: string | null}
	| {
			readonly kind: 'webhook' | 'automation';
			readonly url: string;
			/** The name of the secret it is signed with. */
			readonly secret: string | null;
			/** More headers; their values may hold `${secret:name}`. */
			readonly headers: Readonly<Record<string, string>>;
			readonly body: string;
	  };

export type StoredDelivery = Delivery & {readonly connector: string | null; readonly payload: DeliveryPayload};

export type NewDelivery = {
	readonly id: string;
	readonly to: string;
	readonly execution: string | null;
	readonly connector: string | null;
	readonly payload: DeliveryPayload;
};

type DeliveryRow = {
	id: string;
	kind: string;
	target: string;
	execution: string | null;
	connector: string | null;
	state: string;
	attempts: number;
	last_error: string | null;
	next_attempt_at: string | null;
	created_at: string;
	payload: string;
};

export function deliveryTable(database: ControlDatabase, now: () => string, hide: (text: string) => string) {
	const insert = database.prepare(`
		INSERT INTO deliveries (id, kind, target, execution, connector, created_at, next_attempt_at, payload)
		VALUES (@id, @kind, @target, @execution, @connector, @at, @at, @payload)
		ON CONFLICT (id) DO NOTHING`);
	const byId = database.prepare<[string], DeliveryRow>('SELECT * FROM deliveries WHERE id = ?');
	const isDue = `state = 'waiting' AND (next_attempt_at <= @now OR next_attempt_at > @late)`;
	type Wanted = {kind: string; target: string | null; now: string; late: string; limit: number};
	const dueOfKind = database.prepare<[Wanted], DeliveryRow>(`
		SELECT * FROM deliveries INDEXED BY deliveries_by_kind
		WHERE kind = @kind AND ${isDue}
		ORDER BY next_attempt_at
		LIMIT @limit`);
	const dueOfTarget = database.prepare<[Wanted], DeliveryRow>(`
		SELECT * FROM deliveries INDEXED BY deliveries_by_target
		WHERE kind = @kind AND target = @target AND ${isDue}
		ORDER BY next_attempt_at
		LIMIT @limit`);
	// Each kind and target that anything waits for, by one seek each.
	const lanes = database.prepare<[], {kind: Delivery['kind']; target: string | null}>(`
		WITH RECURSIVE lanes (kind, target) AS (
			SELECT * FROM (
				SELECT kind, target FROM deliveries WHERE state = 'waiting' AND kind <> 'mail' ORDER BY kind, target LIMIT 1
			)
			UNION ALL
			SELECT (
				SELECT kind FROM deliveries WHERE state = 'waiting' AND (kind, target) > (lanes.kind, lanes.target) AND kind <> 'mail'
				ORDER BY kind, target LIMIT 1
			), (
				SELECT target FROM deliveries WHERE state = 'waiting' AND (kind, target) > (lanes.kind, lanes.target) AND kind <> 'mail'
				ORDER BY kind, target LIMIT 1
			)
			FROM lanes WHERE lanes.kind IS NOT NULL
		)
		SELECT 'mail' kind, NULL target UNION ALL SELECT kind, target FROM lanes WHERE kind IS NOT NULL`);
	const next = database.prepare<[string], {at: string | null}>(
		`SELECT min(next_attempt_at) at FROM deliveries WHERE state = 'waiting' AND next_attempt_at > ?`,
	);
	const list = database.prepare<[number, number], DeliveryRow>('SELECT * FROM deliveries ORDER BY seq DESC LIMIT ? OFFSET ?');
	const count = database.prepare<[], {total: number}>('SELECT count(*) total FROM deliveries');
	const attempted = database.prepare(
		'UPDATE deliveries SET state = ?, attempts = attempts + 1, last_error = ?, next_attempt_at = ? WHERE id = ?',
	);
	const again = database.prepare(`UPDATE deliveries SET state = 'waiting', next_attempt_at = ? WHERE id = ?`);
	const attempt = database.prepare(
		`INSERT INTO delivery_attempts (delivery, number, at, error)
		VALUES (@id, (SELECT coalesce(max(number), 0) + 1 FROM delivery_attempts WHERE delivery = @id), @at, @error)`,
	);
	const tried = database.prepare<[string], {at: string; error: string | null}>(
		'SELECT at, error FROM delivery_attempts WHERE delivery = ? ORDER BY number DESC LIMIT 50',
	);
	const errors = database.prepare<[string], {last_error: string}>(
		'SELECT last_error FROM deliveries WHERE execution = ? AND last_error IS NOT NULL ORDER BY seq LIMIT 20',
	);
	const known = (id: string): StoredDelivery => {
		const row = byId.get(id);
		if (!row) throw new SluiceError('usage.unknown', `No delivery ${id}`);
		return fromRow(row);
	};
	return {
		known,
		/** Does nothing when a delivery of this id exists: what asks twice is answered once. */
		add: ({id, to, execution, connector, payload}: NewDelivery) =>
			insert.run({id, kind: payload.kind, target: to, execution, connector, at: now(), payload: JSON.stringify(payload)}),
		/** The kinds of what waits, and where each goes; all mails go to one place. */
		waitingLanes: (): readonly {readonly kind: Delivery['kind']; readonly target: string | null}[] => lanes.all(),
		/**
		 * Those of a kind, and of one target unless it is null, whose time has come. What is due later than any pause lasts was written before
		 * the clock was set back: its time has come too.
		 */
		due(kind: Delivery['kind'], target: string | null, limit: number): readonly StoredDelivery[] {
			const wanted = {kind, target, now: now(), late: after(now(), longestPauseMs), limit};
			return (target === null ? dueOfKind : dueOfTarget).all(wanted).map(fromRow);
		},
		/** When the next delivery comes due that is not due yet. */
		nextAt: (): string | null => next.get(now())?.at ?? null,
		list: (offset: number, limit: number): {items: readonly Delivery[]; total: number} => ({
			items: list.all(limit, offset).map((row) => ({...shown(fromRow(row)), tried: tried.all(row.id).reverse()})),
			total: count.get()?.total ?? 0,
		}),
		/** What kept the deliveries of an execution from arriving. */
		errorsOf: (execution: string): readonly string[] => errors.all(execution).map(({last_error}) => last_error),
		delivered(id: string): void {
			attempted.run('delivered', null, null, id);
			attempt.run({id, at: now(), error: null});
		},
		/** `retryAt` null: it was the last attempt. */
		failed(id: string, message: string, retryAt: string | null): void {
			const error = hide(message);
			attempted.run(retryAt === null ? 'failed' : 'waiting', error, retryAt, id);
			attempt.run({id, at: now(), error});
		},
		/** Once more, now. @throws SluiceError `usage.unknown` */
		redeliver(id: string): Delivery {
			known(id);
			again.run(now(), id);
			return shown(known(id));
		},
	};
}

function after(instant: string, ms: number): string {
	return new Date(Date.parse(instant) + ms).toISOString();
}

function fromRow(row: DeliveryRow): StoredDelivery {
	return {
		id: row.id,
		kind: row.kind as Delivery['kind'],
		to: row.target,
		execution: row.execution,
		connector: row.connector,
		state: row.state as Delivery['state'],
		attempts: row.attempts,
		last_error: row.last_error,
		next_attempt_at: row.next_attempt_at,
		created_at: row.created_at,
		payload: JSON.parse(row.payload) as DeliveryPayload,
	};
}

/** What people see of a delivery: not what it says. */
function shown({connector: _, payload: __, ...delivery}: StoredDelivery): Delivery {
	return delivery;
}
