import {resolve} from 'node:path';
import {notAPath} from '../model/address-scheme.js';
import {SluiceError} from '../model/errors.js';

/**
 * The absolute path of an output that a command line names.
 *
 * @throws SluiceError `usage.invalid` for an address such as `s3://…`, which would become a local folder of that name
 */
export function outputPath(text: string): string {
	const address = notAPath(text);
	if (address === null) return resolve(text);
	throw new SluiceError('usage.invalid', `This is ${address}, not a path`, {
		where: text,
		expected: 'a path on this machine',
		cure: 'Write the file here, and send it from here.',
	});
}
