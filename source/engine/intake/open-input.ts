import {open} from 'node:fs/promises';
import {SluiceError} from '../../model/errors.js';
import {inputFileError, inputSize} from '../../platform/files/input-file.js';
import {checkSignature, type FileKind, kindOf} from './file-kind.js';

/** A file that exists, is not too large, and begins as its name promises. */
export type Input = {readonly path: string; readonly name: string; readonly kind: FileKind; readonly sizeBytes: number};

/** Why 64 KB: the directory of a protected workbook stands somewhere in there. */
const signatureBytes = 64 * 1024;

/**
 * Looks at a file without reading it: existence, type, size and first bytes (SPEC 4).
 *
 * @throws SluiceError `intake.missing`, `intake.unreadable`, `intake.type`, `intake.too_large`, `intake.empty`, `intake.encrypted`
 */
export async function openInput(path: string, name: string, maxInputBytes: number): Promise<Input> {
	const sizeBytes = await inputSize(path, name);
	const kind = kindOf(name);
	if (sizeBytes > maxInputBytes) {
		throw new SluiceError('intake.too_large', `${name} has ${sizeBytes} bytes`, {
			where: name,
			expected: `at most ${maxInputBytes} bytes (limits.max_input_bytes)`,
		});
	}
	checkSignature(await headOf(path, name), kind, name);
	return {path, name, kind, sizeBytes};
}

async function headOf(path: string, name: string): Promise<Uint8Array> {
	try {
		const file = await open(path, 'r');
		try {
			const {bytesRead, buffer} = await file.read(Buffer.alloc(signatureBytes), 0, signatureBytes, 0);
			return buffer.subarray(0, bytesRead);
		} finally {
			await file.close();
		}
	} catch (error) {
		throw inputFileError(error, path, name);
	}
}
