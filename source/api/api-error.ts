import {type ErrorBody, SluiceError} from '../model/errors.js';
import type {Problem} from '../model/problem.js';
import type {Queue} from './contract.js';

/** What an answer of the daemon carries beside the error: the queue that must be decided on, what is incomplete, the configuration's problems. */
export type Refusal = {readonly queue?: Queue; readonly missing?: readonly string[]; readonly problems?: readonly Problem[]};

/** An error that the daemon answered with. */
export class ApiError extends SluiceError {
	readonly refusal: Refusal;

	constructor(
		readonly status: number,
		body: ErrorBody & Refusal,
	) {
		super(body.code, body.message, {
			where: body.where ?? undefined,
			expected: body.expected ?? undefined,
			cure: body.cure ?? undefined,
		});
		this.refusal = {
			...(body.queue && {queue: body.queue}),
			...(body.missing && {missing: body.missing}),
			...(body.problems && {problems: body.problems}),
		};
	}
}
