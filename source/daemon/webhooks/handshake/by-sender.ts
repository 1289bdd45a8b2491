import {createHmac} from 'node:crypto';
import type {HookAnswer} from '../hook-answer.js';
import {type ReadableRequest, valueAt} from '../request-value.js';
import {echo, echoJson, nothing} from './echo.js';

/** The handshakes that senders prove like every other request; null for what is none. `key` is the secret that proved it. */
type ProvenHandshake = (request: ReadableRequest, key: string | null) => HookAnswer | null;

const provenHandshakes: Readonly<Record<string, ProvenHandshake>> = {
	// https://docs.slack.dev/reference/events/url_verification
	slack(request) {
		const challenge = valueAt({body: 'challenge'}, request);
		return valueAt({body: 'type'}, request) === 'url_verification' && challenge !== null ? echo(challenge) : null;
	},
	// https://developers.zoom.us/docs/api/webhooks/#validate-your-webhook-endpoint
	zoom(request, key) {
		const plainToken = valueAt({body: 'payload.plainToken'}, request);
		if (valueAt({body: 'event'}, request) !== 'endpoint.url_validation' || plainToken === null || key === null) return null;
		return echoJson({plainToken, encryptedToken: createHmac('sha256', key).update(plainToken).digest('hex')});
	},
	// https://dev.twitch.tv/docs/eventsub/handling-webhook-events/#responding-to-a-challenge-request
	twitch(request) {
		const challenge = valueAt({body: 'challenge'}, request);
		return request.header('twitch-eventsub-message-type') === 'webhook_callback_verification' && challenge !== null
			? echo(challenge)
			: null;
	},
};

/** What a named sender's proven handshake is answered. @throws SluiceError `webhook.echo` */
export function provenHandshake(sender: string | null, request: ReadableRequest, key: string | null): HookAnswer | null {
	const own = sender !== null && Object.hasOwn(provenHandshakes, sender) ? provenHandshakes[sender] : undefined;
	return own?.(request, key) ?? eventGrid(request);
}

/** https://learn.microsoft.com/azure/event-grid/end-point-validation-event-grid-events-schema: an array with one event. */
function eventGrid(request: ReadableRequest): HookAnswer | null {
	if (request.header('aeg-event-type') !== 'SubscriptionValidation') return null;
	const [, event = ''] = /^\s*\[(.*)\]\s*$/s.exec(request.body ?? '') ?? [];
	const validationResponse = valueAt({body: 'data.validationCode'}, {...request, body: event});
	return validationResponse === null ? null : echoJson({validationResponse});
}

const longestPing = 64;

/** Whether a request without proof may be what a named sender sends before it begins, as far as its head tells. */
export function mayBePing(sender: string | null, {header}: ReadableRequest): boolean {
	return (
		sender === 'woocommerce' &&
		header('x-wc-webhook-signature') === undefined &&
		Number(header('content-length') ?? longestPing + 1) <= longestPing
	);
}

/** WooCommerce sends `webhook_id=N` when a webhook is saved, and wants exactly 200. Nothing of it is echoed. */
export function pingAnswer(sender: string | null, request: ReadableRequest): HookAnswer | null {
	return mayBePing(sender, request) && /^webhook_id=\d{1,20}$/.test(request.body ?? '') ? nothing : null;
}

/**
 * Microsoft Graph asks for an echo before it begins, and has nothing to prove it with: printable text as `text/plain` is all that comes back.
 * https://learn.microsoft.com/graph/change-notifications-delivery-webhooks
 *
 * @throws SluiceError `webhook.echo`
 */
export function graphEcho(sender: string | null, request: ReadableRequest): HookAnswer | null {
	const token = sender === 'msgraph' ? valueAt({query: 'validationToken'}, request) : null;
	return token === null ? null : echo(token);
}
