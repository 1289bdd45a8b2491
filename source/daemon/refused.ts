import type {Refusal} from '../api/api-error.js';
import type {ErrorCode} from '../model/error-codes.js';
import {type ErrorDetail, SluiceError} from '../model/errors.js';

/** An error that carries what must be looked at: the queue to decide on, what is incomplete, the problems. */
export class Refused extends SluiceError {
	readonly refusal: Refusal;

	constructor(code: ErrorCode, message: string, refusal: Refusal, detail: ErrorDetail = {}) {
		super(code, message, detail);
		this.refusal = refusal;
	}
}
