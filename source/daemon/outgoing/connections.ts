import type {LookupFunction} from 'node:net';
import type {Agent} from 'undici';
import {type Addresses, addressesOf, type Resolve} from './target.js';

const connectMs = 30_000;
/** How long one of several addresses has to take a connection, before the next is tried. */
const attemptMs = 2_000;
/** A server that sends nothing for this long is given up, however long the whole may take. */
const silenceMs = 60_000;
/** For how long the addresses of a host hold. After that they are looked up and checked again; requests meanwhile go to those. */
const addressesHoldMs = 30_000;

/**
 * An agent that connects to these addresses alone: another resolution could give another address than those that were checked. Each is
 * tried until one answers.
 */
export async function agentTo(addresses: Addresses): Promise<Agent> {
	// Loaded at the first request: it takes longer to load than everything else a daemon without deliveries needs.
	const {Agent} = await import('undici');
	const connect = {
		lookup: pinnedTo(addresses),
		timeout: connectMs,
		autoSelectFamily: true,
		autoSelectFamilyAttemptTimeout: attemptMs,
	};
	return new Agent({connect, headersTimeout: silenceMs, bodyTimeout: silenceMs});
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
	readonly agent: Agent;
	readonly addresses: Addresses;
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
	async to(target: URL, allowHosts: readonly string[], resolve: Resolve): Promise<Line> {
		const now = performance.now();
		this.#forgetUnused(now);
		const key = JSON.stringify([target.origin, allowHosts]);
		const kept = this.#kept.get(key);
		if (kept && now < kept.until) return await kept.line;
		const line = this.#lineTo(target, allowHosts, resolve, kept?.line ?? null);
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

	async #lineTo(target: URL, allowHosts: readonly string[], resolve: Resolve, before: Promise<Line> | null): Promise<Line> {
		const known = await before?.catch(() => null);
		try {
			const found = await addressesOf(target, allowHosts, resolve);
			if (known && sameAddresses(known.addresses, found)) return known;
			const line = {agent: await agentTo(found), addresses: found, answered: 0};
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

function sameAddresses(some: Addresses, others: Addresses): boolean {
	const textOf = (addresses: Addresses) =>
		addresses
			.map(({address}) => address)
			.sort()
			.join();
	return textOf(some) === textOf(others);
}

/** Requests under way on it end first. */
function endWhenIdle({agent}: Line): void {
	agent.close().catch(() => undefined);
}
