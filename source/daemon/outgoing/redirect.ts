import {SluiceError} from '../../model/errors.js';

export type Hop = {readonly url: string; readonly headers: Readonly<Record<string, string>>};

/** Headers that tell nothing of who asks. All others may be credentials, whatever their name. */
const harmless: ReadonlySet<string> = new Set([
	'accept',
	'accept-encoding',
	'accept-language',
	'user-agent',
	'if-none-match',
	'if-modified-since',
]);

/**
 * Where an answer with `Location` leads: at another place without any header that could be a credential, and never with a body.
 *
 * @throws SluiceError `outgoing.refused` for a body that would go elsewhere, or a way out of encryption; `outgoing.failed` for no address
 */
export function nextHop({url, headers}: Hop, location: string, method: 'GET' | 'POST'): Hop {
	const from = new URL(url);
	if (!URL.canParse(location, url))
		throw new SluiceError('outgoing.failed', 'The answer leads to what is no address', {where: from.origin});
	const target = new URL(location, url);
	if (target.origin === from.origin) return {url: target.href, headers};
	const downgraded = from.protocol === 'https:' && target.protocol === 'http:';
	if (method === 'POST' || downgraded) {
		throw new SluiceError('outgoing.refused', 'The answer leads to another place, where this request must not go', {where: target.origin});
	}
	return {url: target.href, headers: Object.fromEntries(Object.entries(headers).filter(([name]) => harmless.has(name.toLowerCase())))};
}
