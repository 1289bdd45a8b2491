import type {StoredDelivery} from '../control/deliveries.js';

/**
 * What shares a lane waits for one another, and for nothing else: all mails, as they go through one server; webhooks and automations by the
 * host they go to. A receiver that stalls holds its own lane only (SPEC 12).
 */
export function laneOf({kind, to}: Pick<StoredDelivery, 'kind' | 'to'>): string {
	if (kind === 'mail') return 'mail';
	// An address whose host holds a secret is no URL: it has a lane of its own.
	return `${kind} ${URL.canParse(to) ? new URL(to).host : to}`;
}

/** How many deliveries of a lane are on their way at once. */
export function widthOf(kind: StoredDelivery['kind']): number {
	return kind === 'automation' ? 8 : 4;
}

/** Over all lanes: each holds a connection. */
export const mostAtOnce = 64;
