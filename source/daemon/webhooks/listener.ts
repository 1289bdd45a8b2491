import type {IncomingMessage, Server, ServerResponse} from 'node:http';
import type {AddressInfo, ListenOptions} from 'node:net';
import {Hono} from 'hono';
import type {WebhookRequest} from '../../api/contract.js';
import {SluiceError, toSluiceError} from '../../model/errors.js';
import type {WebhookAuth} from '../../model/webhook-intake.js';
import type {Listen} from '../../workspace/settings.js';
import {boundedServer, type UnreadableRequest} from '../server/bounded-server.js';
import {challengeOf, type HookAnswer} from './hook-answer.js';
import {Unproven} from './proof/claim.js';
import {longestQueryBytes} from './read-request.js';
import {authOf, methods, type Receiver, receive, statusOfRefusal} from './receive.js';
import {clientOf} from './request-log.js';

export type Answered = {
	/** Hears of every answer; `connector` is null where there is no webhook connector of the name. */
	answered(connector: string | null, request: WebhookRequest): void;
	/** Hears of an error that nobody foresaw. */
	unforeseen(error: unknown): void;
};

/** A refusal, with its reason for the log of the workspace. */
type Refused = HookAnswer & {readonly code: string; readonly why: string};

/** What is remembered of how a request came. */
type Came = Pick<WebhookRequest, 'method' | 'bytes' | 'client'>;

type Bindings = {readonly Bindings: {readonly incoming: IncomingMessage; readonly outgoing: ServerResponse}};

const headersMs = 10_000;
const requestMs = 30_000;

/**
 * `/hooks/<api_name>` and nothing else: what listens here never serves the API (SPEC 16). Slashes that come twice or at the end do not count, and
 * the path of the public address may be in front (SPEC 25).
 */
export function hooks(receiver: Receiver, {answered, unforeseen}: Answered, publicPath: () => string = () => ''): Hono<Bindings> {
	const app = new Hono<Bindings>();
	const refuse = (thrown: unknown, auth: WebhookAuth | null = null): Refused => {
		const error = toSluiceError(thrown);
		const status = statusOfRefusal(error);
		if (status === 500) unforeseen(thrown);
		// why: what nobody foresaw may name files of this machine.
		const told = status === 500 ? new SluiceError('internal', 'Something went wrong here; send it again') : error;
		return {
			status,
			headers: {'Content-Type': 'application/json', ...moreHeaders(error, status, auth)},
			body: JSON.stringify(told.toJSON()),
			code: told.code,
			why: error instanceof Unproven ? error.reason : told.message,
		};
	};
	const said = (answer: HookAnswer | Refused, came: Came, name: string | null): Response => {
		const {status, headers, body} = answer;
		const code = 'code' in answer ? answer.code : null;
		const why = 'why' in answer ? answer.why : null;
		const known = name !== null && receiver.find(name)?.kind === 'webhook';
		answered(known ? name : null, {at: new Date().toISOString(), ...came, status, code, why});
		return new Response(status === 204 || body === '' ? null : body, {
			status,
			headers: {...headers, 'Content-Length': String(Buffer.byteLength(status === 204 ? '' : body))},
		});
	};
	app.all('*', async ({req, env: {incoming, outgoing}}) => {
		const came = cameAs(incoming);
		const name = connectorOf(req.path, publicPath());
		if (name === null) {
			const unknown = new SluiceError('webhook.unknown', 'Requests are taken in at /hooks/ and the api_name of a connector');
			return said(refuse(unknown), came, null);
		}
		const waits = incoming.headers.expect !== undefined;
		let wanted = !waits;
		const proceed = (): void => {
			if (!wanted) outgoing.writeContinue();
			wanted = true;
		};
		const answer = await receive(receiver, name, {incoming, proceed}).catch((error: unknown) => refuse(error, authOf(receiver.find(name))));
		// A body that was not asked for may come or not: the next request could not be told from it.
		return said(wanted ? answer : {...answer, headers: {...answer.headers, Connection: 'close'}}, came, name);
	});
	app.onError((error, {env: {incoming}}) => said(refuse(error), cameAs(incoming), null));
	return app;
}

/** Read as the request comes in: a request that is broken off has no socket when it is answered. */
function cameAs({method = 'GET', headers, socket}: IncomingMessage): Came {
	const length = Number(headers['content-length'] ?? Number.NaN);
	return {
		method,
		bytes: Number.isSafeInteger(length) ? length : null,
		client: clientOf([headers['x-forwarded-for']].flat()[0], (socket as typeof socket | null)?.remoteAddress),
	};
}

