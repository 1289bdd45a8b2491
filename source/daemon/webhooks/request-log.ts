import {isIP} from 'node:net';
import type {WebhookRequest} from '../../api/contract.js';

/** Requests that are remembered for each connector. */
const mostRemembered = 100;
const longestWhy = 300;

/** The last requests of each connector, newest first. It is in memory: a restart of the daemon begins anew. */
export class RequestLog {
	readonly #requests = new Map<string, WebhookRequest[]>();

	add(connector: string, request: WebhookRequest): void {
		const requests = this.#requests.get(connector) ?? [];
		requests.unshift({...request, why: request.why === null ? null : request.why.slice(0, longestWhy)});
		requests.length = Math.min(requests.length, mostRemembered);
		this.#requests.set(connector, requests);
	}

	of(connector: string): readonly WebhookRequest[] {
		return [...(this.#requests.get(connector) ?? [])];
	}
}

/** The address that a proxy says it forwards for; else the other end of the connection. It is shown and proves nothing. */
export function clientOf(forwardedFor: string | undefined, peer: string | undefined): string | null {
	const first = forwardedFor?.split(',', 1)[0]?.trim() ?? '';
	return isIP(first) > 0 ? first : (peer ?? null);
}
