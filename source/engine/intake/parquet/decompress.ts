import {brotliDecompressSync, gunzipSync} from 'node:zlib';
import {decompressLz4, decompressLz4Raw, decompressSnappy, decompressZstd} from 'hyparquet-compressors';

/** The compression codecs of parquet.thrift, by their numbers. */
const codecs: readonly {readonly name: string; readonly expand: ((bytes: Uint8Array, length: number) => Uint8Array) | null}[] = [
	{name: 'none', expand: (bytes) => bytes},
	{name: 'Snappy', expand: decompressSnappy},
	{name: 'gzip', expand: (bytes, length) => gunzipSync(bytes, {maxOutputLength: Math.max(1, length)})},
	{name: 'LZO', expand: null},
	{name: 'Brotli', expand: (bytes, length) => brotliDecompressSync(bytes, {maxOutputLength: Math.max(1, length)})},
	{name: 'LZ4', expand: decompressLz4},
	{name: 'Zstandard', expand: (bytes, length) => decompressZstd(bytes, new Uint8Array(length))},
	{name: 'LZ4', expand: decompressLz4Raw},
];

/** What a codec is called where it is none that can be read, else null. */
export function unreadableCodec(codec: number): string | null {
	const found = codecs[codec];
	return found?.expand ? null : (found?.name ?? `number ${codec}`);
}

/** The expanded bytes of a page. @throws Error where they are not `length` bytes */
export function decompress(bytes: Uint8Array, codec: number, length: number): Uint8Array {
	if (length === 0) return new Uint8Array(0);
	const expanded = codecs[codec]?.expand?.(bytes, length);
	if (expanded?.length !== length) throw new RangeError('a page does not expand to its size');
	return expanded;
}
