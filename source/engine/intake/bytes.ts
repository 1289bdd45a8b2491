import {createReadStream} from 'node:fs';
import {open} from 'node:fs/promises';
import {pipeline} from 'node:stream';
import {createGunzip, createInflateRaw} from 'node:zlib';
import {SluiceError} from '../../model/errors.js';

/** A stream of bytes that can be read from its start more than once. A chunk may be reused as soon as the next one is asked for. */
export type Bytes = {
	/** What errors call it. */
	readonly name: string;
	open(): AsyncGenerator<Uint8Array, void>;
};

/** Why 1 MB: larger reads gain nothing, smaller ones cost a turn of the event loop each. */
const chunkBytes = 1024 * 1024;

/** `start` and `end` as in a slice. */
export type Range = {readonly start: number; readonly end: number};

/** The bytes of a file, or of a part of it, through two buffers. `onRead` hears how many came. */
export function fileBytes(path: string, name: string, onRead: (bytes: number) => void = () => {}, range?: Range): Bytes {
	return {
		name,
		async *open() {
			const file = await open(path, 'r');
			const buffers = [Buffer.allocUnsafeSlow(chunkBytes), Buffer.allocUnsafeSlow(chunkBytes)] as const;
			let at = range?.start ?? 0;
			const end = range?.end ?? Number.POSITIVE_INFINITY;
			const readInto = (buffer: Buffer) => {
				const reading = file.read(buffer, 0, Math.max(0, Math.min(chunkBytes, end - at)), at);
				// It is awaited in the next turn; until then a failure must not count as unhandled.
				reading.catch(() => {});
				return reading;
			};
			// Why two buffers: one is read into while the other is looked at.
			let reading = readInto(buffers[0]);
			try {
				for (let turn = 1; ; turn++) {
					const {bytesRead, buffer} = await reading;
					if (bytesRead === 0) break;
					at += bytesRead;
					reading = readInto(buffers[turn % 2 === 0 ? 0 : 1]);
					onRead(bytesRead);
					yield buffer.subarray(0, bytesRead);
				}
			} finally {
				await Promise.allSettled([reading]);
				await file.close();
			}
		},
	};
}

export type Deflated = {
	readonly path: string;
	readonly name: string;
	readonly kind: 'gzip' | 'deflate';
	readonly range?: Range;
	/** Told of each chunk that comes out; throws when it is too much. */
	readonly count: () => (bytes: number) => void;
	readonly onRead?: (bytes: number) => void;
};

/** The expanded bytes of a gzip file or of a deflated part of one. */
export function inflated({path, name, kind, range, count, onRead}: Deflated): Bytes {
	return {
		name,
		async *open() {
			const part = range ? {start: range.start, end: range.end - 1} : {};
			const compressed = createReadStream(path, {highWaterMark: chunkBytes / 4, ...part});
			compressed.on('data', (chunk) => onRead?.(chunk.length));
			const expand = kind === 'gzip' ? createGunzip({chunkSize: chunkBytes}) : createInflateRaw({chunkSize: chunkBytes});
			pipeline(compressed, expand, () => {});
			const counted = count();
			try {
				for await (const chunk of expand as AsyncIterable<Buffer>) {
					counted(chunk.length);
					yield chunk;
				}
			} catch (error) {
				throw expansionError(error, name);
			} finally {
				compressed.destroy();
				expand.destroy();
			}
		},
	};
}

function expansionError(error: unknown, name: string): unknown {
	const code = error instanceof Error && 'code' in error ? error.code : undefined;
	if (code === 'Z_BUF_ERROR')
		return new SluiceError('intake.truncated', `${name} is cut off: its compressed content ends early`, {where: name});
	if (code === 'Z_DATA_ERROR')
		return new SluiceError('intake.corrupt', `${name} is damaged: its compressed content makes no sense`, {where: name});
	return error;
}

/** The first bytes of a stream, at least `size` of them unless it is shorter, and whether that is all of it. */
export async function headOf(bytes: Bytes, size: number): Promise<{head: Buffer; whole: boolean}> {
	const chunks: Buffer[] = [];
	let length = 0;
	for await (const chunk of bytes.open()) {
		chunks.push(Buffer.from(chunk));
		length += chunk.length;
		if (length >= size) return {head: Buffer.concat(chunks), whole: false};
	}
	return {head: Buffer.concat(chunks), whole: true};
}
