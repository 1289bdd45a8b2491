import {createBrotliDecompress, createGunzip, createInflate, createInflateRaw} from 'node:zlib';
import {SluiceError} from '../../model/errors.js';

type Bytes = AsyncIterable<Buffer>;

/**
 * A body without the codings of its `Content-Encoding` (RFC 9110, 8.4). What it unpacks to is for the reader to bound.
 *
 * @throws SluiceError `outgoing.failed` for a coding that is not known, and for bytes that are not of their coding, or cut off
 */
export async function* decoded(body: Bytes, encoding: string | readonly string[] | undefined): AsyncGenerator<Buffer> {
	const codings = [encoding ?? []]
		.flat()
		.flatMap((text) => text.split(','))
		.map((coding) => coding.trim().toLowerCase())
		.filter((coding) => coding !== '' && coding !== 'identity');
	let bytes = body;
	for (const coding of codings.reverse()) bytes = without(coding, bytes);
	yield* bytes;
}

async function* without(coding: string, body: Bytes): AsyncGenerator<Buffer> {
	const bytes = body[Symbol.asyncIterator]();
	const first = await bytes.next();
	if (first.done) return;
	const unpack = unpackerOf(coding, first.value);
	const failed = {cause: null as unknown};
	void (async () => {
		try {
			for (let part = first as IteratorResult<Buffer>; !part.done; part = await bytes.next())
				if (!unpack.write(part.value)) await new Promise<void>((resolve) => unpack.once('drain', resolve).once('close', () => resolve()));
			unpack.end();
		} catch (error) {
			failed.cause = error;
			unpack.destroy(error as Error);
		}
	})();
	try {
		for await (const part of unpack) yield part as Buffer;
	} catch {
		if (failed.cause !== null) throw failed.cause;
		// Without a cause: it is no failure of the network, and another attempt would bring the same.
		throw new SluiceError('outgoing.failed', `The answer says that it is packed as ${coding}, and is not, or is cut off`);
	} finally {
		unpack.destroy();
	}
}

function unpackerOf(coding: string, first: Buffer) {
	switch (coding) {
		case 'gzip':
		case 'x-gzip':
			return createGunzip();
		case 'br':
			return createBrotliDecompress();
		case 'deflate':
			// The name means zlib's format, whose first byte says method 8; some servers send the bare one.
			return ((first[0] ?? 0) & 0x0f) === 8 ? createInflate() : createInflateRaw();
		default:
			throw new SluiceError('outgoing.failed', `The answer is packed as "${coding.slice(0, 40)}", which is not read`, {
				expected: 'Content-Encoding: gzip, br or deflate',
			});
	}
}
