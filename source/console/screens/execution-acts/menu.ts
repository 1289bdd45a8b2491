import type {Execution} from '../../../model/execution.js';
import type {Choice} from '../effect.js';
import type {ExecutionAct} from '../place.js';
import {hasEnded} from '../shared/words.js';
import type {Act} from './command.js';

/** The three-dot menu of an execution: the labels are SPEC 14's, what cannot be done now says why. */
export function executionMenu(of: Execution): readonly Choice<Act>[] {
	const ended = hasEnded(of);
	const choice = (label: string, command: Act, refused: string | null): Choice<Act> => ({label, command, ...(refused && {refused})});
	return [
		choice(
			'Download XLS report',
			{type: 'download', of, artifact: 'report'},
			!ended && of.artifacts.report === null ? 'it is written when the run ends' : null,
		),
		choice(
			'Download SQL output (ZIP)',
			{type: 'download', of, artifact: 'sql_output'},
			!ended && of.artifacts.sql_output === null ? 'it is there when the SQL has ended' : null,
		),
		choice('Download input file', {type: 'download', of, artifact: 'input'}, of.artifacts.input === null ? 'it has no input file' : null),
		choice('Rerun', {type: 'askRerun', of}, null),
		choice('Rerun failed rows', {type: 'askRerun', of, rows: 'failed'}, whyNoFailedRows(of)),
		choice('Acknowledge', {type: 'askAcknowledge', of}, whyNotAcknowledge(of)),
		choice('Cancel', {type: 'askCancel', of}, ended ? 'it has ended' : null),
	];
}

/** What a command line's word for an execution leads to: the same as in its menu, with the reason where it cannot be done. */
export function choiceOf(of: Execution, act: ExecutionAct): Choice<Act> | undefined {
	return executionMenu(of).find(({command}) => {
		switch (command.type) {
			case 'download':
				return command.artifact === act;
			case 'askRerun':
				return act === (command.rows === undefined ? 'rerun' : 'rerunFailed');
			case 'askAcknowledge':
				return act === 'acknowledge';
			case 'askCancel':
				return act === 'cancel';
			default:
				return false;
		}
	});
}

function whyNotAcknowledge({status, mode, counts, acknowledged_at: at}: Execution): string | null {
	const wrong = status === 'failed' || (status === 'warning' && mode === 'live' && counts.errored > 0);
	if (!wrong) return 'only runs that failed or had errored rows are acknowledged';
	return at === null ? null : 'it is acknowledged already';
}

function whyNoFailedRows(of: Execution): string | null {
	if (of.operation === 'export') return 'an export has no rows to load';
	if (!hasEnded(of)) return 'its failed rows are known when it has ended';
	return of.counts.errored + of.counts.skipped === 0 ? 'no row failed' : null;
}
