import type {ControlDatabase} from './open.js';

/** What is remembered of a source since something was last taken from it. */
export type SourceMemory = {
	readonly mark: string | null;
	/** When it was last seen to have changed. */
	readonly changedAt: string | null;
	readonly execution: string | null;
	readonly told: string | null;
};

export type FileState = 'taken' | 'kept' | 'moved' | 'deleted' | 'gone';

export type TakenFile = {
	readonly connector: string;
	readonly path: string;
	readonly stat: string;
	readonly mark: string;
	readonly execution: string;
	readonly takenAt: string;
	/** `taken` until it is settled what becomes of it. */
	readonly state: FileState;
};

type MemoryRow = {source: string; mark: string | null; changed_at: string | null; execution: string | null; told: string | null};
type FileRow = {connector: string; path: string; stat: string; mark: string; execution: string; taken_at: string; state: string};

const nothing: SourceMemory = {mark: null, changedAt: null, execution: null, told: null};

/** What sources looked like when they were last taken from, and the files that were taken (SPEC 11). */
export function sourceTable(database: ControlDatabase, now: () => string) {
	const read = database.prepare<[string], MemoryRow>('SELECT source, mark, changed_at, execution, told FROM sources WHERE connector = ?');
	const take = database.prepare(`
		INSERT OR REPLACE INTO sources (connector, source, mark, changed_at, execution) VALUES (@connector, @source, @mark, @at, @execution)`);
	const tell = database.prepare(`
		INSERT INTO sources (connector, source, told) VALUES (@connector, @source, @told)
		ON CONFLICT (connector) DO UPDATE SET told = @told,
			mark = CASE WHEN source = @source THEN mark END,
			changed_at = CASE WHEN source = @source THEN changed_at END,
			execution = CASE WHEN source = @source THEN execution END,
			source = @source`);
	const file = database.prepare<[string, string], FileRow>('SELECT * FROM source_files WHERE connector = ? AND path = ?');
	const takeFile = database.prepare(`
		INSERT OR REPLACE INTO source_files (connector, path, stat, mark, execution, taken_at)
		VALUES (@connector, @path, @stat, @mark, @execution, @takenAt)`);
	const restat = database.prepare('UPDATE source_files SET stat = ? WHERE connector = ? AND path = ?');
	// The files that wait for what becomes of them, and whose executions have ended.
	const unsettled = database.prepare<[], FileRow>(`
		SELECT f.* FROM source_files f JOIN executions e ON e.id = f.execution
		WHERE f.state = 'taken' AND e.ended_at IS NOT NULL
		ORDER BY f.taken_at, f.path`);
	const settle = database.prepare('UPDATE source_files SET state = ? WHERE connector = ? AND path = ? AND execution = ?');
	const fileOf = (row: FileRow): TakenFile => ({
		connector: row.connector,
		path: row.path,
		stat: row.stat,
		mark: row.mark,
		execution: row.execution,
		takenAt: row.taken_at,
		state: row.state as FileState,
	});
	return {
		/** @param source where it reads and how it sees changes, as JSON */
		memory(connector: string, source: string): SourceMemory {
			const row = read.get(connector);
			if (row?.source !== source) return nothing;
			return {mark: row.mark, changedAt: row.changed_at, execution: row.execution, told: row.told};
		},
		/** An execution takes what the source holds now. To be called together with its acceptance. */
		take: (connector: string, source: string, mark: string | null, execution: string) =>
			take.run({connector, source, mark, execution, at: now()}),
		/** The history was told how the source stands; it is told again when that changes. */
		tell: (connector: string, source: string, told: string | null) => tell.run({connector, source, told}),
		file(connector: string, path: string): TakenFile | null {
			const row = file.get(connector, path);
			return row ? fileOf(row) : null;
		},
		/** An execution takes a file. To be called together with its acceptance. */
		takeFile: (taken: Omit<TakenFile, 'takenAt' | 'state'>) => takeFile.run({...taken, takenAt: now()}),
		/** The same content under a new time. */
		restat: (connector: string, path: string, stat: string) => restat.run(stat, connector, path),
		/** Files whose executions have ended and whose retention is not settled yet, the oldest first. */
		unsettled: (): readonly TakenFile[] => unsettled.all().map(fileOf),
		/** What became of a file; `execution` took it last, or the row is another file's by now and stays as it is. */
		settle: ({connector, path, execution}: TakenFile, state: Exclude<FileState, 'taken'>) => settle.run(state, connector, path, execution),
	};
}
