import type {IncomingMessage} from 'node:http';
import {decodeText} from '../../engine/intake/text/text-decoder.js';
import {SluiceError} from '../../model/errors.js';

export const largestBodyBytes = 256 * 1024;
export const longestQueryBytes = 4 * 1024;
/** What is read and thrown away of a body that is too large, so that its sender hears why. */
const patienceBytes = 8 * 1024 * 1024;

/** The query string as it was sent, without its `?`. @throws SluiceError `webhook.query_too_long` */
export function queryOf({url = ''}: IncomingMessage): string {
	const mark = url.indexOf('?');
	const query = mark < 0 ? '' : url.slice(mark + 1);
	if (Buffer.byteLength(query) <= longestQueryBytes) return query;
	throw new SluiceError('webhook.query_too_long', 'The query string is too long', {expected: `at most ${longestQueryBytes} bytes`});
}

/** The whole body; never more than the limit is kept of it. @throws SluiceError `webhook.too_large`, `webhook.aborted` */
export async function readBody(incoming: IncomingMessage): Promise<Buffer> {
	const announced = Number(incoming.headers['content-length'] ?? 0);
	if (announced > patienceBytes) throw tooLarge();
	const pieces: Buffer[] = [];
	let bytes = 0;
	for await (const piece of piecesOf(incoming)) {
		bytes += piece.length;
		if (bytes <= largestBodyBytes) pieces.push(piece);
		else pieces.length = 0;
		if (bytes > patienceBytes) throw tooLarge();
	}
	if (bytes > largestBodyBytes) throw tooLarge();
	return pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
}

/** A sender that goes away in the middle is no fault of this side, and nothing for its log. */
async function* piecesOf(incoming: IncomingMessage): AsyncGenerator<Buffer> {
	try {
		yield* incoming as AsyncIterable<Buffer>;
	} catch (cause) {
		throw new SluiceError('webhook.aborted', 'The sender went away before the body had arrived', {cause});
	}
}

/** A body as text, in the charset it says it is in. @throws SluiceError `webhook.not_text` */
export function textOf(body: Uint8Array, contentType: string | undefined): string {
	if (body.length === 0) return '';
	const charset = /;\s*charset="?([^";\s]+)/i.exec(contentType ?? '')?.[1] ?? 'utf-8';
	try {
		return decodeText(body, charset, {fatal: true}).replace(/^\uFEFF/, '');
	} catch (cause) {
		throw new SluiceError('webhook.not_text', `The body is not text in ${charset.slice(0, 40)}`, {cause});
	}
}

/** The refusal of a body that is larger than the limit, as it was sent or unpacked. */
export function tooLarge(): SluiceError {
	return new SluiceError('webhook.too_large', 'The body is too large', {expected: `at most ${largestBodyBytes} bytes`});
}
