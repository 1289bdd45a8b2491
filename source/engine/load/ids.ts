import {randomFillSync} from 'node:crypto';

const hex = Array.from({length: 256}, (_, byte) => byte.toString(16).padStart(2, '0'));
const pool = new Uint8Array(16 * 512);
let used = pool.length;
let lastMs = 0;
let counter = 0;
let prefix = '';

/**
 * A new UUIDv7 (RFC 9562): time, a counter of 12 + 6 bits, and 56 random bits. Each one sorts after those this process made before,
 * so that records lie in the store in the order they came.
 */
export function newId(): string {
	const now = Date.now();
	if (now > lastMs) {
		lastMs = now;
		counter = 0;
		prefix = timePart(now);
	} else if (++counter === 0x40000) {
		// Why: over 262,143 in a millisecond; time is borrowed rather than order lost.
		lastMs++;
		counter = 0;
		prefix = timePart(lastMs);
	}
	if (used === pool.length) {
		randomFillSync(pool);
		used = 0;
	}
	const high = counter >>> 6;
	let id = `${prefix}-7${hex[high >>> 4]}${digit(high)}-${hex[0x80 | (counter & 0x3f)]}${hex[pool[used] as number]}-`;
	for (let index = 1; index < 7; index++) id += hex[pool[used + index] as number];
	used += 8;
	return id;
}

function digit(number: number): string {
	return (number & 0xf).toString(16);
}

function timePart(ms: number): string {
	const text = ms.toString(16).padStart(12, '0');
	return `${text.slice(0, 8)}-${text.slice(8)}`;
}
