import {SluiceError} from '../../model/errors.js';

const largestBodyBytes = 4_000_000;
/** What is read and thrown away of a body that is too large, so that its sender hears why. */
export const patienceBytes = 16_000_000;

/** The text of a body that is bounded while it arrives, whatever length was announced. @throws SluiceError `api.too_large` */
export async function readText(body: ReadableStream<Uint8Array> | null): Promise<string> {
	if (body === null) return '';
	const reader = body.getReader();
	const pieces: Uint8Array[] = [];
	let bytes = 0;
	for (;;) {
		const {done, value} = await reader.read();
		if (done) break;
		bytes += value.length;
		if (bytes <= largestBodyBytes) pieces.push(value);
		else pieces.length = 0;
		// The stream is not cancelled: that would destroy the connection before the answer is out.
		if (bytes > patienceBytes) throw tooLarge();
	}
	if (bytes > largestBodyBytes) throw tooLarge();
	return Buffer.concat(pieces).toString('utf8');
}

export function tooLarge(): SluiceError {
	return new SluiceError('api.too_large', 'The body of the request is too large', {expected: `at most ${largestBodyBytes} bytes`});
}
