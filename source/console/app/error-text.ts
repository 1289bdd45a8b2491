import type {SluiceError} from '../../model/errors.js';

/** An error as one line: where, what, what was expected, what to do. */
export function formatError({message, where, expected, cure}: SluiceError): string {
	const place = where && !message.includes(where) ? `${where}: ` : '';
	const wanted = expected ? ` (expected ${expected})` : '';
	return `${place}${message}${wanted}${cure ? `  ${cure}` : ''}`;
}
