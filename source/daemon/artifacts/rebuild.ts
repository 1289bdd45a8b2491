import {join} from 'node:path';
import {writeSqlOutput} from '../../report/sql-output.js';
import {writeReport} from '../../report/workbook.js';
import type {StoredExecution} from '../control/stored-execution.js';
import {readSnapshot} from '../dispatch/snapshot.js';
import type {Services} from '../services.js';

/**
 * Builds the report or the SQL output of an ended execution again, from the tables it keeps (SPEC 9, DESIGN P7); until the new file is
 * whole, there is the old one or none.
 *
 * @returns its path; null when the execution keeps no tables to build it from
 */
export async function rebuild(services: Services, stored: StoredExecution, artifact: 'report' | 'sql_output'): Promise<string | null> {
	const {browse, paths, views, control, configuration} = services;
	const folder = paths.execution(stored.id);
	const snapshot = await readSnapshot(folder.configuration);
	if (!snapshot || stored.status === 'queued' || stored.status === 'running') return null;
	const {connector, objects} = snapshot;
	const built = await browse.tables(stored, async (session) => {
		if (artifact === 'sql_output') return await writeSqlOutput({session, folder: folder.path, target: join(folder.path, 'sql-output.zip')});
		const target = join(folder.path, 'report.xlsx');
		const diffCheck = connector.diffCheck && stored.diffCheck;
		const execution = views.execution(stored);
		const {timezone} = configuration.locale;
		return await writeReport({session, folder: folder.path, target, execution, connector, objects, diffCheck, timezone});
	});
	if (!built) return null;
	const {progress} = control.executions.known(stored.id);
	if (progress) control.executions.setProgress(stored.id, {...progress, artifacts: {...progress.artifacts, [artifact]: built.path}});
	return built.path;
}
