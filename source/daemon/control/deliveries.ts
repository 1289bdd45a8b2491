import type {Delivery} from '../../api/contract.js';
import {SluiceError} from '../../model/errors.js';
import {longestPauseMs} from '../deliveries/backoff.js';
import {laneOf} from '../deliveries/lanes.js';
import {holdsText, textPattern} from './listing.js';
import type {ControlDatabase} from './open.js';

/** What is to be sent, beside where it goes. Made when the delivery is, so that a retry says the same. */
export type DeliveryPayload =
	| {
			readonly kind: 'mail';
			readonly subject: string;
			readonly text: string;
			/** The same as HTML; absent in mails of an earlier version. */
			readonly html?: string;
			/** What the mail belongs to: mails of one thread are shown together. */
			readonly thread?: string;
			readonly attachment: string | null;
	  }
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
	/** Deliveries of one lane that have this in common leave in the order they were added in, each when the one before it is done. */
	readonly inOrderOf?: string;
	readonly payload: DeliveryPayload;
};

/** One that is due, and as much of it as is needed to choose. */
export type DueDelivery = Pick<StoredDelivery, 'id' | 'kind' | 'to' | 'next_attempt_at'>;

type DueRow = {id: string; kind: Delivery['kind']; target: string; next_attempt_at: string | null};

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

const nextTarget = (where: string) => `
	SELECT target FROM deliveries INDEXED BY deliveries_by_target WHERE state = 'waiting' AND ${where} ORDER BY target LIMIT 1`;

/** Each kind and target that anything waits for, by one seek each, however many wait: it is asked after every few deliveries. */
export const waitingLanes = `
	WITH RECURSIVE lanes (kind, target) AS (
		SELECT kind, (${nextTarget('kind = kinds.kind')}) FROM (SELECT 'webhook' kind UNION ALL SELECT 'automation') kinds
		UNION ALL
		SELECT kind, (${nextTarget('kind = lanes.kind AND target > lanes.target')}) FROM lanes WHERE target IS NOT NULL
	)
	SELECT 'mail' kind, NULL target UNION ALL SELECT kind, target FROM lanes WHERE target IS NOT NULL`;

