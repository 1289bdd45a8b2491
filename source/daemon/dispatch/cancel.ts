import {setTimeout as pause} from 'node:timers/promises';
import {SluiceError} from '../../model/errors.js';
import {failpoint} from '../../platform/failpoint.js';
import type {Control} from '../control/control.js';
import type {Actor} from '../control/history.js';
import type {StoredExecution} from '../control/stored-execution.js';
import type {Attempt} from './attempt.js';
import {placeOf} from './crash-counter.js';
import {allRowsWritten, nothingLeft} from './too-late.js';

/** What a cancel needs of the dispatcher. */
export type CancelDependencies = {
	readonly control: Control;
	attempt(id: string): Attempt | undefined;
	/** Resolves when how it stands changes; undefined when no process works on it. */
	changes(id: string): Promise<unknown> | undefined;
	/** Looks at the queue again, now. */
	look(): void;
	/** Writes the end of an execution that waits in the queue. */
	endQueued(stored: StoredExecution): void;
	/** Says to everybody that it has ended. */
	endedQueued(id: string): void;
};

const answerWithinMs = 20_000;
const lookAgainMs = 20;

/**
 * Cancels a queued execution at once, a running one at its next chunk boundary (SPEC 9); resolves when it is so.
 *
 * @throws SluiceError `run.too_late` when all rows are written or it has ended
 */
export async function cancelExecution(id: string, actor: Actor, desk: CancelDependencies): Promise<void> {
	const {control} = desk;
	const stored = control.executions.known(id);
	// why not an interrupted one: what its last runner committed is known to the records alone, and has to be accounted for first
	if (stored.status === 'queued' && !stored.interrupted) {
		failpoint('daemon.cancel.before');
		control.together(() => {
			addToHistory(stored, actor, desk);
			desk.endQueued(stored);
		});
		failpoint('daemon.cancel.after');
		desk.endedQueued(id);
		return;
	}
	if (stored.status !== 'queued' && !desk.attempt(id)) throw tooLate(`It has ended already: ${stored.status}`);
	if (allRowsWritten(desk.attempt(id)?.progress ?? stored.progress)) throw tooLate(nothingLeft(stored));
	failpoint('daemon.cancel.asking');
	if (stored.cancelRequestedBy === null) {
		control.together(() => {
			control.executions.requestCancel(id, actor.who);
			addToHistory(stored, actor, desk);
		});
	}
	failpoint('daemon.cancel.asked');
	desk.attempt(id)?.ask('cancel');
	desk.look();
	const after = await untilEnded(id, desk, performance.now() + answerWithinMs);
	if (!['cancelled', 'running', 'queued'].includes(after.status)) throw tooLate(`It ended before the cancel reached it: ${after.status}`);
}

/** How it ended, or how it stands at `deadline`: whoever dies on the way, another runner may have to close it. */
async function untilEnded(id: string, {control, changes}: CancelDependencies, deadline: number): Promise<StoredExecution> {
	for (;;) {
		const stored = control.executions.known(id);
		const patience = deadline - performance.now();
		if (!['queued', 'running'].includes(stored.status) || patience <= 0) return stored;
		const next = changes(id);
		await Promise.race([next, pause(next ? patience : lookAgainMs, undefined, {ref: false})]);
	}
}

function addToHistory({id, connector, progress, status}: StoredExecution, actor: Actor, {control, attempt}: CancelDependencies): void {
	control.history.add(actor, {
		what: 'cancel',
		connector,
		execution: id,
		detail: {was: status, at: placeOf(attempt(id)?.progress ?? progress)},
	});
}

function tooLate(why: string): SluiceError {
	return new SluiceError('run.too_late', `Too late to cancel: ${why}`);
}
