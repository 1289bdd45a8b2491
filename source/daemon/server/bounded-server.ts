import {type IncomingMessage, type Server, type ServerResponse, STATUS_CODES} from 'node:http';
import type {Socket} from 'node:net';
import {createAdaptorServer} from '@hono/node-server';
import {type ErrorBody, SluiceError} from '../../model/errors.js';

export type Bounds = {
	/** How many connections are held at once; asked at each one that comes. */
	mostConnections(): number;
	/** How many connections wait for their turn where there is no room for them, in place of a refusal; none unless given. */
	mostWaiting?(): number;
	/** Whether `fetch` itself tells a sender that waits with `Expect: 100-continue` to go on. */
	readonly asksForBodies?: boolean;
	/** From the first byte of a connection to the last of the head. */
	readonly headersMs: number;
	/** From the last byte of the head to the last of the body. */
	readonly requestMs: number;
	/** Whether the body may take longer, as long as it goes on arriving: `leastBytes` in each `requestMs`. */
	isUpload?(request: IncomingMessage): boolean;
	/** Where there is no room, a connection that has waited so long for the rest of its request makes way for a new one. Default: 5 s. */
	readonly unfinishedMs?: number;
	/** The status for a request that Node's parser refuses; 400 unless given. */
	statusOf?(error: UnreadableRequest): number;
};

export type UnreadableRequest = NodeJS.ErrnoException & {readonly rawPacket?: Buffer};

type Fetch = (request: Request, environment: {incoming: IncomingMessage; outgoing: ServerResponse}) => Response | Promise<Response>;

const mostCheckEveryMs = 5_000;
const keepAliveMs = 5_000;
/** 1 KB a second at the bound of 30 seconds. */
const leastBytes = 30_000;
const unfinishedMostMs = 5_000;
/** How long an answer may wait for a client that takes nothing of it. */
const stalledMs = 50_000;
/** How long a refused client has to read its answer and close. Node would wait for ever for one that never closes. */
const goodbyeMs = 1_000;
/** Connections beyond the bound that still read their answer; more are closed without one. */
const mostSurplus = 16;
/** How long a connection waits for its turn before it is refused. */
const waitMs = 30_000;
/** How often connections that wait are looked at, as connections that make way grow old. */
const lookMs = 250;

/**
 * An HTTP server whose connections end. One that does not finish its request in time is answered 408 and destroyed; one that does not take
 * its answer is destroyed. One more than there is room for takes the place of the oldest that has not finished its request for a while;
 * where there is none, it waits for its turn where that is allowed, or is answered 503 at once (SPEC 17, 25).
 */
export function boundedServer(fetch: Fetch, bounds: Bounds): Server {
	const {mostConnections, headersMs, requestMs, unfinishedMs = unfinishedMostMs, statusOf = statusOfUnreadable} = bounds;
	const isUpload = bounds.isUpload ?? (() => false);
	const server = createAdaptorServer({
		fetch: fetch as never,
		serverOptions: {
			headersTimeout: headersMs,
			// `endSlowBodies` is in its place: Node has one bound for all requests.
			requestTimeout: 0,
			keepAliveTimeout: keepAliveMs,
			connectionsCheckingInterval: Math.min(mostCheckEveryMs, headersMs),
		},
	}) as Server;
	/** What is refused already: more of what a client sends is unreadable too. */
	const leaving = new WeakSet<Socket>();
	server.on('clientError', (error: UnreadableRequest, stream) => {
		const socket = stream as Socket;
		if (leaving.has(socket)) return;
		if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
		else sayGoodbye(socket, answerOf(statusOf(error)), leaving);
	});
	const surplus = new Set<Socket>();
	const unfinished = unfinishedRequests(server, isUpload);
	endSlowBodies(server, {requestMs, isUpload});
	const makeRoom = (): boolean => {
		const [oldest] = unfinished;
		if (!oldest || performance.now() - oldest[1] < unfinishedMs) return false;
		oldest[0].destroy();
		return unfinished.delete(oldest[0]);
	};
	const room = {most: mostConnections, makeRoom, mostWaiting: bounds.mostWaiting ?? (() => 0)};
	const refuseWaiting = holdAtMost(server, room, (socket) => {
		if (surplus.size >= mostSurplus) socket.destroy();
		else sayGoodbye(socket, full, surplus);
	});
	const closeAll = server.closeAllConnections.bind(server);
	server.closeAllConnections = () => {
		refuseWaiting((socket) => sayGoodbye(socket, full, leaving));
		closeAll();
	};
	if (bounds.asksForBodies) {
		server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => server.emit('request', request, response));
	}
	destroyStalled(server);
	return server;
}

/** Answers, closes, and destroys the connection of a client that does not close in its turn. */
function sayGoodbye(socket: Socket, answer: string, leaving: Set<Socket> | WeakSet<Socket>): void {
	leaving.add(socket);
	const timer = setTimeout(() => socket.destroy(), goodbyeMs);
	socket.once('close', () => {
		clearTimeout(timer);
		leaving.delete(socket);
	});
	socket.on('error', () => socket.destroy());
	socket.end(answer);
	socket.resume();
}

