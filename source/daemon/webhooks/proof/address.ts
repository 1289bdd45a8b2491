import type {Claim} from './claim.js';

/** What some senders write without its percent sign before they sign (HubSpot, v3). */
const plain = /%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi;

/**
 * The address as the sender may know it: `public_url`, `/hooks/<name>` with a slash at its end or without, and the query as sent. Never from
 * `Host` or `X-Forwarded-*`, which the sender of a request writes itself. Empty where `public_url` is not set.
 */
export function addressesOf({publicUrl, connector, query}: Pick<Claim, 'publicUrl' | 'connector' | 'query'>): readonly string[] {
	if (publicUrl === null) return [];
	const base = `${publicUrl.replace(/\/+$/, '')}/hooks/${connector}`;
	const search = query === '' ? [''] : [`?${query}`, `?${query.replace(plain, decodeURIComponent)}`];
	return [...new Set(search.flatMap((text) => [`${base}${text}`, `${base}/${text}`]))];
}
