import type {Closing, Progress} from '../../engine/protocol.js';
import type {ErrorBody, SluiceError} from '../../model/errors.js';
import {toSluiceError} from '../../model/errors.js';
import type {ExecutionStatus} from '../../model/execution.js';
import type {DiskTrouble} from '../../platform/disk-trouble.js';
import type {Control} from '../control/control.js';
import {systemActor} from '../control/history.js';
import type {StoredExecution} from '../control/stored-execution.js';
import type {EndedMessage, Intent} from './attempt.js';
import {countCrash, placeOf} from './crash-counter.js';
import {countsOf} from './view.js';

export type Final = {
	readonly status: Exclude<ExecutionStatus, 'queued' | 'running'>;
	readonly progress: Progress | null;
	readonly error: ErrorBody | null;
};

/** Where the end of an execution is written, and what is written together with it, such as the mails that follow from it. */
export type FinishDependencies = {readonly control: Control; atEnd(ended: StoredExecution): void};

/** Writes the end of an execution: its status, what it means for its connector, the sums, and the history, together. */
export function end(books: FinishDependencies, id: string, {status, progress, error}: Final): StoredExecution {
	const {control} = books;
	return control.together(() => {
		const counts = countsOf(progress);
		const last = progress && nothingRuns(progress, status);
		const ended = control.executions.end(id, {status, at: control.now(), progress: last, error, errored: counts.errored});
		const {connector, mode} = ended;
		if (mode === 'live') {
			const wrong = status === 'failed' || counts.errored > 0;
			// why: skips and warnings do not count, and cancelled runs change nothing (SPEC 10).
			if (status !== 'cancelled') control.connectors.setAttention(connector, wrong);
			for (const [outcome, rows] of Object.entries(counts)) {
				if (outcome !== 'warnings' && rows > 0) control.totals.add('rows', outcome, rows);
			}
		}
		control.totals.add('executions', status, 1);
		control.history.add(systemActor, {
			what: 'ended',
			connector,
			execution: id,
			detail: {status, mode, counts, ...(error && {error: error.message})},
		});
		books.atEnd(ended);
		return ended;
	});
}

/** What died while it ran a stage could not say that the stage is over. */
function nothingRuns(progress: Progress, status: Final['status']): Progress {
	const state = status === 'cancelled' ? 'cancelled' : 'failed';
	return {...progress, stages: progress.stages.map((stage) => (stage.state === 'running' ? {...stage, state} : stage))};
}

/** Writes what a runner's last word means. `intent` is what it was asked, if anything. */
export function settleEnded(
	books: FinishDependencies,
	stored: StoredExecution,
	{result, at, progress, error, disk}: EndedMessage,
	intent: Intent | null,
): StoredExecution {
	if (result !== 'stopped') return end(books, stored.id, {status: result, progress, error});
	if (intent === 'cancel') return end(books, stored.id, {status: 'cancelled', progress, error: null});
	return backToQueue(books.control, stored, progress, at ?? placeOf(progress), intent, disk ?? null);
}

/**
 * Writes what the death of a runner means: an interrupted execution stands at the head of its queue again (SPEC 9). If somebody had
 * cancelled it, or the same chunk has now ended its runner too often, the next runner only closes it; the death of that one is the end.
 */
export function settleDied(
	books: FinishDependencies,
	stored: StoredExecution,
	progress: Progress | null,
	intent: Intent | null,
	closing: Closing | null,
	fatal: (place: string, times: number) => SluiceError,
): StoredExecution {
	const place = placeOf(progress);
	if (closing) return end(books, stored.id, {status: closing.as, progress, error: closing.error});
	if (intent === null) {
		const after = countCrash({strikes: stored.strikes, place: stored.strikePlace}, place);
		const error = after.fatal ? toSluiceError(fatal(place, after.strikes)).toJSON() : null;
		books.control.executions.strike(stored.id, after.strikes, place, error);
	}
	return backToQueue(books.control, stored, progress, place, intent);
}

const diskWords = {full: 'is full', failing: 'fails'} as const;

/** Back to its place in the queue, with its checkpoint. Deactivation makes it wait; anything else lets it go on by itself. */
export function backToQueue(
	control: Control,
	{id, connector, mode}: StoredExecution,
	progress: Progress | null,
	place: string,
	intent: Intent | null,
	disk: DiskTrouble | null = null,
): StoredExecution {
	const byDeactivation = intent === 'deactivation';
	const done = byDeactivation
		? `stopped by deactivation at ${place}`
		: `interrupted at ${place}${disk ? ` by a disk that ${diskWords[disk]}` : ''}`;
	return control.together(() => {
		const back = control.executions.requeue(id, {progress, done, interrupted: !byDeactivation});
		if (mode === 'live') control.connectors.bumpQueue(connector);
		control.history.add(systemActor, {
			what: byDeactivation ? 'stopped' : 'interrupted',
			connector,
			execution: id,
			detail: {at: place, ...(disk && {disk})},
		});
		return back;
	});
}
