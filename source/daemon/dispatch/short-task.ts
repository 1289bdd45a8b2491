import type {FromRunner, ShortTask} from '../../engine/protocol.js';
import {SluiceError} from '../../model/errors.js';
import {startRunner} from './runner.js';

/** How long a database may take to end a query that was cancelled. */
const cancelMs = 3_000;

/**
 * Runs a short task in a runner of its own and gives its result. It settles when the process has ended, and those that it started.
 *
 * @throws the task's own SluiceError, or `task.failed` when its process ends without an answer or takes longer than `timeoutMs`,
 *   `task.stopped` when `ending` aborts it
 */
export async function runShortTask(entry: string, cwd: string, task: ShortTask, timeoutMs: number, ending: AbortSignal): Promise<unknown> {
	let answer: Extract<FromRunner, {type: 'result'}> | null = null;
	let failure: SluiceError | null = null;
	const runner = startRunner(entry, cwd, task, {
		message(message) {
			if (message.type === 'result') answer = message;
		},
		exit({code, signal, lastWords}) {
			failure ??= new SluiceError('task.failed', `The task "${task.task}" ended without an answer (${signal ?? `exit ${code}`})`, {
				cause: lastWords,
			});
		},
	});
	const end = (reason: SluiceError): void => {
		failure ??= reason;
		runner.kill();
	};
	let wasStopped = false;
	let impatient: NodeJS.Timeout | undefined;
	const stop = (): void => {
		if (task.task !== 'fetch') {
			end(stopped(task));
			return;
		}
		// It ends its query in the database first: one whose client is gone may go on there for hours.
		wasStopped = true;
		failure ??= stopped(task);
		runner.send({type: 'cancel'});
		impatient = setTimeout(() => runner.kill(), cancelMs);
	};
	ending.addEventListener('abort', stop, {once: true});
	const timer = setTimeout(
		() => end(new SluiceError('task.failed', `The task "${task.task}" did not end within ${timeoutMs / 1000} s`)),
		timeoutMs,
	);
	await runner.exited;
	clearTimeout(timer);
	clearTimeout(impatient);
	ending.removeEventListener('abort', stop);
	return resultOf(wasStopped ? null : answer, failure);
}

function resultOf(answer: Extract<FromRunner, {type: 'result'}> | null, failure: SluiceError | null): unknown {
	if (answer === null) throw failure;
	if (answer.error) throw SluiceError.from(answer.error);
	return answer.result;
}

/** A task that the end of the daemon stopped, or did not let begin. */
export function stopped({task}: ShortTask): SluiceError {
	return new SluiceError('task.stopped', `The task "${task}" was stopped because the daemon ends`);
}
