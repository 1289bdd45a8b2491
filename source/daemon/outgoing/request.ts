import {open} from 'node:fs/promises';
import type {LookupFunction} from 'node:net';
import type {Dispatcher} from 'undici';
import {SluiceError} from '../../model/errors.js';
import {decoded} from './decode.js';
import {type Hop, nextHop} from './redirect.js';
import {type Addresses, addressesOf, machineResolver, parsedTarget, type Resolve} from './target.js';
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
	/** How names become addresses; the machine's resolver unless given. */
	readonly resolve?: Resolve;
};

export type Answer = {readonly status: number; readonly headers: Dispatcher.ResponseData['headers']; readonly body: Buffer};

const mostRedirects = 3;
/** The machine's resolver knows no end of its own. */
const resolveMs = 30_000;
const connectMs = 30_000;
/** How long one of several addresses has to take a connection, before the next is tried. */
const attemptMs = 2_000;
/** A server that sends nothing for this long is given up, however long the whole may take. */
const silenceMs = 60_000;

/**
 * A request to the outside: the address is resolved once, checked, and pinned; redirects are followed by hand with the same checks,
 * and never carry a body or credentials to another place; time and size are bounded (SPEC 17).
 *
 * @throws SluiceError `outgoing.refused` for an address that may not be reached, `outgoing.failed` for everything else
 */
export async function sendOutside(outgoing: Outgoing): Promise<Answer> {
	const {url: first, headers, method, timeoutMs = 30_000} = outgoing;
	const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(outgoing.signal ? [outgoing.signal] : [])]);
	let hop: Hop = {url: first, headers};
	for (let count = 0; count <= mostRedirects; count++) {
		const answer = await once({...outgoing, ...hop}, signal);
		const location = [answer.headers.location].flat()[0];
		if (answer.status < 300 || answer.status >= 400 || location === undefined) return answer;
		hop = nextHop(hop, location, method);
	}
	throw new SluiceError('outgoing.failed', `More than ${mostRedirects} redirects`, {where: new URL(first).origin});
}

async function once(
	{url, method, headers, body, allowHosts, timeoutMs = 30_000, largestAnswerBytes = 1_000_000, saveTo, resolve = machineResolver}: Outgoing,
	signal: AbortSignal,
): Promise<Answer> {
	const target = parsedTarget(url);
	const addresses = await withinTime(
		addressesOf(target, allowHosts, resolve),
		AbortSignal.any([signal, AbortSignal.timeout(resolveMs)]),
		'The request took too long',
		target.origin,
	);
	// why: loaded at the first request. It takes longer to load than everything else a daemon without deliveries needs.
	const {Agent, request} = await import('undici');
	// Pinned: another resolution could give another address than those that were checked. Each is tried until one answers.
	const connect = {
		lookup: pinnedTo(addresses),
		timeout: Math.min(timeoutMs, connectMs),
		autoSelectFamily: true,
		autoSelectFamilyAttemptTimeout: attemptMs,
	};
	const agent = new Agent({connect, headersTimeout: silenceMs, bodyTimeout: silenceMs});
	try {
		const answer = await request(target, {
			method,
			headers,
			...(body !== undefined && {body}),
			dispatcher: agent,
			signal,
		});
		const {statusCode: status, headers: heard} = answer;
		if (saveTo === undefined || status !== 200) return {status, headers: heard, body: await collect(answer.body, largestAnswerBytes)};
		await save(decoded(answer.body, heard['content-encoding']), saveTo, largestAnswerBytes);
		return {status, headers: heard, body: Buffer.alloc(0)};
	} catch (cause) {
		if (cause instanceof SluiceError) throw cause;
		throw new SluiceError('outgoing.failed', `The request failed: ${(cause as Error).message}`, {where: target.origin, cause});
	} finally {
		await agent.destroy();
	}
}

function pinnedTo(addresses: Addresses): LookupFunction {
	return (_host, {all}, answer) => {
		const [{address, family}] = addresses;
		if (all) answer(null, [...addresses]);
		else answer(null, address, family);
	};
}

async function collect(answer: Dispatcher.ResponseData['body'], atMost: number): Promise<Buffer> {
	const parts: Buffer[] = [];
	for await (const part of bounded(answer, atMost)) parts.push(part);
	return Buffer.concat(parts);
}

async function save(answer: AsyncIterable<Buffer>, file: string, atMost: number): Promise<void> {
	const target = await open(file, 'wx', 0o600);
	try {
		for await (const part of bounded(answer, atMost)) await target.write(part);
		await target.sync();
	} finally {
		await target.close();
	}
}

async function* bounded(answer: AsyncIterable<Buffer>, atMost: number): AsyncGenerator<Buffer> {
	let size = 0;
	for await (const part of answer) {
		size += part.length;
		if (size > atMost) throw new SluiceError('outgoing.failed', `The answer is larger than ${atMost} bytes`);
		yield part;
	}
}
