import type {Dispatcher} from 'undici';
import {SluiceError} from '../../model/errors.js';
import {writeNew} from '../../platform/files/new-file.js';
import {agentTo, type Connections, type Line, type Route, routeTo} from './connections.js';
import {decoded} from './decode.js';
import {directNetwork, type Network} from './network.js';
import {type Hop, nextHop} from './redirect.js';
import {machineResolver, parsedTarget, type Resolve} from './target.js';
import {withinTime} from './within-time.js';

export type Outgoing = {
	readonly url: string;
	readonly method: 'GET' | 'POST';
	readonly headers: Readonly<Record<string, string>>;
	readonly body?: string;
	/** Hosts that may have a private address (`http.allow_hosts`). */
	readonly allowHosts: readonly string[];
	/** For all of it, redirects included; 30 s unless given. */
	readonly timeoutMs?: number;
	/** Cuts it off. */
	readonly signal?: AbortSignal;
	readonly largestAnswerBytes?: number;
	/** A new file that the body of a 200 goes to, without its `Content-Encoding`, in place of memory; the answer's `body` is empty then. */
	readonly saveTo?: string;
	/** Keeps connections for the next request; without it each request has one of its own. */
	readonly connections?: Connections;
	/** How it leaves this machine; directly, trusting public authorities, unless given. */
	readonly network?: Network;
	/** How names become addresses; the machine's resolver unless given. */
	readonly resolve?: Resolve;
};

export type Answer = {readonly status: number; readonly headers: Dispatcher.ResponseData['headers']; readonly body: Buffer};

const mostRedirects = 3;
/** The machine's resolver knows no end of its own. */
const resolveMs = 30_000;

/**
 * A request to the outside: the address is resolved once, checked, and pinned; redirects are followed by hand with the same checks,
 * and never carry a body or credentials to another place; time and size are bounded (SPEC 17).
 *
 * @throws SluiceError `outgoing.refused` for an address that may not be reached, `outgoing.failed` for everything else
 */
export async function sendOutside(outgoing: Outgoing): Promise<Answer> {
	const {url: first, headers, method, timeoutMs = 30_000} = outgoing;
	const signal = AbortSignal.any([AbortSignal.timeout(Math.ceil(timeoutMs)), ...(outgoing.signal ? [outgoing.signal] : [])]);
	let hop: Hop = {url: first, headers};
	for (let count = 0; count <= mostRedirects; count++) {
		const answer = await once({...outgoing, ...hop}, signal);
		const location = [answer.headers.location].flat()[0];
		if (answer.status < 300 || answer.status >= 400 || location === undefined) return answer;
		hop = nextHop(hop, location, method);
	}
	throw new SluiceError('outgoing.failed', `More than ${mostRedirects} redirects`, {where: new URL(first).origin});
}

async function once(outgoing: Outgoing, signal: AbortSignal): Promise<Answer> {
	const {url, connections, allowHosts, network = directNetwork, resolve = machineResolver} = outgoing;
	const target = parsedTarget(url);
	const line = await withinTime(
		connections ? connections.to(target, allowHosts, resolve, network) : routeTo(target, allowHosts, network, resolve).then(ownLine),
		AbortSignal.any([signal, AbortSignal.timeout(resolveMs)]),
		'The request took too long',
		target.origin,
	);
	const mayBeClosed = line.answered > 0;
	try {
		return await ask(outgoing, target, line, signal);
	} catch (cause) {
		// The other side closed a kept connection as the request was sent on it. That says nothing of the receiver: a new one does.
		if (mayBeClosed && wasClosed(cause) && !signal.aborted) return await askOnce(outgoing, target, await ownLine(line.route), signal);
		throw failed(cause, target);
	} finally {
		if (!connections) await line.agent.destroy();
	}
}

async function ownLine(route: Route): Promise<Line> {
	return {agent: await agentTo(route), route, answered: 0};
}

async function askOnce(outgoing: Outgoing, target: URL, line: Line, signal: AbortSignal): Promise<Answer> {
	try {
		return await ask(outgoing, target, line, signal);
	} catch (cause) {
		throw failed(cause, target);
	} finally {
		await line.agent.destroy();
	}
}

async function ask(
	{method, headers, body, largestAnswerBytes = 1_000_000, saveTo}: Outgoing,
	target: URL,
	line: Line,
	signal: AbortSignal,
): Promise<Answer> {
	const {request} = await import('undici');
	const answer = await request(target, {
		method,
		headers,
		...(body !== undefined && {body}),
		dispatcher: line.agent,
		signal,
	});
	const {statusCode: status, headers: heard} = answer;
	line.answered++;
	if (saveTo === undefined || status !== 200) return {status, headers: heard, body: await collect(answer.body, largestAnswerBytes)};
	await save(decoded(answer.body, heard['content-encoding']), saveTo, largestAnswerBytes);
	return {status, headers: heard, body: Buffer.alloc(0)};
}

function wasClosed(cause: unknown): boolean {
	const {code = ''} = cause as {code?: string};
	return ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(code);
}

function failed(cause: unknown, target: URL): SluiceError {
	if (cause instanceof SluiceError) return cause;
	return new SluiceError('outgoing.failed', `The request failed: ${(cause as Error).message}`, {where: target.origin, cause});
}

async function collect(answer: Dispatcher.ResponseData['body'], atMost: number): Promise<Buffer> {
	const parts: Buffer[] = [];
	for await (const part of bounded(answer, atMost)) parts.push(part);
	return Buffer.concat(parts);
}

async function save(answer: AsyncIterable<Buffer>, file: string, atMost: number): Promise<void> {
	await writeNew(file, async (target) => {
		for await (const part of bounded(answer, atMost)) await target.write(part);
	});
}

async function* bounded(answer: AsyncIterable<Buffer>, atMost: number): AsyncGenerator<Buffer> {
	let size = 0;
	for await (const part of answer) {
		size += part.length;
		if (size > atMost) throw new SluiceError('outgoing.failed', `The answer is larger than ${atMost} bytes`);
		yield part;
	}
}
