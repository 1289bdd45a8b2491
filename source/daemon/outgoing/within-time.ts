import {SluiceError} from '../../model/errors.js';

/**
 * The result of `work`, unless `signal` aborts first; `work` may go on by itself then, but nothing waits for it. For what knows no end, such
 * as the machine's resolver.
 *
 * @throws SluiceError `outgoing.failed` with `late`
 */
export async function withinTime<Result>(work: Promise<Result>, signal: AbortSignal, late: string, where?: string): Promise<Result> {
	let give: () => void = () => undefined;
	const over = new Promise<never>((_resolve, reject) => {
		give = () => reject(new SluiceError('outgoing.failed', late, {where}));
		if (signal.aborted) give();
		else signal.addEventListener('abort', give, {once: true});
	});
	try {
		return await Promise.race([work, over]);
	} finally {
		signal.removeEventListener('abort', give);
	}
}
