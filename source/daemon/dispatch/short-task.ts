import type {ShortTask} from '../../engine/job.js';
import {SluiceError} from '../../model/errors.js';
import {startRunner} from './runner.js';

/**
 * Runs a short task in a runner of its own and gives its result, and a way to end it before.
 *
 * `result` is rejected with the task's own SluiceError, or `task.failed` when its process ends without an answer or takes longer than
 * `timeoutMs`.
 */
export function runShortTask(
	entry: string,
	cwd: string,
	task: ShortTask,
	timeoutMs: number,
): {readonly result: Promise<unknown>; kill(): void} {
	let kill = (): void => undefined;
	const result = new Promise<unknown>((resolve, reject) => {
		const timer = setTimeout(() => {
			runner.kill();
			reject(new SluiceError('task.failed', `The task "${task.task}" did not end within ${timeoutMs / 1000} s`));
		}, timeoutMs);
		const runner = startRunner(entry, cwd, task, {
			message(message) {
				if (message.type !== 'result') return;
				if (message.error) reject(SluiceError.from(message.error));
				else resolve(message.result);
			},
			exit({code, signal, lastWords}) {
				clearTimeout(timer);
				reject(
					new SluiceError('task.failed', `The task "${task.task}" ended without an answer (${signal ?? `exit ${code}`})`, {
						cause: lastWords,
					}),
				);
			},
		});
		kill = () => runner.kill();
	});
	return {result, kill};
}
