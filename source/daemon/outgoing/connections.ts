import type {LookupFunction} from 'node:net';
import {rootCertificates} from 'node:tls';
import type {Dispatcher} from 'undici';
import {directNetwork, type Network, proxyFor} from './network.js';
import {type Addresses, addressesOf, checkedForProxy, type Resolve} from './target.js';

const connectMs = 30_000;
/** How long one of several addresses has to take a connection, before the next is tried. */
const attemptMs = 2_000;
/** A server that sends nothing for this long is given up, however long the whole may take. */
const silenceMs = 60_000;
/** For how long the addresses of a host hold. After that they are looked up and checked again; requests meanwhile go to those. */
const addressesHoldMs = 30_000;

/** The way to a target. Through a proxy, it is the proxy that finds the address. */
export type Route = {
	readonly through: {readonly addresses: Addresses} | {readonly proxy: string; readonly tunnel: boolean};
	readonly authorities: string | null;
};

/**
 * The way that a request to `target` takes, with the address checked (SPEC 17).
 *
 * @throws SluiceError `outgoing.refused` for an address that may not be reached, `outgoing.failed` for a host without any
 */
export async function routeTo(target: URL, allowHosts: readonly string[], network: Network, resolve: Resolve): Promise<Route> {
	const proxy = proxyFor(network, target);
	const {authorities} = network;
	if (proxy === null) return {through: {addresses: await addressesOf(target, allowHosts, resolve)}, authorities};
	await checkedForProxy(target, allowHosts, resolve);
	// A proxy forwards plain requests itself: many refuse a tunnel to another port than that of TLS.
	return {through: {proxy, tunnel: target.protocol === 'https:'}, authorities};
}

/**
 * An agent for this way alone. Directly it connects to the checked addresses, each tried until one answers: another resolution could give
 * another address.
 */
export async function agentTo({through, authorities}: Route): Promise<Dispatcher> {
	// Loaded at the first request: it takes longer to load than everything else a daemon without deliveries needs.
	const {Agent, ProxyAgent} = await import('undici');
	const patience = {headersTimeout: silenceMs, bodyTimeout: silenceMs};
	const trust = authorities === null ? {} : {ca: [...rootCertificates, authorities]};
	if ('proxy' in through) {
		const tls = {...trust, timeout: connectMs};
		return new ProxyAgent({uri: through.proxy, proxyTunnel: through.tunnel, requestTls: tls, proxyTls: tls, ...patience});
	}
	const connect = {
		...trust,
		lookup: pinnedTo(through.addresses),
		timeout: connectMs,
		autoSelectFamily: true,
		autoSelectFamilyAttemptTimeout: attemptMs,
	};
	return new Agent({connect, ...patience});
}

function pinnedTo(addresses: Addresses): LookupFunction {
	return (_host, {all}, answer) => {
		const [{address, family}] = addresses;
		if (all) answer(null, [...addresses]);
		else answer(null, address, family);
	};
}

/** Connections to one origin. */
export type Line = {
	readonly agent: Dispatcher;
	readonly route: Route;
	/** How many requests were answered on it: a connection of it may have been closed by the other side since. */
	answered: number;
};

type Kept = {readonly line: Promise<Line>; readonly until: number};

/**
 * Connections that are kept between requests to the same origin. Each goes to an address that was checked when it was looked up (SPEC 17).
 */
export class Connections {
	readonly #kept = new Map<string, Kept>();

	/** @throws SluiceError `outgoing.refused` for an address that may not be reached, `outgoing.failed` for a host without any */
	async to(target: URL, allowHosts: readonly string[], resolve: Resolve, network: Network = directNetwork): Promise<Line> {
		const now = performance.now();
		this.#forgetUnused(now);
		const key = JSON.stringify([target.origin, allowHosts, network]);
		const kept = this.#kept.get(key);
		if (kept && now < kept.until) return await kept.line;
		const line = this.#lineTo(() => routeTo(target, allowHosts, network, resolve), kept?.line ?? null);
		this.#kept.set(key, {line, until: now + addressesHoldMs});
		try {
			return await line;
		} catch (error) {
			// A refusal is not kept: the next request asks again.
			if (this.#kept.get(key)?.line === line) this.#kept.delete(key);
			throw error;
		}
	}

	/** Cuts off what is under way. */
	async destroy(): Promise<void> {
		const lines = [...this.#kept.values()];
		this.#kept.clear();
		await Promise.all(lines.map(async ({line}) => await line.then(({agent}) => agent.destroy()).catch(() => undefined)));
	}

	async #lineTo(find: () => Promise<Route>, before: Promise<Line> | null): Promise<Line> {
		const known = await before?.catch(() => null);
		try {
			const found = await find();
			if (known && sameRoute(known.route, found)) return known;
			const line = {agent: await agentTo(found), route: found, answered: 0};
			if (known) endWhenIdle(known);
			return line;
		} catch (error) {
			if (known) endWhenIdle(known);
			throw error;
		}
	}

	/** Connections of a line that nothing uses end by themselves; this forgets the line. */
	#forgetUnused(now: number): void {
		for (const [key, {line, until}] of this.#kept) {
			if (now < until + addressesHoldMs) continue;
			this.#kept.delete(key);
			void line.then(endWhenIdle, () => undefined);
		}
	}
}

/** Of ways with the same network: whether both lead to the same addresses, in whatever order. */
function sameRoute({through: some}: Route, {through: others}: Route): boolean {
	if ('proxy' in some || 'proxy' in others) return 'proxy' in some && 'proxy' in others;
	const textOf = (addresses: Addresses) =>
		addresses
			.map(({address}) => address)
			.sort()
			.join();
	return textOf(some.addresses) === textOf(others.addresses);
}

/** Requests under way on it end first. */
function endWhenIdle({agent}: Line): void {
	agent.close().catch(() => undefined);
}
