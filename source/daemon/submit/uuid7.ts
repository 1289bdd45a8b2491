import {randomBytes} from 'node:crypto';

let lastMs = 0;
let counter = 0;

/**
 * A UUIDv7 (RFC 9562): 48 bits of milliseconds, then a counter that grows within the same millisecond (method 1), then chance.
 * So ids made by one daemon sort in the order they were made.
 */
export function uuid7(now: number = Date.now()): string {
	const random = randomBytes(10);
	if (now > lastMs) {
		lastMs = now;
		counter = random.readUInt16BE(0) & 0x7ff;
	} else if (++counter > 0xfff) {
		lastMs++;
		counter = 0;
	}
	const time = lastMs.toString(16).padStart(12, '0');
	const middle = `7${counter.toString(16).padStart(3, '0')}`;
	const variant = (0x8000 | (random.readUInt16BE(2) & 0x3fff)).toString(16);
	return `${time.slice(0, 8)}-${time.slice(8)}-${middle}-${variant}-${random.subarray(4).toString('hex')}`;
}
