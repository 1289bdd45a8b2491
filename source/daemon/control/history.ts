import type {HistoryEntry} from '../../api/contract.js';
import {redactedTexts} from '../../text/redaction.js';
import {holdsText, textPattern} from './listing.js';
import type {ControlDatabase} from './open.js';

/** Who acts, and through which door; `sluice` and `daemon` when nobody but the daemon itself decided. */
export type Actor = {readonly who: string; readonly from: string};

export const systemActor: Actor = {who: 'sluice', from: 'daemon'};

export type HistoryEvent = {
	readonly what: string;
	readonly connector?: string | null;
	readonly execution?: string | null;
	readonly detail?: Readonly<Record<string, unknown>>;
};

type HistoryRow = {
	at: string;
	who: string;
	origin: string;
	what: string;
	connector: string | null;
	execution: string | null;
	detail: string;
};

/** The append-only history: triggers refuse every change and deletion (SPEC 9). */
export function historyTable(
	database: ControlDatabase,
	now: () => string,
	hide: (text: string) => string,
	added: () => void = () => undefined,
) {
	const insert = database.prepare('INSERT INTO history (at, who, origin, what, connector, execution, detail) VALUES (?, ?, ?, ?, ?, ?, ?)');
	const all = database.prepare<[number, number], HistoryRow>('SELECT * FROM history ORDER BY seq DESC LIMIT ? OFFSET ?');
	const countAll = database.prepare<[], {total: number}>('SELECT count(*) total FROM history');
	const of = database.prepare<[string, number, number], HistoryRow>(
		'SELECT * FROM history WHERE connector = ? ORDER BY seq DESC LIMIT ? OFFSET ?',
	);
	const countOf = database.prepare<[string], {total: number}>('SELECT count(*) total FROM history WHERE connector = ?');
	const holds = `(? IS NULL OR connector = ?) AND ${holdsText(`concat_ws(char(10), at, who, what, connector, execution, detail)`)}`;
	type Holding = [string | null, string | null, string];
	const holding = database.prepare<[...Holding, number, number], HistoryRow>(
		`SELECT * FROM history WHERE ${holds} ORDER BY seq DESC LIMIT ? OFFSET ?`,
	);
	const countHolding = database.prepare<Holding, {total: number}>(`SELECT count(*) total FROM history WHERE ${holds}`);
	const newest = database.prepare<[string, string], HistoryRow>(
		'SELECT * FROM history WHERE connector = ? AND what = ? ORDER BY seq DESC LIMIT 1',
	);
	return {
		add({who, from}: Actor, {what, connector = null, execution = null, detail = {}}: HistoryEvent): void {
			insert.run(now(), who, from, what, connector, execution, JSON.stringify(redactedTexts(detail, hide)));
			added();
		},
		/** The newest entry of this kind about a connector. */
		lastOf(connector: string, what: string): HistoryEntry | null {
			const row = newest.get(connector, what);
			return row ? toEntry(row) : null;
		},
		/** Newest first. @param find a text that the time, user, deed, connector, execution or detail holds, in small or capital letters */
		list(
			connector: string | null,
			offset: number,
			limit: number,
			find: string | null = null,
		): {items: readonly HistoryEntry[]; total: number} {
			if (find !== null) {
				const pattern = textPattern(find);
				const total = countHolding.get(connector, connector, pattern)?.total ?? 0;
				return {items: holding.all(connector, connector, pattern, limit, offset).map(toEntry), total};
			}
			const rows = connector === null ? all.all(limit, offset) : of.all(connector, limit, offset);
			const total = (connector === null ? countAll.get() : countOf.get(connector))?.total ?? 0;
			return {items: rows.map(toEntry), total};
		},
	};
}

function toEntry({at, who, origin, what, connector, execution, detail}: HistoryRow): HistoryEntry {
	const more = JSON.parse(detail) as Record<string, unknown>;
	return {at, who, what, connector, detail: {...(execution !== null && {execution}), from: origin, ...more}};
}