type Uploads = {isUpload(request: IncomingMessage): boolean};

/** Answers 408 to a request whose body does not come in time, and destroys its connection. */
function endSlowBodies(server: Server, {requestMs, isUpload}: Uploads & {readonly requestMs: number}): void {
	server.on('request', (request: IncomingMessage, response) => {
		const {socket} = request;
		let before = socket.bytesRead;
		const timer = setInterval(() => {
			const arrived = socket.bytesRead - before;
			before = socket.bytesRead;
			if (!request.complete && isUpload(request) && arrived >= leastBytes) return;
			clearInterval(timer);
			if (request.complete) return;
			if (response.headersSent) socket.destroy();
			else
				server.emit('clientError', Object.assign(new Error('The body did not come in time'), {code: 'ERR_HTTP_REQUEST_TIMEOUT'}), socket);
		}, requestMs);
		timer.unref();
		response.once('close', () => clearInterval(timer));
	});
}

/** The connections whose request has not come whole, with the moment since when, the oldest first. An upload is bounded by `endSlowBodies`. */
function unfinishedRequests(server: Server, isUpload: Uploads['isUpload']): Map<Socket, number> {
	const since = new Map<Socket, number>();
	server.on('connection', (socket: Socket) => {
		since.set(socket, performance.now());
		socket.once('close', () => since.delete(socket));
	});
	server.on('request', (request: IncomingMessage) => {
		if (isUpload(request)) since.delete(request.socket);
		else request.once('end', () => since.delete(request.socket));
	});
	return since;
}

type RoomToServe = {most(): number; mostWaiting(): number; makeRoom(): boolean};

/**
 * Hands a connection to HTTP only where there is room for it; until then it waits, the first first, and nothing of it is parsed. HTTP's own
 * bound, `maxConnections`, closes without an answer.
 *
 * @returns what refuses those that wait
 */
function holdAtMost(server: Server, room: RoomToServe, refuse: (socket: Socket) => void) {
	const serve = server.listeners('connection') as ((socket: Socket) => void)[];
	server.removeAllListeners('connection');
	let held = 0;
	const waiting = new Map<Socket, number>();
	let looking: NodeJS.Timeout | null = null;
	const hasRoom = (): boolean => held < room.most() || room.makeRoom();
	const begin = (socket: Socket): void => {
		held++;
		socket.once('close', () => {
			held--;
			look();
		});
		for (const listener of serve) listener.call(server, socket);
	};
	const look = (): void => {
		for (const [socket, since] of waiting) {
			const late = performance.now() - since > waitMs;
			if (!late && !hasRoom()) break;
			waiting.delete(socket);
			socket.removeListener('error', ignore);
			if (late) refuse(socket);
			else begin(socket);
		}
		if (waiting.size > 0) return;
		if (looking) clearInterval(looking);
		looking = null;
	};
	server.on('connection', (socket: Socket) => {
		if (waiting.size === 0 && hasRoom()) begin(socket);
		else if (waiting.size < room.mostWaiting()) {
			socket.on('error', ignore);
			socket.once('close', () => waiting.delete(socket));
			waiting.set(socket, performance.now());
			looking ??= setInterval(look, lookMs).unref();
		} else refuse(socket);
	});
	const refuseWaiting = (goodbye: (socket: Socket) => void): void => {
		for (const socket of waiting.keys()) {
			waiting.delete(socket);
			goodbye(socket);
		}
		look();
	};
	// A connection that is kept for another request would keep its place from one that waits.
	server.on('request', (_, response: ServerResponse) => {
		if (waiting.size > 0 || !server.listening) response.shouldKeepAlive = false;
	});
	server.on('close', () => {
		if (looking) clearInterval(looking);
	});
	return refuseWaiting;
}

/** A connection that breaks while it waits is closed, and that is heard. */
function ignore(): void {}

/** Destroys what is idle between requests, and what does not take its answer. A request that is being worked on may take its time. */
function destroyStalled(server: Server): void {
	const working = new WeakMap<Socket, number>();
	server.on('request', ({socket}: IncomingMessage, response) => {
		working.set(socket, (working.get(socket) ?? 0) + 1);
		response.once('close', () => working.set(socket, (working.get(socket) ?? 1) - 1));
	});
	server.setTimeout(stalledMs, (socket: Socket) => {
		if (socket.writableLength > 0 || (working.get(socket) ?? 0) === 0) socket.destroy();
	});
}

function statusOfUnreadable({code}: UnreadableRequest): number {
	if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 408;
	return code === 'HPE_HEADER_OVERFLOW' ? 431 : 400;
}

function answerOf(status: number, headers = '', body = ''): string {
	const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n${headers}Content-Length: ${Buffer.byteLength(body)}`;
	return `${head}\r\n\r\n${body}`;
}

const tooMany: ErrorBody = new SluiceError('daemon.full', 'As many connections are open as the daemon can hold').toJSON();
const full = answerOf(503, 'Retry-After: 30\r\nContent-Type: application/json\r\n', JSON.stringify(tooMany));
