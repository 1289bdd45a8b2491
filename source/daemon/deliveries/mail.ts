import {createWriteStream} from 'node:fs';
import {mkdir, rename, stat} from 'node:fs/promises';
import {basename, join} from 'node:path';
import {Readable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {createTransport} from 'nodemailer';
import {SluiceError} from '../../model/errors.js';
import type {StoredDelivery} from '../control/deliveries.js';
import {withinTime} from '../outgoing/within-time.js';
import {mailFailure, transportOf} from './mail-transport.js';

export type MailServer = {readonly url: string; readonly from: string};

const largestAttachmentBytes = 20_000_000;
/** For all of a mail: its largest attachment within it needs a line of 70 kB a second. */
const longestMailMs = 300_000;

export type MailWays = {
	/** Null: mails are written to `outbox`. */
	readonly server: MailServer | null;
	readonly outbox: string;
	/** Cuts it off. */
	readonly signal?: AbortSignal;
};

/** Sends a mail through the workspace's server; without one, writes it to `outbox` as an `.eml` (SPEC 12). */
export async function sendMail(delivery: StoredDelivery, {server, outbox, signal}: MailWays): Promise<void> {
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
		const transport = createTransport(transportOf(server.url));
		const over = AbortSignal.any([AbortSignal.timeout(longestMailMs), ...(signal ? [signal] : [])]);
		try {
			await withinTime(transport.sendMail(message), over, 'The mail server took too long');
		} catch (error) {
			throw error instanceof SluiceError ? error : mailFailure(error);
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
