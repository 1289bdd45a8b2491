import type {FailureCheck} from '../../../api/contract.js';
import type {Execution} from '../../../model/execution.js';
import {wrap} from '../../text/fit.js';
import {committedText} from '../execution-acts/dialogs.js';
import {countOf} from '../shared/words.js';

export type FailureLine = readonly [head: string, text: string];

/** What went wrong, as an operator asks: where, why, what stays, what to do next. Null for a run that did not fail. */
export function explainFailure(execution: Execution, checks: readonly FailureCheck[] = []): readonly FailureLine[] | null {
	const {error, stages, status} = execution;
	if (error === null) return null;
	const stage =
		stages.find(({state}) => state === 'failed') ?? (status === 'failed' ? stages.find(({state}) => state === 'running') : undefined);
	const place = [
		stage === undefined ? null : `${stage.stage.startsWith('load:') ? `${stage.stage} ` : ''}${stage.name}${chunkText(stage)}`,
		error.where,
	].filter((part) => part !== null);
	return [
		['Where  ', place.length === 0 ? 'before its first stage' : place.join(', ')],
		['Why    ', `${error.message}${error.expected ? ` (expected: ${error.expected})` : ''}`],
		['Stays  ', committedText(execution)],
		['Next   ', nextStep(execution)],
		...checks.map(({state, message}, index): FailureLine => [index === 0 ? 'Check  ' : '       ', `${checkGlyphs[state]} ${message}`]),
	];
}

const checkGlyphs: Readonly<Record<FailureCheck['state'], string>> = {ok: '✓', look: '!', todo: '○', unknown: '?'};

/** A run that went to its end, but not all of whose rows did. */
export function hasLeftRows({error, status, counts}: Execution): boolean {
	return error === null && status !== 'queued' && status !== 'running' && (status === 'warning' || counts.errored + counts.warnings > 0);
}

/** What became of the rows of a run that ended with a warning, and what each check found. */
export function leftRowsText(execution: Execution, checks: readonly FailureCheck[]): string {
	const {counts, warnings} = execution;
	const amounts = [
		counts.errored > 0 ? `${countOf(counts.errored, 'row')} errored` : null,
		counts.skipped > 0 ? `${countOf(counts.skipped, 'row')} skipped` : null,
		counts.warnings > 0 ? `${countOf(counts.warnings, 'row')} with warnings` : null,
	].filter((part) => part !== null);
	return [
		amounts.length === 0 ? 'No row was left out.' : `${amounts.join(', ')}.`,
		...warnings.slice(0, 20).map(({stage, message}) => `! ${stage}: ${message}`),
		'',
		'Enter on a load step shows its rows; r there groups the reasons.',
		...checkLines(checks),
	].join('\n');
}

/** The file and line an error names, where its place is one. */
export function placeOf({error}: Pick<Execution, 'error'>): {readonly file: string; readonly line: number} | null {
	const [, file, line] = /^(\S+\.(?:sql|ya?ml)):(\d+)(?::\d+)?$/.exec(error?.where ?? '') ?? [];
	return file === undefined || line === undefined ? null : {file, line: Number(line)};
}

/** All of it at length: also what each check found, and the command that shows more. */
export function failureText(execution: Execution, checks: readonly FailureCheck[]): string {
	const said = (explainFailure(execution) ?? []).map(([head, text]) => `${head}${text}`);
	return [...said, ...checkLines(checks)].join('\n');
}

function checkLines(checks: readonly FailureCheck[]): readonly string[] {
	const looked = checks.flatMap(({state, message, detail, command}) => [
		`${checkGlyphs[state]} ${message}`,
		...detail.map((line) => `    ${line}`),
		...(command === null ? [] : [`    ${command}`]),
	]);
	return looked.length === 0 ? [] : ['', 'Go through:', ...looked];
}

/** How many lines a box of this width needs for it. */
export function failureHeight(lines: readonly FailureLine[], width: number): number {
	return lines.reduce((sum, [head, text]) => sum + wrap(text, Math.max(10, width - 4 - head.length)).length, 0);
}

function chunkText({chunks, chunks_done: done, state}: Execution['stages'][number]): string {
	return chunks === null || done === null || chunks === 0
		? ''
		: `, chunk ${state === 'completed' ? done : Math.min(chunks, done + 1)} of ${chunks}`;
}

function nextStep(execution: Execution): string {
	const {error, mode, stages, counts, acknowledged_at: seen} = execution;
	const opens = placeOf(execution) === null ? '' : 'e opens the file at that line. ';
	const cure = `${error?.cure ? `${error.cure} ` : ''}${opens}`;
	const inFile = stages.some(({stage, state}) => stage === 'intake' && state === 'failed');
	const again = inFile
		? 'Then run the connector with the mended file: Rerun (m) reads the same file again.'
		: mode === 'dry'
			? 'Then rerun it (m): it reads the same file again.'
			: counts.created + counts.updated > 0
				? 'Then rerun it (m): rows already written are found again by their matching rules.'
				: 'Then rerun it (m): it reads the same file again.';
	return `${cure}${again}${seen === null ? ' Acknowledge (m) takes it off the list of what needs someone.' : ''}`;
}