/** The connector that a path names; null for any other path. */
export function connectorOf(path: string, publicPath: string): string | null {
	const parts = partsOf(path);
	const before = partsOf(publicPath);
	const rest = before.length > 0 && before.every((part, index) => part === parts[index]) ? parts.slice(before.length) : parts;
	const [hooks, name, ...more] = rest;
	if (hooks !== 'hooks' || name === undefined || more.length > 0) return null;
	try {
		return decodeURIComponent(name);
	} catch {
		return null;
	}
}

function partsOf(path: string): readonly string[] {
	return path.split('/').filter((part) => part !== '');
}

function moreHeaders({code}: SluiceError, status: number, auth: WebhookAuth | null): Readonly<Record<string, string>> {
	if (status === 401) return {'WWW-Authenticate': challengeOf(auth)};
	if (status === 405) return {Allow: methods.join(', ')};
	if (status === 415) return {'Accept-Encoding': 'gzip, deflate'};
	if (status === 413) return {Connection: 'close'};
	if (status !== 503) return {};
	return code === 'webhook.busy' ? {'Retry-After': '30', Connection: 'close'} : {'Retry-After': '30'};
}

/** Connections that the kernel holds until they are accepted; it may have a lower bound of its own (`net.core.somaxconn`). */
const backlog = 4096;

export type Room = {
	/** How many connections are served at once. */
	mostConnections(): number;
	/** How many more wait for their turn. */
	mostWaiting(): number;
};

/** A port that is open. Connections wait until it is said what serves them. */
export type Door = {readonly listen: Listen; readonly server: Server; serve(app: Hono<Bindings>, room: Room): void};

/**
 * Opens the port, or takes the one that systemd holds open for us: then a restart, or the end of this process in any way, loses no connection
 * attempt that the backlog can hold (SPEC 25).
 *
 * @param mostWaiting how many connections wait until it serves
 * @throws whatever keeps the address from being listened on, such as EADDRINUSE
 */
export async function openDoor(listen: Listen, mostWaiting: number): Promise<Door> {
	let serving: {readonly app: Hono<Bindings>; readonly room: Room} | null = null;
	const server = boundedServer(
		(request, bindings) => serving?.app.fetch(request, bindings) ?? new Response(null, {status: 503, headers: {'Retry-After': '30'}}),
		{
			mostConnections: () => serving?.room.mostConnections() ?? 0,
			mostWaiting: () => serving?.room.mostWaiting() ?? mostWaiting,
			headersMs,
			requestMs,
			statusOf: statusOfUnreadable,
			asksForBodies: true,
		},
	);
	const {host, port} = listen;
	const fd = inheritedSocket();
	await listening(server, fd === null ? {host, port, backlog} : {fd});
	if (fd !== null && (server.address() as AddressInfo).port !== port) {
		await new Promise((resolve) => server.close(resolve));
		return await openDoor(listen, mostWaiting);
	}
	// It does not keep a process alive that comes to nothing.
	server.unref();
	return {
		listen,
		server,
		serve(app, room) {
			serving = {app, room};
			server.ref();
		},
	};
}

async function listening(server: Server, at: ListenOptions | {readonly fd: number}): Promise<void> {
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(at, resolve);
	});
}

/** The listening socket that this process was started with, as systemd hands it over (sd_listen_fds); it is there for one taker. */
function inheritedSocket(): number | null {
	const {LISTEN_FDS: count, LISTEN_PID: pid} = process.env;
	if (count !== '1' || Number(pid) !== process.pid) return null;
	delete process.env.LISTEN_FDS;
	delete process.env.LISTEN_PID;
	return 3;
}

/** Opens the port and serves. @throws whatever keeps the address from being listened on */
export async function openListener(app: Hono<Bindings>, listen: Listen, room: Room): Promise<Server> {
	const door = await openDoor(listen, room.mostWaiting());
	door.serve(app, room);
	return door.server;
}

/** What Node's parser refuses never becomes a request. A first line without end is a query that is too long. */
function statusOfUnreadable({code, rawPacket}: UnreadableRequest): number {
	const firstLine = rawPacket?.indexOf('\r\n') ?? -1;
	const overflow = code === 'HPE_HEADER_OVERFLOW';
	if (overflow && (firstLine < 0 || firstLine > longestQueryBytes)) return 414;
	return overflow ? 431 : code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
}
