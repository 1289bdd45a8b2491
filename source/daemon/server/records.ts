import type {Hono} from 'hono';
import type {ObjectSummary} from '../../api/contract.js';
import {SluiceError, toSluiceError} from '../../model/errors.js';
import {identifierOf, type ObjectDefinition} from '../../model/object.js';
import {failpoint} from '../../platform/failpoint.js';
import {readRecords} from '../../store/sqlite/read-records.js';
import type {Actor} from '../control/history.js';
import type {Services} from '../services.js';
import {serve} from './answer.js';
import {mostItems, pageOf, pageSize} from './page.js';

/** Objects and their records. Whatever writes the store does so in a short runner: the daemon never does. */
export function serveRecords(app: Hono, services: Services): void {
	const {configuration, databases} = services;
	serve(app, 'GET /objects', () => pageOf(configuration.workspace.objects.map(summaryOf), {offset: 0, limit: 0}));
	serve(app, 'GET /objects/:name/records', async ({path, query: {find, where, archived, offset, limit: size}}) => {
		const limit = pageSize(size, mostItems.records);
		const {storeFile} = configuration.workspace.settings;
		databases.requireStore();
		const {objects} = configuration.workspace;
		const asked = {find, where: where.map(conditionOf), archived, offset, limit, objects};
		return await readRecords(storeFile, configuration.object(path('name')), asked);
	});
	serve(app, 'POST /objects/:name/archive', async ({path, body, actor}) => {
		return {archived: await change(services, 'archive', path('name'), body.identifiers, actor)};
	});
	serve(app, 'POST /objects/:name/unarchive', async ({path, body, actor}) => {
		return {unarchived: await change(services, 'unarchive', path('name'), body.identifiers, actor)};
	});
}

/** `field=value`; nothing behind the sign means blank. */
function conditionOf(where: string): {field: string; value: string} {
	const sign = where.indexOf('=');
	if (sign <= 0) throw new SluiceError('usage.invalid', `"${where}" is not a condition`, {expected: 'field=value'});
	return {field: where.slice(0, sign).trim(), value: where.slice(sign + 1).trim()};
}

function summaryOf(object: ObjectDefinition): ObjectSummary {
	return {
		api_name: object.apiName,
		name: object.name,
		identifier: identifierOf(object).apiName,
		fields: object.fields.map(({apiName, name, type, multiple}) => ({api_name: apiName, name, type, multiple})),
	};
}

/** Said before it is done: whatever dies on the way, the history never keeps silent about records that changed. */
async function change(
	{configuration, control, tasks, bus}: Services,
	task: 'archive' | 'unarchive',
	name: string,
	identifiers: readonly string[],
	actor: Actor,
): Promise<number> {
	await configuration.refresh();
	const object = configuration.object(name);
	const {storeFile} = configuration.workspace.settings;
	const detail = {object: name, identifiers: identifiers.slice(0, 100), of: identifiers.length};
	control.history.add(actor, {what: task, detail});
	failpoint('daemon.archive.told');
	try {
		const changed = (await tasks.run({task, storeFile, object, identifiers})) as number;
		failpoint('daemon.archive.done');
		bus.publish({type: 'records', object: name});
		return changed;
	} catch (error) {
		control.history.add(actor, {what: `${task} failed`, detail: {...detail, why: toSluiceError(error).message}});
		throw error;
	}
}
