import type {ShortTask} from '../../engine/job.js';
import {SluiceError} from '../../model/errors.js';
import {startRunner} from './runner.js';

/**
 * Runs a short task in a runner of its own and gives its result.
 *
 * @throws the task's own SluiceError, or `task.failed` when its process ends without an answer or takes longer than `timeoutMs`,
 *   `task.stopped` when `ending` aborts it
 */
export function runShortTask(entry: string, cwd: string, task: ShortTask, timeoutMs: number, ending: AbortSignal | null): Promise<unknown> {
	return new Promise((resolve, reject) => {
		const stop = () => {
			runner.kill();
			reject(stopped(task));
		};
		ending?.addEventListener('abort', stop, {once: true});
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
				ending?.removeEventListener('abort', stop);
				reject(
					new SluiceError('task.failed', `The task "${task.task}" ended without an answer (${signal ?? `exit ${code}`})`, {
						cause: lastWords,
					}),
				);
			},
		});
	});
}

/** A task that the end of the daemon stopped, or did not let begin. */
export function stopped({task}: ShortTask): SluiceError {
	return new SluiceError('task.stopped', `The task "${task}" was stopped because the daemon ends`);
}
