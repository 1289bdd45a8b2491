import type {Hono} from 'hono';
import {failpoint} from '../../platform/failpoint.js';
import {artifactFile, artifactNamed} from '../artifacts/artifact-file.js';
import {failureChecklist} from '../failure/checklist.js';
import {protectedPlaces} from '../protected-places.js';
import type {Services} from '../services.js';
import {confirmed} from '../submit/confirmed.js';
import {rerun} from '../submit/rerun.js';
import {run} from '../submit/run.js';
import {serve} from './answer.js';
import type {DaemonHooks} from './daemon.js';
import {knownConnector} from './known-connector.js';
import {mostItems, page, pageSize} from './page.js';
import {sendStream} from './send-stream.js';

/** Executions: started, listed, followed, cancelled, run again. */
export function serveExecutions(app: Hono, services: Services, {requested}: Pick<DaemonHooks, 'requested'>): void {
	const {configuration, control, dispatcher, log, logs, paths, views, bus} = services;
	const shown = (id: string) => views.execution(control.executions.known(id));
	serve(app, 'GET /executions', ({query}) => {
		if (query.connector !== null) knownConnector(services, query.connector);
		const {items, total} = control.executions.list({...query, limit: pageSize(query.limit, mostItems.executions)});
		return page(items.map(views.execution), total, query.offset);
	});
	serve(app, 'POST /executions', async ({body, upload, actor}) => {
		const sent = upload && {name: body.input ?? '', request: upload, arrived: requested};
		return shown((await run(services, body, sent, actor)).id);
	});
	serve(app, 'GET /executions/:id', ({path}) => views.execution(control.executions.find(path('id'))));
	serve(app, 'GET /executions/:id/log', async ({path, query: {offset, limit}}) => {
		const {id} = control.executions.find(path('id'));
		return await logs.read(id, offset, pageSize(limit, mostItems.log));
	});
	serve(app, 'GET /executions/:id/checklist', async ({path}) => await failureChecklist(services, control.executions.find(path('id'))));
	serve(app, 'POST /executions/:id/cancel', async ({path, body, actor}) => {
		const {id, connector} = control.executions.find(path('id'));
		confirmed(configuration, connector, body.confirm);
		await dispatcher.cancel(id, actor);
		return shown(id);
	});
	serve(app, 'POST /executions/:id/ack', ({path, actor}) => {
		const {id, connector, ackedAt} = control.executions.find(path('id'));
		const clears = control.connectors.state(connector).needsAttention && control.executions.lastSettled(connector)?.id === id;
		if (ackedAt === null || clears) {
			failpoint('daemon.ack.before');
			control.together(() => {
				control.executions.acknowledge(id, control.now());
				if (clears) control.connectors.setAttention(connector, false);
				control.history.add(actor, {what: 'ack', connector, execution: id});
			});
			failpoint('daemon.ack.after');
			bus.publish({type: 'execution', execution: shown(id)});
			if (configuration.find(connector)) bus.publish({type: 'connector', connector: views.summary(connector)});
		}
		return shown(id);
	});
	serve(app, 'POST /executions/:id/rerun', async ({path, body, actor}) => {
		const original = control.executions.find(path('id'));
		return shown((await rerun(services, original, body, actor)).id);
	});
	serve(app, 'GET /executions/:id/artifacts/:artifact', async ({path, query, actor, outgoing}) => {
		const stored = control.executions.find(path('id'));
		const asked = {artifact: artifactNamed(path('artifact')), safeCsv: query.safe_csv, to: query.to, sent: requested};
		return await sendStream(outgoing, await artifactFile(services, stored, asked, actor), log);
	});
	serve(app, 'GET /places', () => protectedPlaces(paths, configuration.workspace.settings.storeFile));
}
