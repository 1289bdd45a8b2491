import {createWriteStream} from 'node:fs';
import {mkdir, rename, stat} from 'node:fs/promises';
import {basename, join} from 'node:path';
import {Readable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {createTransport} from 'nodemailer';
import type {StoredDelivery} from '../control/deliveries.js';

export type MailServer = {readonly url: string; readonly from: string};

const largestAttachmentBytes = 20_000_000;
const patienceMs = 60_000;

/** Sends a mail through the workspace's server; without one, writes it to `outbox` as an `.eml` (SPEC 12). */
export async function sendMail(delivery: StoredDelivery, server: MailServer | null, outbox: string): Promise<void> {
	const {payload} = delivery;
	if (payload.kind !== 'mail') return;
	const attachment = await attachable(payload.attachment);
	const message = {
		from: server?.from ?? 'sluice@localhost',
		to: delivery.to,
		subject: payload.subject,
		text: attachment === 'too large' ? `${payload.text}\nThe report is too large for a mail: ${payload.attachment ?? ''}\n` : payload.text,
		// why: a receiver that gets the same mail twice can see that it is the same.
		messageId: `<${delivery.id}@sluice>`,
		attachments: attachment === null || attachment === 'too large' ? [] : [{path: attachment, filename: basename(attachment)}],
	};
	if (server) {
		const timeouts = {connectionTimeout: patienceMs, greetingTimeout: patienceMs, socketTimeout: patienceMs};
		const transport = createTransport({url: server.url, ...timeouts});
		try {
			await transport.sendMail(message);
		} finally {
			transport.close();
		}
		return;
	}
	const {message: stream} = await createTransport({streamTransport: true, newline: 'unix'}).sendMail(message);
	await mkdir(outbox, {recursive: true, mode: 0o700});
	const file = join(outbox, `${delivery.id}.eml`);
	await pipeline(Readable.from(stream as AsyncIterable<Buffer>), createWriteStream(`${file}.part`, {mode: 0o600}));
	await rename(`${file}.part`, file);
}

async function attachable(path: string | null): Promise<string | 'too large' | null> {
	if (path === null) return null;
	const found = await stat(path).catch(() => null);
	if (!found?.isFile()) return null;
	return found.size > largestAttachmentBytes ? 'too large' : path;
}
