import type {ControlDatabase} from './open.js';

/** What the daemon remembers of a connector beside its files. */
export type ConnectorState = {
	readonly active: boolean;
	readonly everActive: boolean;
	readonly needsAttention: boolean;
	readonly reason: string | null;
	readonly activeSql: string | null;
	readonly queueRevision: number;
};

type StateRow = {
	active: number;
	ever_active: number;
	needs_attention: number;
	reason: string | null;
	active_sql: string | null;
	queue_revision: number;
};

const fresh: ConnectorState = {active: false, everActive: false, needsAttention: false, reason: null, activeSql: null, queueRevision: 0};

export function connectorTable(database: ControlDatabase) {
	const read = database.prepare<[string], StateRow>(
		'SELECT active, ever_active, needs_attention, reason, active_sql, queue_revision FROM connectors WHERE api_name = ?',
	);
	const activate = database.prepare(`
		INSERT INTO connectors (api_name, active, ever_active, active_sql) VALUES (@name, 1, 1, @sql)
		ON CONFLICT (api_name) DO UPDATE SET active = 1, ever_active = 1, reason = NULL, active_sql = @sql`);
	const deactivate = database.prepare('UPDATE connectors SET active = 0, reason = ? WHERE api_name = ?');
	const attention = database.prepare(`
		INSERT INTO connectors (api_name, needs_attention) VALUES (@name, @attention)
		ON CONFLICT (api_name) DO UPDATE SET needs_attention = @attention`);
	const bump = database.prepare<[string], {queue_revision: number}>(`
		INSERT INTO connectors (api_name, queue_revision) VALUES (?, 1)
		ON CONFLICT (api_name) DO UPDATE SET queue_revision = queue_revision + 1
		RETURNING queue_revision`);
	const shown = database.prepare<[string, string], {revision: number}>('SELECT revision FROM shown_queues WHERE connector = ? AND who = ?');
	const show = database.prepare('INSERT OR REPLACE INTO shown_queues (connector, who, revision) VALUES (?, ?, ?)');
	const actives = database.prepare<[], {api_name: string}>('SELECT api_name FROM connectors WHERE active = 1');
	return {
		state(name: string): ConnectorState {
			const row = read.get(name);
			if (!row) return fresh;
			return {
				active: row.active === 1,
				everActive: row.ever_active === 1,
				needsAttention: row.needs_attention === 1,
				reason: row.reason,
				activeSql: row.active_sql,
				queueRevision: row.queue_revision,
			};
		},
		activeNames: (): readonly string[] => actives.all().map(({api_name}) => api_name),
		activate: (name: string, sqlHash: string | null) => activate.run({name, sql: sqlHash}),
		deactivate: (name: string, reason: string | null) => deactivate.run(reason, name),
		setAttention: (name: string, needed: boolean) => attention.run({name, attention: needed ? 1 : 0}),
		/** The queue changed: whoever decides on it must look again. */
		bumpQueue: (name: string): number => bump.get(name)?.queue_revision ?? 0,
		shownRevision: (name: string, who: string): number | null => shown.get(name, who)?.revision ?? null,
		markShown: (name: string, who: string, revision: number) => show.run(name, who, revision),
	};
}
