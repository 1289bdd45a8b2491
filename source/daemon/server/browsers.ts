import {isIP} from 'node:net';
import {SluiceError} from '../../model/errors.js';
import {isUpload, type RequestHead} from './upload-request.js';

type Head = {
	readonly method: string;
	readonly url: string;
	header(name: string): string | undefined;
};

/**
 * Refuses requests that a browser sends for a foreign page: under a host name that resolves to this machine (DNS rebinding), or across sites.
 * No browser is a client of the API. An IP address as host cannot be rebound.
 *
 * @param hosts names that the API is called by, besides addresses and `localhost`
 * @throws SluiceError `api.host_unknown`, `api.cross_site`, `api.not_json`
 */
export function refuseBrowsers({method, url, header}: Head, hosts: readonly string[]): void {
	const host = hostName(header('Host') ?? '');
	if (isIP(host) === 0 && host !== 'localhost' && !hosts.some((known) => known.toLowerCase() === host)) {
		throw new SluiceError('api.host_unknown', 'The API is not called by this name', {
			expected: 'an IP address, localhost, the host of api.listen, or one of api.hosts in sluice.yaml',
		});
	}
	const site = header('Sec-Fetch-Site');
	if (header('Origin') !== undefined || (site !== undefined && site !== 'none')) {
		throw new SluiceError('api.cross_site', 'The API is not served to the pages of a browser');
	}
	const type = header('Content-Type');
	const hasBody = header('Transfer-Encoding') !== undefined || Number(header('Content-Length') ?? 0) !== 0;
	if (method !== 'GET' && method !== 'HEAD' && (hasBody || type !== undefined) && !isWritten({method, url, type})) {
		throw new SluiceError('api.not_json', 'A request that writes is JSON, or the file of POST /executions', {
			expected: 'Content-Type: application/json, or application/octet-stream for a file',
		});
	}
}

/** A content type that a page cannot send across sites unasked. */
function isWritten(head: RequestHead): boolean {
	return isUpload(head) || /^application\/json\s*(;|$)/i.test(head.type ?? '');
}

/** Without its port and brackets, in small letters, without the dot at the end of a full name. Not a single host: an empty text. */
function hostName(host: string): string {
	const [, sixth, name] = /^(?:\[([0-9a-f:.]+)\]|([^\s:[\],/@]+))(?::\d{1,5})?$/i.exec(host) ?? [];
	return (sixth ?? name ?? '').toLowerCase().replace(/\.$/, '');
}
