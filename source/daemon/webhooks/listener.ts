import type {IncomingMessage, Server} from 'node:http';
import {Hono} from 'hono';
import {SluiceError, toSluiceError} from '../../model/errors.js';
import {endSeconds, type WebhookWindow} from '../../model/webhook-window.js';
import type {Listen} from '../../workspace/settings.js';
import {boundedServer, type UnreadableRequest} from '../server/bounded-server.js';
import {longestQueryBytes} from './read-request.js';
import {type Receiver, receive, statusOfRefusal} from './receive.js';

export type Answered = {
	/** Hears the status of every answer. */
	answered(status: number): void;
	/** Hears of an error that nobody foresaw. */
	unforeseen(error: unknown): void;
};

type Bindings = {readonly Bindings: {readonly incoming: IncomingMessage}};

const headersMs = 10_000;
const requestMs = 30_000;

/** `/hooks/<api_name>` and nothing else: what listens here never serves the API (SPEC 16). */
export function hooks(receiver: Receiver, {answered, unforeseen}: Answered): Hono<Bindings> {
	const app = new Hono<Bindings>();
	const refuse = (thrown: unknown): Response => {
		const error = toSluiceError(thrown);
		const status = statusOfRefusal(error);
		if (status === 500) unforeseen(thrown);
		// why: what nobody foresaw may name files of this machine.
		const body = status === 500 ? new SluiceError('internal', 'Something went wrong here; send it again').toJSON() : error.toJSON();
		answered(status);
		return new Response(JSON.stringify(body), {status, headers: {'Content-Type': 'application/json', ...moreHeaders(status)}});
	};
	app.all('/hooks/:name', async ({req, env}) => {
		try {
			const {id, window} = await receive(receiver, req.param('name'), env.incoming);
			answered(201);
			const more = window ? {'X-Sluice-Window': windowText(window)} : {'Idempotency-Replayed': 'true'};
			return new Response(JSON.stringify({id}), {status: 201, headers: {'Content-Type': 'application/json', ...more}});
		} catch (error) {
			return refuse(error);
		}
	});
	app.notFound(() => refuse(new SluiceError('webhook.unknown', 'Requests are taken in at /hooks/ and the api_name of a connector')));
	app.onError(refuse);
	return app;
}

/** The window a request was gathered in, as an ISO 8601 interval. */
function windowText(window: WebhookWindow): string {
	return [window.startSeconds, endSeconds(window)].map((seconds) => new Date(seconds * 1000).toISOString()).join('/');
}

function moreHeaders(status: number): Readonly<Record<string, string>> {
	if (status === 401) return {'WWW-Authenticate': 'Bearer'};
	if (status === 405) return {Allow: 'GET, POST'};
	if (status === 415) return {'Accept-Encoding': 'gzip, deflate'};
	if (status === 413) return {Connection: 'close'};
	return status === 503 ? {'Retry-After': '30'} : {};
}

/** @throws whatever keeps the address from being listened on, such as EADDRINUSE */
export async function openListener(app: Hono<Bindings>, {host, port}: Listen, mostConnections: () => number): Promise<Server> {
	const server = boundedServer(app.fetch as never, {mostConnections, headersMs, requestMs, statusOf: statusOfUnreadable});
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, host, resolve);
	});
	return server;
}

/** What Node's parser refuses never becomes a request. A first line without end is a query that is too long. */
function statusOfUnreadable({code, rawPacket}: UnreadableRequest): number {
	const firstLine = rawPacket?.indexOf('\r\n') ?? -1;
	const overflow = code === 'HPE_HEADER_OVERFLOW';
	if (overflow && (firstLine < 0 || firstLine > longestQueryBytes)) return 414;
	return overflow ? 431 : code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
}
