import type {Hono} from 'hono';
import {openApiDocument} from '../../api/openapi/document.js';
import {diskTroubleOf} from '../../platform/disk-trouble.js';
import {backup} from '../backup/backup.js';
import {doctor} from '../doctor.js';
import {eventStream} from '../events/stream.js';
import type {Services} from '../services.js';
import {serve} from './answer.js';
import {mostItems, page, pageSize} from './page.js';
import {sendStream} from './send-stream.js';

/** What the routes need of the daemon's own life. */
export type DaemonHooks = {
	/** Somebody asked something: the idle clock begins again. */
	requested(): void;
	/** Ends the daemon, after the answer is out. */
	stop(): void;
};

/** The daemon itself: its state, its events, its measures. */
export function serveDaemon(app: Hono, services: Services, {requested, stop}: DaemonHooks): void {
	const {views, control, configuration, metrics, bus, log} = services;
	serve(app, 'GET /daemon', () => views.daemon());
	serve(app, 'POST /daemon/stop', ({actor}) => {
		try {
			control.history.add(actor, {what: 'daemon stop'});
		} catch (error) {
			// why: a full disk is no reason to be unable to stop
			if (!diskTroubleOf(error)) throw error;
			log.warn({err: error}, 'that it was told to stop could not be written');
		}
		setImmediate(stop);
		return views.daemon();
	});
	serve(app, 'GET /events', ({header}) => {
		const headers = {'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store'};
		return new Response(eventStream(bus, header('Last-Event-ID') ?? null), {headers});
	});
	serve(app, 'POST /backup', async ({body: {to}, actor, outgoing}) =>
		sendStream(outgoing, await backup(services, {to, sent: requested}, actor), log),
	);
	serve(app, 'GET /deliveries', ({query: {find, offset, limit}}) => {
		const {items, total} = control.deliveries.list(offset, pageSize(limit, mostItems.deliveries), find);
		return page(items, total, offset);
	});
	serve(app, 'POST /deliveries/:id/redeliver', ({path, actor}) => {
		const delivery = control.deliveries.redeliver(path('id'));
		control.history.add(actor, {what: 'redeliver', execution: delivery.execution, detail: {delivery: delivery.id, to: delivery.to}});
		services.courier.wake();
		return delivery;
	});
	serve(app, 'GET /metrics', () => {
		const headers = {'Content-Type': 'text/plain; version=0.0.4; charset=utf-8'};
		return new Response(metrics.text(control, configuration.names), {headers});
	});
	serve(app, 'GET /openapi.json', () => openApiDocument(views.daemon().version));
	serve(app, 'GET /doctor', async () => ({
		items: await doctor(services.paths, configuration.workspace.settings, await services.sandbox.now()),
	}));
}
