import {readFileSync} from 'node:fs';
import {SluiceError} from '../../model/errors.js';
import type {WorkspaceSettings} from '../../workspace/settings.js';
import {fillAddress} from '../secrets/fill.js';
import type {Vault} from '../secrets/vault.js';

/** How requests leave this machine: directly or through a proxy, and which authorities they trust besides the public ones. */
export type Network = {
	/** Address of the proxy for `http:` and for `https:` targets, with its credentials; null: none. */
	readonly proxies: {readonly 'http:': string | null; readonly 'https:': string | null};
	/** Hosts that are reached without the proxy: `host`, `host:port`, `.domain` for all below it, `*` for all. */
	readonly noProxy: readonly string[];
	/** Certificates of authorities as PEM; null: the public ones alone. */
	readonly authorities: string | null;
};

export const directNetwork: Network = {proxies: {'http:': null, 'https:': null}, noProxy: [], authorities: null};

/**
 * The network of `http: {proxy, no_proxy, ca}` in `sluice.yaml`; a proxy that is not named there is taken from the environment, as other
 * programs take it: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`, also in lower case (SPEC 11).
 *
 * @throws SluiceError `secret.missing`, `outgoing.failed` for a file of certificates that cannot be read
 */
export function networkOf(
	{outgoing: {proxy, noProxy, caFile}}: Pick<WorkspaceSettings, 'outgoing'>,
	vault: Pick<Vault, 'read'>,
	environment: NodeJS.ProcessEnv = process.env,
): Network {
	const named = (name: string): string | null => environment[name.toLowerCase()] || environment[name] || null;
	const all = named('ALL_PROXY');
	const own = proxy === null ? null : fillAddress(proxy, vault);
	return {
		proxies: {'http:': own ?? named('HTTP_PROXY') ?? all, 'https:': own ?? named('HTTPS_PROXY') ?? all},
		noProxy: noProxy ?? (named('NO_PROXY') ?? '').split(/[,\s]+/).filter((entry) => entry !== ''),
		authorities: caFile === null ? null : certificatesOf(caFile),
	};
}

/** The proxy for a request to `target`; null: it goes there directly. */
export function proxyFor({proxies, noProxy}: Network, target: URL): string | null {
	const proxy = proxies[target.protocol === 'https:' ? 'https:' : 'http:'];
	if (proxy === null) return null;
	const host = target.hostname.toLowerCase();
	const port = target.port === '' ? (target.protocol === 'https:' ? '443' : '80') : target.port;
	return noProxy.some((entry) => covers(entry.toLowerCase(), host, port)) ? null : proxy;
}

function covers(entry: string, host: string, port: string): boolean {
	if (entry === '*') return true;
	const [, name = entry, onPort] = /^(\[.*\]|[^:]*):(\d+)$/.exec(entry) ?? [];
	if (onPort !== undefined && onPort !== port) return false;
	const bare = name.replace(/^\*?\./, '');
	return host === bare || host === `[${bare}]` || host.endsWith(`.${bare}`);
}

function certificatesOf(file: string): string {
	try {
		return readFileSync(file, 'utf8');
	} catch (cause) {
		throw new SluiceError('outgoing.failed', `The certificates of http.ca cannot be read: ${(cause as Error).message}`, {
			where: file,
			expected: 'a file of certificates in PEM',
			cure: 'Correct http.ca in sluice.yaml, or put the file there.',
			cause,
		});
	}
}
