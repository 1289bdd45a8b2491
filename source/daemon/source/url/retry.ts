import {setTimeout as pause} from 'node:timers/promises';
import {SluiceError} from '../../../model/errors.js';
import type {Answer} from '../../outgoing/request.js';
import {retryAfterMs} from '../../outgoing/retry-after.js';

const mostTries = 5;
/** For all tries and the pauses between them (SPEC 11). */
const longestMs = 600_000;
const passing: ReadonlySet<number> = new Set([429, 502, 503, 504]);

export type AskAgain = {
	/** The daemon ends. */
	readonly stopping?: AbortSignal | undefined;
	readonly tries?: number | undefined;
	/** How a pause is made; another one in tests. */
	readonly wait?: (ms: number) => Promise<void>;
};

/**
 * Asks again, within the run, while the answer is one that passes (429, 502, 503, 504) or the network fails: at most five times and ten
 * minutes, after the pause that `Retry-After` names, else 1, 2, 4, 8 s.
 *
 * @param ask gets the milliseconds that are left
 * @throws SluiceError `daemon.stopping` where `stopping` aborts
 */
export async function askAgain(
	ask: (leftMs: number) => Promise<Answer>,
	{stopping, tries = mostTries, wait = (ms) => pauseFor(ms, stopping)}: AskAgain = {},
): Promise<Answer> {
	const end = performance.now() + longestMs;
	for (let tried = 1; ; tried++) {
		const answer = await ask(Math.max(1, end - performance.now())).catch((error: unknown) => {
			if (error instanceof SluiceError && error.code === 'outgoing.failed' && error.cause !== undefined) return error;
			throw error;
		});
		const failed = answer instanceof SluiceError;
		if (!failed && !passing.has(answer.status)) return answer;
		const pauseMs = (failed ? null : retryAfterMs(answer.headers['retry-after'], new Date())) ?? 1000 * 2 ** (tried - 1);
		if (stopping?.aborted) throw stopped();
		if (tried >= tries || performance.now() + pauseMs >= end) {
			if (failed) throw afterTries(answer, tried);
			return answer;
		}
		await wait(pauseMs);
	}
}

async function pauseFor(ms: number, stopping: AbortSignal | undefined): Promise<void> {
	try {
		await pause(ms, undefined, {ref: false, ...(stopping && {signal: stopping})});
	} catch {
		// The one thing that ends a pause early.
		throw stopped();
	}
}

function stopped(): SluiceError {
	return new SluiceError('daemon.stopping', 'The daemon ends before the source has answered');
}

function afterTries({message, where, cause}: SluiceError, tried: number): SluiceError {
	return new SluiceError('outgoing.failed', tried === 1 ? message : `${message} (tried ${tried} times)`, {
		where,
		cause,
		cure: 'Check the address under source, and that its server can be reached from this machine. A schedule looks again at its next run.',
	});
}