/** @param changed called after each change of a delivery */
export function deliveryTable(
	database: ControlDatabase,
	now: () => string,
	hide: (text: string) => string,
	changed: () => void = () => undefined,
) {
	const insert = database.prepare(`
		INSERT INTO deliveries (id, kind, target, execution, connector, created_at, next_attempt_at, payload, order_key)
		VALUES (
			@id, @kind, @target, @execution, @connector, @at,
			CASE WHEN EXISTS (SELECT 1 FROM deliveries WHERE order_key = @order AND state = 'waiting') THEN NULL ELSE @at END,
			@payload, @order
		)
		ON CONFLICT (id) DO NOTHING`);
	const byId = database.prepare<[string], DeliveryRow>('SELECT * FROM deliveries WHERE id = ?');
	// Two seeks for each lane, whatever waits in it: a receiver that was down has 100,000 that are not due yet.
	type Wanted = {kind: string; target: string | null; now: string; late: string; limit: number};
	const dueBy = (index: string, lane: string) => (when: string) =>
		database.prepare<[Wanted], DueRow>(`
			SELECT id, kind, target, next_attempt_at FROM deliveries INDEXED BY ${index}
			WHERE ${lane} AND state = 'waiting' AND ${when}
			ORDER BY next_attempt_at
			LIMIT @limit`);
	const times = ['next_attempt_at <= @now', 'next_attempt_at > @late'] as const;
	const dueOfKind = times.map(dueBy('deliveries_by_kind', 'kind = @kind'));
	const dueOfTarget = times.map(dueBy('deliveries_by_target', 'kind = @kind AND target = @target'));
	const lanes = database.prepare<[], {kind: Delivery['kind']; target: string | null}>(waitingLanes);
	const next = database.prepare<[string], {at: string | null}>(
		`SELECT min(next_attempt_at) at FROM deliveries WHERE state = 'waiting' AND next_attempt_at > ?`,
	);
	const waits = database.prepare("SELECT 1 FROM deliveries WHERE state = 'waiting' LIMIT 1");
	const countWaiting = database.prepare<[], {total: number}>("SELECT count(*) total FROM deliveries WHERE state = 'waiting'");
	const list = database.prepare<[number, number], DeliveryRow>('SELECT * FROM deliveries ORDER BY seq DESC LIMIT ? OFFSET ?');
	const count = database.prepare<[], {total: number}>('SELECT count(*) total FROM deliveries');
	const holds = holdsText('concat_ws(char(10), kind, target, execution, state, last_error, id)');
	const holding = database.prepare<[string, number, number], DeliveryRow>(
		`SELECT * FROM deliveries WHERE ${holds} ORDER BY seq DESC LIMIT ? OFFSET ?`,
	);
	const countHolding = database.prepare<[string], {total: number}>(`SELECT count(*) total FROM deliveries WHERE ${holds}`);
	const attempted = database.prepare(
		'UPDATE deliveries SET state = ?, attempts = attempts + 1, last_error = ?, next_attempt_at = ? WHERE id = ?',
	);
	const again = database.prepare(`UPDATE deliveries SET state = 'waiting', next_attempt_at = ? WHERE id = ?`);
	const firstInOrder = database.prepare<[string], {id: string; next_attempt_at: string | null}>(
		`SELECT id, next_attempt_at FROM deliveries WHERE order_key = ? AND state = 'waiting' ORDER BY seq LIMIT 1`,
	);
	const orderOf = database.prepare<[string], {order_key: string | null}>('SELECT order_key FROM deliveries WHERE id = ?');
	const holdBehind = database.prepare(
		`UPDATE deliveries SET next_attempt_at = NULL
		WHERE order_key = @order AND state = 'waiting' AND seq > (SELECT seq FROM deliveries WHERE id = @id)`,
	);
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
	const firstOf = (order: string | null) => (order === null ? undefined : firstInOrder.get(order));
	/** One is done: the next of its order has its turn. */
	const letNext = (id: string): void => {
		const next = firstOf(orderOf.get(id)?.order_key ?? null);
		if (next && next.next_attempt_at === null) again.run(now(), next.id);
	};
	return {
		known,
		/** Does nothing when a delivery of this id exists: what asks twice is answered once. */
		add({id, to, execution, connector, inOrderOf, payload}: NewDelivery): void {
			const {kind} = payload;
			const order = inOrderOf === undefined ? null : `${laneOf({kind, to})} ${inOrderOf}`;
			insert.run({id, kind, target: to, execution, connector, at: now(), payload: JSON.stringify(payload), order});
			changed();
		},
		/** The kinds of what waits, and where each goes; all mails go to one place. */
		waitingLanes: (): readonly {readonly kind: Delivery['kind']; readonly target: string | null}[] => lanes.all(),
		/**
		 * Those of a kind, and of one target unless it is null, whose time has come. What is due later than any pause lasts was written before
		 * the clock was set back: its time has come too.
		 */
		due(kind: Delivery['kind'], target: string | null, limit: number): readonly DueDelivery[] {
			const found: DueDelivery[] = [];
			for (const statement of target === null ? dueOfKind : dueOfTarget) {
				const rows = statement.all({kind, target, now: now(), late: later(now(), longestPauseMs), limit: limit - found.length});
				found.push(...rows.map(({target: to, ...row}) => ({...row, to})));
			}
			return found;
		},
		/** Whether anything is yet to be sent. */
		anyWaits: (): boolean => waits.get() !== undefined,
		/** How many are yet to be sent. */
		waiting: (): number => countWaiting.get()?.total ?? 0,
		/** When the next delivery comes due that is not due yet. */
		nextAt: (): string | null => next.get(now())?.at ?? null,
		/** Newest first. @param find a text that the kind, target, execution, state, error or id holds, in small or capital letters */
		list: (offset: number, limit: number, find: string | null = null): {items: readonly Delivery[]; total: number} => {
			const pattern = find === null ? null : textPattern(find);
			const rows = pattern === null ? list.all(limit, offset) : holding.all(pattern, limit, offset);
			return {
				items: rows.map((row) => ({...shown(fromRow(row)), tried: tried.all(row.id).reverse()})),
				total: (pattern === null ? count.get() : countHolding.get(pattern))?.total ?? 0,
			};
		},
		/** What kept the deliveries of an execution from arriving. */
		errorsOf: (execution: string): readonly string[] => errors.all(execution).map(({last_error}) => last_error),
		delivered(id: string): void {
			attempted.run('delivered', null, null, id);
			attempt.run({id, at: now(), error: null});
			letNext(id);
			changed();
		},
		/** `retryAt` null: it was the last attempt. */
		failed(id: string, message: string, retryAt: string | null): void {
			const error = hide(message);
			attempted.run(retryAt === null ? 'failed' : 'waiting', error, retryAt, id);
			attempt.run({id, at: now(), error});
			if (retryAt === null) letNext(id);
			changed();
		},
		/**
		 * Once more, now. Where it waits for another of its order, that one is tried now: the order stays.
		 *
		 * @throws SluiceError `usage.unknown`
		 */
		redeliver(id: string): Delivery {
			const {state} = known(id);
			const order = orderOf.get(id)?.order_key ?? null;
			if (order !== null && state !== 'waiting') holdBehind.run({order, id});
			again.run(now(), state === 'waiting' ? (firstOf(order)?.id ?? id) : id);
			changed();
			return shown(known(id));
		},
	};
}

function later(instant: string, ms: number): string {
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
