import type {ErrorBody} from '../../model/errors.js';

export function redactError(error: ErrorBody | null, redact: (text: string) => string): ErrorBody | null {
	if (!error) return null;
	const hide = (text: string | null): string | null => (text === null ? null : redact(text));
	return {...error, message: redact(error.message), where: hide(error.where), expected: hide(error.expected), cure: hide(error.cure)};
}
