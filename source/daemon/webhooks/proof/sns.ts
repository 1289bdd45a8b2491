import {verify} from 'node:crypto';
import {type Claim, type ProveBody, type Proven, Unproven} from './claim.js';
import {timeMs} from './time.js';

/** Amazon tries again for at most an hour; the time of a message is that of its publishing. */
const longestOffMs = 2 * 60 * 60 * 1000;

const notification = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'];
const confirmation = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
const fields: Readonly<Partial<Record<string, readonly string[]>>> = {
	Notification: notification,
	SubscriptionConfirmation: confirmation,
	UnsubscribeConfirmation: confirmation,
};

/** Whether an address is on a host of Amazon SNS: nothing else is visited for a message. */
export function isSnsAddress(text: string): boolean {
	const url = URL.canParse(text) ? new URL(text) : null;
	if (url?.protocol !== 'https:' || url.port !== '' || url.username !== '' || url.password !== '') return false;
	return /^sns\.[a-z0-9-]{1,40}\.amazonaws\.com(\.cn)?$/.test(url.hostname);
}

/**
 * A message of Amazon SNS for one topic: RSA over named fields
 * (https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message-verify-message-signature.html).
 */
export function withSns(topic: string, {keys, nowMs}: Claim): ProveBody<Proven> {
	return async (body) => {
		const message = messageOf(body);
		const {Type = '', TopicArn, SigningCertURL = '', Signature = '', SignatureVersion, Timestamp = ''} = message;
		const signed = fields[Type];
		if (!signed || Signature === '') throw new Unproven('The request is not signed', 'The body is no message of Amazon SNS');
		if (TopicArn !== topic) throw new Unproven('The message is of another topic', `TopicArn is not ${topic}`);
		const algorithm = {'1': 'sha1', '2': 'sha256'}[SignatureVersion ?? ''];
		if (algorithm === undefined) throw new Unproven('The signature is wrong', 'SignatureVersion is neither 1 nor 2');
		if (!isSnsAddress(SigningCertURL) || !new URL(SigningCertURL).pathname.endsWith('.pem')) {
			throw new Unproven('The signature is wrong', 'SigningCertURL is not on a host of Amazon SNS');
		}
		const at = timeMs(Timestamp);
		if (at === null || Math.abs(nowMs - at) > longestOffMs) {
			throw new Unproven('Its time is too far off', 'Timestamp is more than two hours off, or cannot be read');
		}
		const text = signed.flatMap((name) => (message[name] === undefined ? [] : [`${name}\n${message[name]}\n`])).join('');
		const key = await keys.certificateKey(SigningCertURL, nowMs);
		if (!verify(algorithm, Buffer.from(text), key, Buffer.from(Signature, 'base64'))) {
			throw new Unproven('The signature is wrong', `Signature is not right for ${signed.join(', ')}`);
		}
		return {name: topic, signedId: null};
	};
}

/** Its members that are texts. */
function messageOf(body: Uint8Array): Readonly<Partial<Record<string, string>>> {
	try {
		const value: unknown = JSON.parse(new TextDecoder().decode(body));
		if (typeof value !== 'object' || value === null) return {};
		return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
	} catch {
		// Not JSON: no message.
		return {};
	}
}
