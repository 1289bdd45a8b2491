/*
 * What runner and sql worker say over the worker's stdin and stdout: frames of a 4-byte length (big-endian) and a body. The body's first
 * line is a JSON header; what follows it, if anything, is a payload that is passed on without being parsed again.
 */

export type Frame = {readonly header: unknown; readonly payload: Buffer};

const newline = 0x0a;

/** A frame as the bytes to write. `header` holds no line break once it is JSON. */
export function encodeFrame(header: unknown, payload?: string | Uint8Array): Buffer[] {
	const head = Buffer.from(`${JSON.stringify(header)}\n`);
	const body = payload === undefined ? Buffer.alloc(0) : typeof payload === 'string' ? Buffer.from(payload) : payload;
	const length = Buffer.alloc(4);
	length.writeUInt32BE(head.length + body.length);
	return body.length === 0 ? [length, head] : [length, head, Buffer.from(body.buffer, body.byteOffset, body.byteLength)];
}

function parseBody(body: Buffer): Frame {
	const end = body.indexOf(newline);
	if (end < 0) throw new Error('A frame without a header arrived');
	return {header: JSON.parse(body.toString('utf8', 0, end)), payload: body.subarray(end + 1)};
}

/** Collects chunks of a stream and hands over each whole frame. Throws on bytes that are no frame. */
export function frameDecoder(onFrame: (frame: Frame) => void): (chunk: Buffer) => void {
	let chunks: Buffer[] = [];
	let held = 0;
	let wanted: number | undefined;

	function take(length: number): Buffer {
		const whole = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, held);
		const rest = whole.subarray(length);
		chunks = rest.length > 0 ? [rest] : [];
		held = rest.length;
		return whole.subarray(0, length);
	}

	return (chunk) => {
		chunks.push(chunk);
		held += chunk.length;
		for (;;) {
			if (wanted === undefined) {
				if (held < 4) return;
				wanted = take(4).readUInt32BE();
			}
			if (held < wanted) return;
			const body = take(wanted);
			wanted = undefined;
			onFrame(parseBody(body));
		}
	};
}
