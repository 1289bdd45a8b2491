import {randomBytes, randomFillSync} from 'node:crypto';

/** Ids made at once: one text is cut into many, which costs a tenth of building each by itself. */
const batch = 1024;
const idLength = 36;
const randomPart = 8;
const digits = Buffer.from('0123456789abcdef', 'latin1');
const random = new Uint8Array(randomPart * batch);
const text = Buffer.alloc(idLength * batch, '-', 'latin1');
let ids = '';
let used = batch;
let lastMs = 0;
let counter = 0;

/**
 * A new UUIDv7 (RFC 9562): the millisecond of its batch, its place in it (10 bits), and 64 random bits. Each one sorts after those this
 * process made before, so that records lie in the store in the order they came.
 */
export function newId(): string {
	if (used === batch) makeBatch();
	const from = used++ * idLength;
	return ids.slice(from, from + idLength);
}

/** `tttttttt-tttt-7ppr-vrrr-rrrrrrrrrrrr`: time, place, variant and random digits. */
function makeBatch(): void {
	randomFillSync(random);
	// Why: batches of one millisecond would not sort; time is borrowed rather than order lost.
	lastMs = Math.max(Date.now(), lastMs + 1);
	const time = Buffer.from(lastMs.toString(16).padStart(12, '0'), 'latin1');
	for (let place = 0; place < batch; place++) {
		const at = place * idLength;
		const from = place * randomPart;
		const first = random[from] ?? 0;
		for (let index = 0; index < 12; index++) text[at + index + (index >> 3)] = time[index] ?? 0;
		text[at + 14] = digit(7);
		text[at + 15] = digit(place >>> 6);
		text[at + 16] = digit(place >>> 2);
		text[at + 17] = digit((place << 2) | (first & 3));
		text[at + 19] = digit(8 | ((first >>> 2) & 3));
		text[at + 20] = digit(first >>> 4);
		writeByte(random[from + 1] ?? 0, at + 21);
		for (let byte = 0; byte < 6; byte++) writeByte(random[from + 2 + byte] ?? 0, at + 24 + 2 * byte);
	}
	ids = text.toString('latin1');
	used = 0;
}

function digit(number: number): number {
	return digits[number & 0xf] ?? 0x30;
}

function writeByte(byte: number, at: number): void {
	text[at] = digit(byte >>> 4);
	text[at + 1] = digit(byte);
}

/** New ids as 16 bytes each, one behind the other, in the same order as those of `newId`. */
export function newIdBytes(count: number): Uint8Array {
	const bytes = new Uint8Array(count * 16);
	randomFillSync(bytes);
	const view = new DataView(bytes.buffer);
	for (let index = 0; index < count; index++) {
		const place = index % batch;
		// Why: as in `makeBatch`, whose texts must not fall between these.
		if (place === 0) lastMs = Math.max(Date.now(), lastMs + 1);
		const at = index * 16;
		view.setUint32(at, lastMs / 0x10000);
		view.setUint16(at + 4, lastMs % 0x10000);
		bytes[at + 6] = 0x70 | (place >>> 6);
		bytes[at + 7] = ((place << 2) & 0xfc) | ((bytes[at + 7] ?? 0) & 3);
		bytes[at + 8] = 0x80 | ((bytes[at + 8] ?? 0) & 0x3f);
	}
	return bytes;
}

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
