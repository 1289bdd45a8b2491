import type {Hono} from 'hono';
import {failpoint} from '../../engine/failpoint.js';
import {exportArtifact} from '../artifacts/export-artifact.js';
import {failureChecklist} from '../failure/checklist.js';
import type {Rooms} from '../rooms.js';
import {confirmed} from '../submit/confirmed.js';
import {rerun} from '../submit/rerun.js';
import {run} from '../submit/run.js';
import {serve} from './answer.js';
import {knownConnector} from './known-connector.js';
import {mostItems, page, pageSize} from './page.js';

/** Executions: started, listed, followed, cancelled, run again. */
export function serveExecutions(app: Hono, rooms: Rooms): void {
	const {configuration, control, dispatcher, logs, views, bus} = rooms;
	const shown = (id: string) => views.execution(control.executions.known(id));
	serve(app, 'GET /executions', ({query}) => {
		if (query.connector !== null) knownConnector(rooms, query.connector);
		const {items, total} = control.executions.list({...query, limit: pageSize(query.limit, mostItems.executions)});
		return page(items.map(views.execution), total, query.offset);
	});
	serve(app, 'POST /executions', async ({body, actor}) => shown((await run(rooms, body, actor)).id));
	serve(app, 'GET /executions/:id', ({path}) => views.execution(control.executions.find(path('id'))));
	serve(app, 'GET /executions/:id/log', async ({path, query: {offset, limit}}) => {
		const {id} = control.executions.find(path('id'));
		return await logs.read(id, offset, pageSize(limit, mostItems.log));
	});
	serve(app, 'GET /executions/:id/checklist', async ({path}) => await failureChecklist(rooms, control.executions.find(path('id'))));
	serve(app, 'POST /executions/:id/cancel', async ({path, body, actor}) => {
		const {id, connector} = control.executions.find(path('id'));
		confirmed(configuration, connector, body.confirm);
		await dispatcher.cancel(id, actor);
		return shown(id);
	});
	serve(app, 'POST /executions/:id/ack', ({path, actor}) => {
		const {id, connector, ackedAt} = control.executions.find(path('id'));
		if (ackedAt === null) {
			failpoint('daemon.ack.before');
			control.together(() => {
				control.executions.acknowledge(id, control.now());
				control.history.add(actor, {what: 'ack', connector, execution: id});
			});
			failpoint('daemon.ack.after');
			bus.publish({type: 'execution', execution: shown(id)});
		}
		return shown(id);
	});
	serve(app, 'POST /executions/:id/rerun', async ({path, body, actor}) => {
		const original = control.executions.find(path('id'));
		return shown((await rerun(rooms, original, body, actor)).id);
	});
	serve(app, 'POST /executions/:id/export', async ({path, body, actor}) => {
		const stored = control.executions.find(path('id'));
		return await exportArtifact(rooms, stored, body, actor);
	});
}
