import type {Execution} from '../../../model/execution.js';
import {rowsLeft} from '../../execution-metrics/step-rows.js';
import {connectorOf} from '../../live/live.js';
import type {Confirmation} from '../effect.js';
import type {ScreenContext} from '../screen.js';
import {typedName} from '../shared/production.js';
import {countOf, hasEnded, kindOf, shortId} from '../shared/words.js';
import type {Act} from './command.js';

/** What a cancel loses and leaves (SPEC 9, 14). */
export function cancelDialog(of: Execution, around: ScreenContext): Confirmation<Act> {
	const left = rowsLeft(of);
	return {
		title: `Cancel this ${kindOf(of)}?`,
		lines: [
			`${of.connector} ${shortId(of.id)}, ${of.input_file ?? 'no input file'}${of.rows.input === null ? '' : `, ${countOf(of.rows.input, 'row')}`}`,
			of.status === 'queued' ? 'It has not begun: it leaves the queue.' : 'It stops at the next chunk boundary; SQL stops at once.',
			...(left === null ? [] : [`Not written then: about ${countOf(left, 'row')} of its load steps.`]),
		],
		stays: committedText(of),
		safer:
			of.mode === 'dry'
				? 'let it end: a dry run writes nothing'
				: 'deactivate the connector: the run goes back to the queue with what it has done, and can go on later',
		...typedName(of.connector, around),
		action: 'cancel it',
		yes: {type: 'cancel', of},
		loses: true,
	};
}

/** What a rerun starts, with what, and where it will wait. */
export function rerunDialog(of: Execution, rows: 'failed' | undefined, around: ScreenContext): Confirmation<Act> {
	const connector = connectorOf(around.live, of.connector);
	const waits = of.mode === 'live' && connector !== null && connector.status !== 'operational' && connector.status !== 'needs_attention';
	const lines = [
		rows === 'failed'
			? `Rows: the ${countOf(of.counts.errored, 'errored row')} and those skipped as invalid, of ${shortId(of.id)}.`
			: `Input: ${of.input_file ?? 'none'}${of.rows.input === null ? '' : `, ${countOf(of.rows.input, 'row')}`}, as it was received.`,
		"Uses today's configuration, variables and load steps.",
		...(waits ? [`${of.connector} is not active: it will wait in the queue.`] : []),
	];
	return {
		title: `${rows === 'failed' ? 'Run the failed rows again' : 'Run again'}, ${of.mode === 'live' ? 'LIVE' : 'dry'}?`,
		lines,
		stays: of.mode === 'live' ? 'what the first run wrote; matching finds those records again' : 'everything: a dry run writes nothing',
		...(of.mode === 'live' && {safer: `a dry run first: sluice rerun ${shortId(of.id)} --dry-run`, ...typedName(of.connector, around)}),
		action: rows === 'failed' ? 'run the failed rows' : 'run it again',
		yes: {type: 'rerun', of, ...(rows && {rows})},
	};
}

export function acknowledgeDialog(of: Execution): Confirmation<Act> {
	return {
		title: of.status === 'failed' ? 'Acknowledge this failure?' : 'Acknowledge these errored rows?',
		lines: [
			`${of.connector} ${shortId(of.id)}`,
			of.error?.message ?? (of.status === 'failed' ? 'It failed.' : `${countOf(of.counts.errored, 'row')} errored.`),
			'It leaves the list of what needs someone, for everybody; the next run that goes wrong is there again.',
		],
		stays: 'the execution, its report and its place in the list of executions; the history says who acknowledged it',
		action: 'acknowledge it',
		yes: {type: 'acknowledge', of},
	};
}

/** What is committed and not undone, in words and numbers. */
export function committedText(of: Execution): string {
	if (of.mode === 'dry') return 'nothing was written: it is a dry run';
	const {created, updated} = of.counts;
	const chunks = of.stages.reduce((sum, {chunks_done: done}) => sum + (done ?? 0), 0);
	if (chunks === 0) return hasEnded(of) ? 'nothing was written' : 'nothing was written yet';
	return `${countOf(chunks, 'chunk')} already committed: ${created.toLocaleString('en-GB')} created and ${updated.toLocaleString('en-GB')} updated; they are not undone`;
}
