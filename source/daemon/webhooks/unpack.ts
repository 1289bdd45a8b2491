import {promisify} from 'node:util';
import {gunzip, inflate, inflateRaw} from 'node:zlib';
import {SluiceError} from '../../model/errors.js';
import {tooLarge} from './read-request.js';

/** Unpacks a body, never to more than a body may have. @throws SluiceError `webhook.too_large`, `webhook.encoding` */
export type Unpack = (body: Buffer) => Promise<Buffer>;

const [gunzipAll, inflateAll, inflateRawAll] = [promisify(gunzip), promisify(inflate), promisify(inflateRaw)];

/** One coding, as senders have it: a chain of them would multiply what is unpacked. */
const unpackers: Readonly<Record<string, (body: Buffer, bounded: {maxOutputLength: number}) => Promise<Buffer>>> = {
	gzip: gunzipAll,
	'x-gzip': gunzipAll,
	// The name means zlib's format, whose first byte says method 8; some senders send the bare one.
	deflate: (body, bounded) => (((body[0] ?? 0) & 0x0f) === 8 ? inflateAll(body, bounded) : inflateRawAll(body, bounded)),
};

/**
 * How a body of this `Content-Encoding` is unpacked; null where it is sent as it is.
 *
 * @throws SluiceError `webhook.encoding` for a coding that is not read (RFC 9110, 15.5.16)
 */
export function unpackerOf(encoding: string | undefined, limitBytes: number): Unpack | null {
	const coding = (encoding ?? '').trim().toLowerCase();
	if (coding === '' || coding === 'identity') return null;
	const unpack = Object.hasOwn(unpackers, coding) ? unpackers[coding] : undefined;
	if (!unpack)
		throw new SluiceError('webhook.encoding', `Bodies are not read as ${coding.slice(0, 40)}`, {expected: 'gzip, deflate, or none'});
	return async (body) => {
		if (body.length === 0) return body;
		try {
			return await unpack(body, {maxOutputLength: limitBytes});
		} catch (cause) {
			if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limitBytes);
			throw new SluiceError('webhook.encoding', `The body is not packed as ${coding}, or is cut off`, {cause});
		}
	};
}
