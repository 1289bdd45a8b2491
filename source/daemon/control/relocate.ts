import type {ControlDatabase} from './open.js';

const fact = 'workspace';

/** `from` and `to` are absolute folders. A path below `from`, or `from` itself, at the same place below `to`; any other path as it is. */
export function rebased(path: string, from: string, to: string): string {
	return path === from || path.startsWith(`${from}/`) ? `${to}${path.slice(from.length)}` : path;
}

/**
 * What `control.db` keeps with an absolute path, brought to the folder that the workspace is in now: a workspace that was moved, copied or
 * restored must neither forget what it took and wrote, nor touch anything of the place it came from (SPEC 17).
 */
export function relocation(database: ControlDatabase) {
	const recall = database.prepare<[string], {value: string}>('SELECT value FROM facts WHERE name = ?');
	const remember = database.prepare('INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)');
	const anArtifact = database.prepare<[], {id: string; path: string}>(
		`SELECT id, coalesce(json_extract(progress, '$.artifacts.report'), json_extract(progress, '$.artifacts.sql_output')) path
		FROM executions WHERE path IS NOT NULL ORDER BY seq DESC LIMIT 1`,
	);
	const writtenFiles = database.prepare<[], {id: string; path: string}>(
		`SELECT id, json_extract(progress, '$.artifacts.export') path FROM executions WHERE operation = 'export' AND path IS NOT NULL`,
	);
	const writtenTo = database.prepare(`UPDATE executions SET progress = json_set(progress, '$.artifacts.export', ?) WHERE id = ?`);
	const attachments = database.prepare<[], {id: string; path: string}>(
		`SELECT id, json_extract(payload, '$.attachment') path FROM deliveries WHERE kind = 'mail' AND state != 'delivered' AND path IS NOT NULL`,
	);
	const attach = database.prepare(`UPDATE deliveries SET payload = json_set(payload, '$.attachment', ?) WHERE id = ?`);
	const takenFiles = database.prepare<[], {connector: string; path: string}>('SELECT connector, path FROM source_files');
	const takeAt = database.prepare('UPDATE OR REPLACE source_files SET path = ? WHERE connector = ? AND path = ?');
	const sources = database.prepare<[], {connector: string; source: string}>('SELECT connector, source FROM sources');
	const readFrom = database.prepare('UPDATE sources SET source = ? WHERE connector = ?');
	// A process that is recorded here works for the workspace that this one was copied from.
	const forgetProcesses = database.prepare(
		'UPDATE executions SET runner = NULL, worker = NULL WHERE runner IS NOT NULL OR worker IS NOT NULL',
	);

	/** Where an earlier version, which did not remember its folder, kept the files of executions. */
	const formerly = (): string | null => {
		const found = anArtifact.get();
		const at = found?.path.lastIndexOf(`/.sluice/executions/${found.id}/`) ?? -1;
		return found && at > 0 ? found.path.slice(0, at) : null;
	};

	return {
		/**
		 * The folder that the workspace is in now. To be called before anything uses a path of the database.
		 *
		 * @returns the folder it was in before; null when it has not changed, or there was none yet
		 */
		workspaceIs(to: string): string | null {
			const from = recall.get(fact)?.value ?? formerly();
			if (from !== to) remember.run(fact, to);
			if (from === null || from === to) return null;
			const here = (path: string): string => rebased(path, from, to);
			for (const {id, path} of writtenFiles.all()) if (here(path) !== path) writtenTo.run(here(path), id);
			for (const {id, path} of attachments.all()) if (here(path) !== path) attach.run(here(path), id);
			for (const {connector, path} of takenFiles.all()) if (here(path) !== path) takeAt.run(here(path), connector, path);
			for (const {connector, source} of sources.all()) {
				const moved = JSON.stringify(JSON.parse(source), (_key, value: unknown) => (typeof value === 'string' ? here(value) : value));
				if (moved !== source) readFrom.run(moved, connector);
			}
			forgetProcesses.run();
			return from;
		},
	};
}
