import {identifierOf} from '../../model/object.js';
import {type Explanation, explainRow} from '../../report/explain.js';
import {readRecords} from '../../store/sqlite/read-records.js';
import type {StoredExecution} from '../control/stored-execution.js';
import type {Services} from '../services.js';
import {inputText} from './peek-line.js';
import {noTables, tableContext} from './table-context.js';

const mostCandidates = 20;

/** One row of an execution through every stage, with who holds its matching values today (SPEC 13). */
export async function explain(services: Services, stored: StoredExecution, row: number, scope: string | undefined): Promise<Explanation> {
	const {browse, paths, configuration} = services;
	const {inputName: name} = stored;
	const context = await tableContext(paths, stored);
	const {automations, settings} = configuration.workspace;
	const explained = await browse.tables(stored, (session) =>
		explainRow(session, {
			...context,
			row,
			scope,
			automations,
			inputText: async (line) =>
				name === null
					? {texts: [], note: null}
					: await inputText(
							services,
							stored.connector,
							{name, path: paths.execution(stored.id).input(name), read: context.connector.read},
							line,
						),
			async candidates(name, field, value) {
				const object = configuration.workspace.objects.find(({apiName}) => apiName === name);
				if (!object) return [];
				const where = [{field, value: String(value)}];
				const {items} = await readRecords(settings.storeFile, object, {where, archived: true, limit: mostCandidates});
				const {apiName} = identifierOf(object);
				return items.map(({id, archived, fields}) => ({
					id,
					archived,
					record: Object.hasOwn(fields, apiName) ? String(fields[apiName]) : null,
				}));
			},
		}),
	);
	if (!explained) throw noTables(stored.id);
	return explained;
}
