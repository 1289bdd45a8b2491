import {lookup} from 'node:dns/promises';
import {open} from 'node:fs/promises';
import {isIP, type LookupFunction} from 'node:net';
import type {Dispatcher} from 'undici';
import {SluiceError} from '../../model/errors.js';
import {isPrivateAddress} from './private-address.js';

export type Outgoing = {
	readonly url: string;
	readonly method: 'GET' | 'POST';
	readonly headers: Readonly<Record<string, string>>;
	readonly body?: string;
	/** Hosts that may have a private address (`http.allow_hosts`). */
	readonly allowHosts: readonly string[];
	readonly timeoutMs?: number;
	readonly largestAnswerBytes?: number;
	/** A new file that the body of a 200 goes to, in place of memory; the answer's `body` is empty then. */
	readonly saveTo?: string;
};

export type Answer = {readonly status: number; readonly headers: Dispatcher.ResponseData['headers']; readonly body: Buffer};

const mostRedirects = 3;

/**
 * A request to the outside: the address is resolved once, checked, and pinned; redirects are followed by hand with the same checks,
 * and never carry a body or credentials to another place; time and size are bounded (SPEC 17).
 *
 * @throws SluiceError `outgoing.refused` for an address that may not be reached, `outgoing.failed` for everything else
 */
export async function sendOutside(outgoing: Outgoing): Promise<Answer> {
	let {url} = outgoing;
	for (let hop = 0; hop <= mostRedirects; hop++) {
		const answer = await once({...outgoing, url});
		const location = [answer.headers.location].flat()[0];
		if (answer.status < 300 || answer.status >= 400 || location === undefined) return answer;
		const target = new URL(location, url);
		const samePlace = target.origin === new URL(url).origin;
		if (!samePlace && (outgoing.method === 'POST' || hasCredentials(outgoing))) {
			throw new SluiceError('outgoing.refused', 'The answer leads to another place, where this request must not go', {
				where: target.origin,
			});
		}
		url = target.href;
	}
	throw new SluiceError('outgoing.failed', `More than ${mostRedirects} redirects`, {where: outgoing.url});
}

function hasCredentials({headers}: Outgoing): boolean {
	return Object.keys(headers).some((name) => ['authorization', 'cookie', 'proxy-authorization'].includes(name.toLowerCase()));
}

async function once({
	url,
	method,
	headers,
	body,
	allowHosts,
	timeoutMs = 30_000,
	largestAnswerBytes = 1_000_000,
	saveTo,
}: Outgoing): Promise<Answer> {
	const target = parsed(url);
	const host = target.hostname.replace(/^\[(.*)\]$/, '$1');
	const address = await addressOf(host, allowHosts.includes(host) || allowHosts.includes(target.host));
	// why: loaded at the first request. It takes longer to load than everything else a daemon without deliveries needs.
	const {Agent, request} = await import('undici');
	// why: pinned. Another resolution could give another address than the one that was checked.
	const agent = new Agent({connect: {lookup: pinnedTo(address), timeout: timeoutMs}});
	try {
		const answer = await request(target, {
			method,
			headers,
			...(body !== undefined && {body}),
			dispatcher: agent,
			signal: AbortSignal.timeout(timeoutMs),
		});
		const {statusCode: status, headers: heard} = answer;
		if (saveTo === undefined || status !== 200) return {status, headers: heard, body: await collect(answer.body, largestAnswerBytes)};
		await save(answer.body, saveTo, largestAnswerBytes);
		return {status, headers: heard, body: Buffer.alloc(0)};
	} catch (cause) {
		if (cause instanceof SluiceError) throw cause;
		throw new SluiceError('outgoing.failed', `The request failed: ${(cause as Error).message}`, {where: target.origin, cause});
	} finally {
		await agent.destroy();
	}
}

type Address = {readonly address: string; readonly family: number};

function pinnedTo({address, family}: Address): LookupFunction {
	return (_host, {all}, answer) => {
		if (all) answer(null, [{address, family}]);
		else answer(null, address, family);
	};
}

function parsed(url: string): URL {
	const target = URL.canParse(url) ? new URL(url) : null;
	if (target && (target.protocol === 'http:' || target.protocol === 'https:')) return target;
	throw new SluiceError('outgoing.refused', 'This is not an http or https address', {where: url});
}

async function addressOf(host: string, allowed: boolean): Promise<Address> {
	const found = isIP(host) ? [{address: host, family: isIP(host)}] : await resolved(host);
	const usable = allowed ? found : found.filter(({address}) => !isPrivateAddress(address));
	const [first] = usable;
	// why: one private address among several is enough to refuse: which of them is used is not ours to choose.
	if (first && usable.length === found.length) return first;
	throw new SluiceError('outgoing.refused', `${host} is an address of this machine or its network`, {
		where: host,
		cure: `List the host under http.allow_hosts in sluice.yaml if requests may go there.`,
	});
}

async function resolved(host: string): Promise<Address[]> {
	try {
		return await lookup(host, {all: true});
	} catch (cause) {
		throw new SluiceError('outgoing.failed', `The host ${host} cannot be found`, {where: host, cause});
	}
}

async function collect(answer: Dispatcher.ResponseData['body'], atMost: number): Promise<Buffer> {
	const parts: Buffer[] = [];
	for await (const part of bounded(answer, atMost)) parts.push(part);
	return Buffer.concat(parts);
}

async function save(answer: Dispatcher.ResponseData['body'], file: string, atMost: number): Promise<void> {
	const target = await open(file, 'wx', 0o600);
	try {
		for await (const part of bounded(answer, atMost)) await target.write(part);
		await target.sync();
	} finally {
		await target.close();
	}
}

async function* bounded(answer: Dispatcher.ResponseData['body'], atMost: number): AsyncGenerator<Buffer> {
	let size = 0;
	for await (const part of answer) {
		size += (part as Buffer).length;
		if (size > atMost) {
			answer.destroy();
			throw new SluiceError('outgoing.failed', `The answer is larger than ${atMost} bytes`);
		}
		yield part as Buffer;
	}
}
