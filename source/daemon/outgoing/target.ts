import {lookup} from 'node:dns/promises';
import {isIP} from 'node:net';
import {setTimeout as wait} from 'node:timers/promises';
import {SluiceError} from '../../model/errors.js';
import {isPrivateAddress} from './private-address.js';

export type Address = {readonly address: string; readonly family: number};

export type Addresses = readonly [Address, ...Address[]];

/** All addresses of a host, as the machine's resolver gives them. */
export type Resolve = (host: string) => Promise<readonly Address[]>;

/** Names by which clouds offer their machines' credentials, wherever they lead today. */
const metadataNames: ReadonlySet<string> = new Set([
	'metadata',
	'metadata.google.internal',
	'metadata.goog',
	'instance-data',
	'instance-data.ec2.internal',
]);

/** Behind a proxy a machine may have no resolver for names of the outside. */
const lookUpForProxyMs = 5_000;

export const machineResolver: Resolve = (host) => lookup(host, {all: true});

/**
 * An address that a request may name.
 *
 * @throws SluiceError `outgoing.refused` for other schemes, and for credentials in the address, which would be in logs and be sent on
 */
export function parsedTarget(url: string): URL {
	const target = URL.canParse(url) ? new URL(url) : null;
	if (!target || (target.protocol !== 'http:' && target.protocol !== 'https:')) {
		throw new SluiceError('outgoing.refused', 'This is not an http or https address', {where: target?.protocol ?? 'no scheme'});
	}
	if (target.username !== '' || target.password !== '') {
		throw new SluiceError('outgoing.refused', 'A name or password may not stand in the address', {
			where: target.origin,
			cure: 'Send them in a header, from a secret.',
		});
	}
	return target;
}

/**
 * The addresses that a request to `target` may go to, each of them checked.
 *
 * @param allowHosts hosts, with their port or without, that may have a private address
 * @throws SluiceError `outgoing.refused` for an address of this machine or its network, `outgoing.failed` for a host without any
 */
export async function addressesOf(target: URL, allowHosts: readonly string[], resolve: Resolve): Promise<Addresses> {
	const host = target.hostname.replace(/^\[(.*)\]$/, '$1');
	const allowed = [host, target.hostname, target.host].some((name) => allowHosts.includes(name));
	if (allowed) return atLeastOne(host, await addresses(host, resolve));
	if (metadataNames.has(host.replace(/\.+$/, ''))) throw refused(host);
	const found = await addresses(host, resolve);
	// why: one private address among several is enough to refuse: which of them is used is not ours to choose.
	if (found.some(({address}) => isPrivateAddress(address))) throw refused(host);
	return atLeastOne(host, found);
}

/**
 * Checks a target that a proxy will look up. What this machine can look up itself is held to the same rule as a direct request; a name
 * that it does not know, or not soon, is left to the proxy.
 *
 * @throws SluiceError `outgoing.refused` for an address of this machine or its network
 */
export async function checkedForProxy(target: URL, allowHosts: readonly string[], resolve: Resolve): Promise<void> {
	const soon: Resolve = (host) => Promise.race([resolve(host), wait(lookUpForProxyMs, [] as const, {ref: false})]);
	try {
		await addressesOf(target, allowHosts, soon);
	} catch (error) {
		if (error instanceof SluiceError && error.code === 'outgoing.failed') return;
		throw error;
	}
}

async function addresses(host: string, resolve: Resolve): Promise<readonly Address[]> {
	const family = isIP(host);
	if (family > 0) return [{address: host, family}];
	try {
		return await resolve(host);
	} catch (cause) {
		throw new SluiceError('outgoing.failed', `The host ${host} cannot be found`, {where: host, cause});
	}
}

function atLeastOne(host: string, [first, ...more]: readonly Address[]): Addresses {
	if (first) return [first, ...more];
	throw new SluiceError('outgoing.failed', `The host ${host} has no address`, {where: host});
}

function refused(host: string): SluiceError {
	return new SluiceError('outgoing.refused', `${host} is an address of this machine or its network`, {
		where: host,
		cure: 'List the host under http.allow_hosts in sluice.yaml if requests may go there.',
	});
}
