import type {Bytes} from '../bytes.js';

/** The bytes of a source but for the first few. */
export async function* withoutStart(source: Bytes, skip: number): AsyncGenerator<Uint8Array, void> {
	let toSkip = skip;
	for await (const chunk of source.open()) {
		const dropped = Math.min(toSkip, chunk.length);
		toSkip -= dropped;
		yield chunk.subarray(dropped);
	}
}
