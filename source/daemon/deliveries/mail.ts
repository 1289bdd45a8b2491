import {mkdir, stat} from 'node:fs/promises';
import {basename, join} from 'node:path';
import {createTransport, type SendMailOptions} from 'nodemailer';
import {writeWhole} from '../../platform/files/whole-file.js';
import type {DeliveryPayload, StoredDelivery} from '../control/deliveries.js';
import {withinTime} from '../outgoing/within-time.js';
import {moreHtml, moreText} from './mail-body.js';
import {isLoginRefused, mailboxOf, mailFailure, type TokenLogin, transportOf} from './mail-transport.js';

export type MailServer = {
	readonly url: string;
	readonly from: string;
	/** A token in place of a password. `fresh`: the server refused the one that was given. */
	token?(fresh: boolean): Promise<string>;
};

const largestAttachmentBytes = 20_000_000;
/** For all of a mail: its largest attachment within it needs a line of 70 kB a second. */
const longestMailMs = 300_000;

type MailPayload = Extract<DeliveryPayload, {kind: 'mail'}>;

export type MailWays = {
	/** Null: mails are written to `outbox`. */
	readonly server: MailServer | null;
	readonly outbox: string;
	/** Cuts it off. */
	readonly signal?: AbortSignal;
};

/** Sends a mail through the workspace's server; without one, writes it to `outbox` as an `.eml` (SPEC 12). */
export async function sendMail(delivery: Pick<StoredDelivery, 'id' | 'to' | 'payload'>, {server, outbox, signal}: MailWays): Promise<void> {
	const {payload} = delivery;
	if (payload.kind !== 'mail') return;
	const from = server?.from ?? 'sluice@localhost';
	const message = {from, to: delivery.to, ...headersOf(delivery.id, payload.thread, senderOf(from)), ...(await contentOf(payload))};
	if (server) {
		const over = AbortSignal.any([AbortSignal.timeout(longestMailMs), ...(signal ? [signal] : [])]);
		await withinTime(sendBy(server, message), over, 'The mail server took too long');
		return;
	}
	const {message: stream} = await createTransport({streamTransport: true, newline: 'unix'}).sendMail(message);
	await mkdir(outbox, {recursive: true, mode: 0o700});
	await writeWhole(join(outbox, `${delivery.id}.eml`), async (file) => {
		for await (const part of stream as AsyncIterable<Buffer>) await file.write(part);
	});
}

async function contentOf({subject, text, html, attachment: path}: MailPayload) {
	const attachment = await attachable(path);
	if (attachment === 'too large') {
		const part = {say: `The report is too large for a mail: ${path ?? ''}`};
		return {subject, text: moreText(text, part), ...(html !== undefined && {html: moreHtml(html, part)})};
	}
	const attachments = attachment === null ? [] : [{path: attachment, filename: basename(attachment)}];
	return {subject, text, ...(html !== undefined && {html}), attachments};
}

/**
 * What programs read: one that gets the same mail twice can see that it is the same; one that answers by itself does not answer (RFC 3834);
 * mails of a thread are shown together, by a first one that was never sent (RFC 5322, 3.6.4).
 */
function headersOf(id: string, thread: string | undefined, sender: string) {
	const domain = sender.slice(sender.lastIndexOf('@') + 1);
	const first = thread === undefined ? {} : {inReplyTo: `<thread.${thread}@${domain}>`, references: `<thread.${thread}@${domain}>`};
	return {messageId: `<${id}@${domain}>`, ...first, headers: {'Auto-Submitted': 'auto-generated'}};
}

/** The address of a sender such as `Sluice <sluice@example.com>`. */
function senderOf(from: string): string {
	return /<([^<>\s]+@[^<>\s]+)>\s*$/.exec(from)?.[1] ?? from.trim();
}

/** Once more with a new token where the server refused the one that was kept. */
async function sendBy(server: MailServer, message: SendMailOptions): Promise<void> {
	const {token} = server;
	const user = token ? mailboxOf(server.url, senderOf(server.from)) : '';
	const given: string[] = [];
	let renewed = false;
	let noToken: unknown = null;
	const loginWith = (fresh: boolean): TokenLogin | null =>
		token
			? {
					user,
					async token(asked) {
						renewed ||= fresh || asked;
						try {
							const text = await token(fresh || asked);
							given.push(text);
							return text;
						} catch (error) {
							// The library changes what it is given, and calls it a refusal of the mail server.
							noToken = error;
							throw new Error('no token');
						}
					},
				}
			: null;
	try {
		await sendOnce(server.url, loginWith(false), message).catch(async (error: unknown) => {
			if (!token || renewed || noToken !== null || !isLoginRefused(error)) throw error;
			await sendOnce(server.url, loginWith(true), message);
		});
	} catch (error) {
		if (noToken !== null) throw noToken;
		// A server may repeat what it was sent.
		throw mailFailure(error, (text) => given.reduce((hidden, secret) => hidden.replaceAll(secret, '[redacted]'), text));
	}
}

async function sendOnce(url: string, login: TokenLogin | null, message: SendMailOptions): Promise<void> {
	const transport = createTransport(transportOf(url, login));
	try {
		await transport.sendMail(message);
	} finally {
		transport.close();
	}
}

async function attachable(path: string | null): Promise<string | 'too large' | null> {
	if (path === null) return null;
	const found = await stat(path).catch(() => null);
	if (!found?.isFile()) return null;
	return found.size > largestAttachmentBytes ? 'too large' : path;
}
