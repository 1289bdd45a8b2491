import {SluiceError} from '../../../model/errors.js';
import type {WebhookAuth} from '../../../model/webhook-intake.js';
import type {HookAnswer} from '../hook-answer.js';
import {isSnsAddress} from '../proof/sns.js';
import {type ReadableRequest, valueAt} from '../request-value.js';
import {nothing} from './echo.js';

/** Visits an address under the guard of outgoing requests. @returns the status of the answer */
export type Visit = (url: string) => Promise<number>;

/**
 * Confirms the subscription of the connector's topic, which SNS asks for with a request that it has signed (SPEC 25). The end of a
 * subscription is answered and nothing more.
 *
 * @returns null for what is a notification, or not from SNS
 * @throws SluiceError `webhook.not_confirmed`, and `webhook.unauthorised` for an address that is not that of the topic's confirmation
 */
export async function snsHandshake(auth: WebhookAuth | null, request: ReadableRequest, visit: Visit): Promise<HookAnswer | null> {
	const proof = auth?.proofs.find(({kind}) => kind === 'sns');
	if (proof?.kind !== 'sns') return null;
	const type = valueAt({body: 'Type'}, request);
	if (type === 'UnsubscribeConfirmation') return nothing;
	if (type !== 'SubscriptionConfirmation') return null;
	const url = confirmationUrl(valueAt({body: 'SubscribeURL'}, request) ?? '', proof.topic);
	if (url === null || valueAt({body: 'TopicArn'}, request) !== proof.topic) {
		throw new SluiceError('webhook.unauthorised', 'Its SubscribeURL does not confirm the subscription of this topic at Amazon SNS');
	}
	try {
		const status = await visit(url);
		if (status === 200) return nothing;
		throw new SluiceError('webhook.not_confirmed', `Amazon SNS answered the confirmation with ${status}`);
	} catch (cause) {
		if (cause instanceof SluiceError && cause.code === 'webhook.not_confirmed') throw cause;
		throw new SluiceError('webhook.not_confirmed', 'The subscription could not be confirmed at Amazon SNS', {cause});
	}
}

/** The address where the subscription of a topic is confirmed; null for any other address. */
export function confirmationUrl(text: string, topic: string): string | null {
	if (!isSnsAddress(text)) return null;
	const {searchParams, pathname, href} = new URL(text);
	return pathname === '/' && searchParams.get('Action') === 'ConfirmSubscription' && searchParams.get('TopicArn') === topic ? href : null;
}
