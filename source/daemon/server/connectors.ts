import type {Hono} from 'hono';
import {activate, deactivate} from '../activation/activate.js';
import {infer} from '../activation/infer.js';
import {queueOf} from '../activation/queue-view.js';
import {validate} from '../activation/validate.js';
import type {Services} from '../services.js';
import {cancelLook} from '../source/cancel-look.js';
import {testSource} from '../source/test-source.js';
import {testWebhook} from '../webhooks/test-request.js';
import {serve} from './answer.js';
import {knownConnector} from './known-connector.js';
import {mostItems, page, pageOf, pageSize} from './page.js';

/** Connectors: their state, queue, activation and history. */
export function serveConnectors(app: Hono, services: Services): void {
	const {configuration, control, views} = services;
	serve(app, 'GET /status', () => views.status());
	serve(app, 'GET /connectors', () => pageOf(configuration.names.map(views.summary), {offset: 0, limit: 0}));
	serve(app, 'GET /connectors/:name', ({path}) => views.detail(path('name')));
	serve(app, 'GET /connectors/:name/queue', ({path, actor}) => {
		const {apiName} = configuration.entry(path('name'));
		const queue = queueOf(control, apiName);
		control.connectors.markShown(apiName, actor.who, queue.revision);
		return queue;
	});
	serve(app, 'POST /connectors/:name/activate', async ({path, body, actor}) => {
		await activate(services, path('name'), body, actor);
		return views.summary(path('name'));
	});
	serve(app, 'POST /connectors/:name/deactivate', async ({path, actor}) => {
		await deactivate(services, path('name'), actor);
		return views.summary(path('name'));
	});
	serve(app, 'GET /history', ({query: {find, offset, limit}}) => {
		const {items, total} = control.history.list(null, offset, pageSize(limit, mostItems.history), find);
		return page(items, total, offset);
	});
	serve(app, 'GET /connectors/:name/history', ({path, query: {find, offset, limit}}) => {
		knownConnector(services, path('name'));
		const {items, total} = control.history.list(path('name'), offset, pageSize(limit, mostItems.history), find);
		return page(items, total, offset);
	});
	serve(app, 'POST /connectors/:name/infer', ({path, body, actor}) => infer(services, path('name'), body.to_write, actor));
	serve(app, 'GET /connectors/:name/webhook/log', ({path}) =>
		pageOf(services.webhooks.log(configuration.entry(path('name')).apiName), {offset: 0, limit: 0}),
	);
	serve(app, 'POST /connectors/:name/webhook/test', ({path, body, actor}) => testWebhook(services, path('name'), body, actor));
	serve(app, 'POST /connectors/:name/source/test', ({path, signal}) => testSource(services, path('name'), signal()));
	serve(app, 'POST /connectors/:name/source/cancel', ({path, actor}) => cancelLook(services, path('name'), actor));
	serve(app, 'POST /validate', async ({body: {connector}}) => ({problems: await validate(services, connector ?? null)}));
}
