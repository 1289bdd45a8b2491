import {SluiceError} from '../../model/errors.js';

export const largestBodyBytes = 4_000_000;

/** The text of a body that is bounded while it arrives, whatever length was announced. @throws SluiceError `api.too_large` */
export async function readText(body: ReadableStream<Uint8Array> | null): Promise<string> {
	if (body === null) return '';
	const pieces: Uint8Array[] = [];
	let bytes = 0;
	for await (const piece of body) {
		bytes += piece.length;
		// Leaving the loop cancels the stream.
		if (bytes > largestBodyBytes) throw tooLarge();
		pieces.push(piece);
	}
	return Buffer.concat(pieces).toString('utf8');
}

export function tooLarge(): SluiceError {
	return new SluiceError('api.too_large', 'The body of the request is too large', {expected: `at most ${largestBodyBytes} bytes`});
}
