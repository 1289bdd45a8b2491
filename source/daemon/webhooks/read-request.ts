import type {IncomingMessage} from 'node:http';
import {decodeText} from '../../engine/intake/text/text-decoder.js';
import {SluiceError} from '../../model/errors.js';
import type {HeldBody} from './bodies-in-flight.js';
import {type BodyText, textOfMultipart} from './multipart-text.js';

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

/** The whole body; never more than the limit is kept of it. @throws SluiceError `webhook.too_large`, `webhook.aborted`, `webhook.busy` */
export async function readBody(incoming: IncomingMessage, limitBytes: number, held: HeldBody): Promise<Buffer> {
	const patience = limitBytes + patienceBytes;
	const announced = Number(incoming.headers['content-length'] ?? 0);
	if (announced > patience) throw tooLarge(limitBytes);
	const pieces: Buffer[] = [];
	let bytes = 0;
	for await (const piece of piecesOf(incoming)) {
		bytes += piece.length;
		if (bytes <= limitBytes) {
			held.grow(piece.length);
			pieces.push(piece);
		} else pieces.length = 0;
		if (bytes > patience) throw tooLarge(limitBytes);
	}
	if (bytes > limitBytes) throw tooLarge(limitBytes);
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

/**
 * A body as text, in the charset it says it is in; UTF-8, else Windows-1252, where it says none (SPEC 25). The binary files of a multipart
 * body are left out.
 *
 * @throws SluiceError `webhook.not_text`
 */
export function textOf(body: Buffer, contentType: string | undefined): BodyText {
	if (body.length === 0) return {text: '', guessed: false};
	const charset = /;\s*charset\s*=\s*["']?([^"';\s]+)/i.exec(contentType ?? '')?.[1];
	if (charset !== undefined) return {text: decoded(body, charset), guessed: false};
	return readAs(body, 'utf-8') ?? textOfMultipart(body, contentType, undeclared) ?? undeclared(body);
}

function undeclared(body: Buffer): BodyText {
	const text = readAs(body, 'utf-8');
	if (text) return text;
	if (binary.test(body.toString('latin1'))) throw notText('utf-8');
	return {text: decoded(body, 'windows-1252'), guessed: true};
}

/** Control characters that no text has, and bytes that Windows-1252 has no character for. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const binary = /[\u0000-\u0008\u000b\u000e-\u001f\u007f\u0081\u008d\u008f\u0090\u009d]/;

function readAs(body: Buffer, charset: string): BodyText | null {
	try {
		return {text: decodeText(body, charset, {fatal: true}).replace(/^\uFEFF/, ''), guessed: false};
	} catch {
		return null;
	}
}

function decoded(body: Buffer, charset: string): string {
	const read = readAs(body, charset);
	if (!read) throw notText(charset);
	return read.text;
}

function notText(charset: string): SluiceError {
	return new SluiceError('webhook.not_text', `The body is not text in ${charset.slice(0, 40)}`);
}

/** The refusal of a body that is larger than the limit, as it was sent or unpacked. */
export function tooLarge(limitBytes: number): SluiceError {
	return new SluiceError('webhook.too_large', 'The body is too large', {expected: `at most ${limitBytes} bytes`});
}
