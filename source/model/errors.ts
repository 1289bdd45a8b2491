import {type ErrorCode, errorCodes} from './error-codes.js';

export type ErrorDetail = {
	/** Where it happened: `file:line:column`, a sheet, a row, a chunk. */
	readonly where?: string | undefined;
	/** What would have been right. */
	readonly expected?: string | undefined;
	/** What to do about it, as a sentence. */
	readonly cure?: string | undefined;
	readonly cause?: unknown;
};

/** The shape of an error on the wire and under `--json` (SPEC 16). */
export type ErrorBody = {
	readonly code: ErrorCode;
	readonly message: string;
	readonly where: string | null;
	readonly expected: string | null;
	readonly cure: string | null;
};

/** An error meant for a person: what went wrong, where, what was expected, and the cure. Its code is stable. */
export class SluiceError extends Error {
	override readonly name = 'SluiceError';
	readonly where: string | undefined;
	readonly expected: string | undefined;
	readonly cure: string | undefined;

	constructor(
		readonly code: ErrorCode,
		message: string,
		detail: ErrorDetail = {},
	) {
		super(shortened(message), {cause: detail.cause});
		this.where = shortened(detail.where);
		this.expected = shortened(detail.expected);
		this.cure = shortened(detail.cure) ?? errorCodes[code].cure;
	}

	toJSON(): ErrorBody {
		return {code: this.code, message: this.message, where: this.where ?? null, expected: this.expected ?? null, cure: this.cure ?? null};
	}

	/** Rebuilds an error that crossed a process border. */
	static from({code, message, where, expected, cure}: ErrorBody): SluiceError {
		return new SluiceError(code, message, {where: where ?? undefined, expected: expected ?? undefined, cure: cure ?? undefined});
	}
}

/** Texts of errors may quote what came from outside: a name of a megabyte is cut. */
const mostCharacters = 20_000;

function shortened<Text extends string | undefined>(text: Text): Text | string {
	return text !== undefined && text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text;
}

/** Any thrown value as a `SluiceError`; one that nobody foresaw becomes `internal`, its text kept. */
export function toSluiceError(error: unknown): SluiceError {
	if (error instanceof SluiceError) return error;
	const message = error instanceof Error ? error.message : String(error);
	return new SluiceError('internal', message, {cause: error});
}
