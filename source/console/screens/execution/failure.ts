import type {Execution} from '../../../model/execution.js';
import {committedText} from '../execution-acts/dialogs.js';

/** What went wrong, as an operator asks: where, why, what stays, what to do next. Null for a run that did not fail. */
export function explainFailure(execution: Execution): readonly (readonly [head: string, text: string])[] | null {
	const {error, stages, status} = execution;
	if (error === null) return null;
	const stage =
		stages.find(({state}) => state === 'failed') ?? (status === 'failed' ? stages.find(({state}) => state === 'running') : undefined);
	const place = [
		stage === undefined ? null : `${stage.stage === stage.name ? stage.stage : `${stage.stage} ${stage.name}`}${chunkText(stage)}`,
		error.where,
	].filter((part) => part !== null);
	return [
		['Where  ', place.length === 0 ? 'before its first stage' : place.join(', ')],
		['Why    ', `${error.message}${error.expected ? ` (expected: ${error.expected})` : ''}`],
		['Stays  ', committedText(execution)],
		['Next   ', nextStep(execution)],
	];
}

function chunkText({chunks, chunks_done: done, state}: Execution['stages'][number]): string {
	return chunks === null || done === null || chunks === 0
		? ''
		: `, chunk ${state === 'completed' ? done : Math.min(chunks, done + 1)} of ${chunks}`;
}

function nextStep({error, mode, counts}: Execution): string {
	const cure = error?.cure ? `${error.cure} ` : '';
	const again =
		mode === 'dry'
			? 'Then run it dry again (m, Rerun).'
			: counts.created + counts.updated > 0
				? 'Then m, Rerun: rows already written are found again by their matching rules.'
				: 'Then m, Rerun: it reads the same input file.';
	return `${cure}${again} m, Acknowledge takes it off the list of what needs someone.`;
}
