import {tookText} from '../model/duration.js';
import type {Execution, Stage} from '../model/execution.js';
import {dayText} from '../model/moment.js';
import type {Clock} from './clock.js';
import type {ExitCode} from './command.js';
import {alignedTable, shown, thousands} from './output.js';

/** The lines of an execution as a person reads it: one line of what it is, its stages, its warnings, and where its artifacts are. */
export function executionText(execution: Execution, {timezone}: Clock, now = Date.now()): readonly string[] {
	const {counts} = execution;
	const lines = [
		`${execution.connector}  ${execution.mode} run  ${execution.status}${execution.waiting_for ? `, waiting for ${execution.waiting_for}` : ''}  ${execution.id}`,
		`${execution.operation === 'export' ? 'export' : `input ${shown(execution.input_file) || '-'}`}  rows ${thousands(rowsOf(execution)) || '-'}  by ${execution.started_by}  took ${tookText(execution, execution.status === 'running', now) || '-'}`,
		'',
		...alignedTable<Stage>(execution.stages, [
			{title: 'stage', of: ({stage}) => stage},
			{title: 'name', of: ({name}) => name},
			{title: 'state', of: ({state}) => state},
			{title: 'rows', of: ({rows}) => thousands(rows), right: true},
			{title: 'chunks', of: ({chunks, chunks_done}) => (chunks === null ? '' : `${chunks_done}/${chunks}`), right: true},
			{title: 'created', of: ({created}) => thousands(created), right: true},
			{title: 'updated', of: ({updated}) => thousands(updated), right: true},
			{title: 'skipped', of: ({skipped}) => thousands(skipped), right: true},
			{title: 'errored', of: ({errored}) => thousands(errored), right: true},
			{title: 'warnings', of: ({warnings}) => thousands(warnings), right: true},
			{title: 'took', of: (stage) => tookText(stage, stage.state === 'running', now), right: true},
		]),
		'',
		execution.operation === 'export'
			? writtenText(execution)
			: `created ${thousands(counts.created)}, updated ${thousands(counts.updated)}, skipped ${thousands(counts.skipped)}, errored ${thousands(counts.errored)}; rows with warnings ${thousands(counts.warnings)}`,
	];
	for (const {stage, would_fire: fired = []} of execution.stages) {
		if (fired.length === 0) continue;
		const each = fired.map(({automation, times}) => `${automation} ${thousands(times)} ${times === 1 ? 'time' : 'times'}`);
		lines.push(`a live run would fire in ${stage}: ${each.join(', ')}`);
	}
	for (const {stage, line, message} of execution.warnings.slice(0, 10))
		lines.push(`warning  ${stage}${line === undefined ? '' : `, line ${line}`}: ${message}`);
	if (execution.warnings.length > 10) lines.push(`         and ${execution.warnings.length - 10} more`);
	if (execution.error) {
		lines.push(`error    ${execution.error.where ? `${execution.error.where}: ` : ''}${execution.error.message}`);
		if (execution.error.cure) lines.push(`         ${execution.error.cure}`);
	}
	if (execution.cleared_at)
		lines.push(
			`cleared  ${dayText(execution.cleared_at, timezone)}: the input file, the tables and the report are gone (keep_executions_days); the counts stay`,
		);
	for (const [name, path] of Object.entries(execution.artifacts)) if (path) lines.push(`${name.replace('_', ' ').padEnd(12)}${path}`);
	return lines;
}

/** The rows that went in; of an export, those that were read. */
function rowsOf({operation, rows, stages}: Execution): number | null {
	return operation === 'export' ? (stages[0]?.rows ?? null) : rows.input;
}

function writtenText({stages, artifacts, mode}: Execution): string {
	const written = stages.find(({stage}) => stage === 'export')?.rows ?? 0;
	if (artifacts.export) return `${thousands(written)} rows written`;
	return mode === 'dry' ? `${thousands(written)} rows would be written; nothing was` : 'nothing was written';
}

/** The exit code that tells how an execution stands (SPEC 13). */
export function exitCodeOf(execution: Execution): ExitCode {
	if (execution.status === 'failed') return 1;
	if (execution.status === 'warning') return 3;
	if (execution.status === 'cancelled') return 4;
	return execution.status === 'queued' ? 5 : 0;
}

/** One line that says how far an execution is: the stage that runs, its chunk, rows and time. */
export function progressLine(execution: Execution): string {
	const running = execution.stages.find(({state}) => state === 'running');
	if (!running)
		return `${execution.connector}  ${execution.status}${execution.waiting_for ? `, waiting for ${execution.waiting_for}` : ''}`;
	const chunk = running.chunks ? `  chunk ${running.chunks_done} of ${running.chunks}` : '';
	const done = (running.created ?? 0) + (running.updated ?? 0) + (running.skipped ?? 0) + (running.errored ?? 0);
	return `${execution.connector}  ${running.name}${chunk}${done > 0 ? `  ${thousands(done)} rows` : ''}  ${tookText(execution, true, Date.now())}`;
}
