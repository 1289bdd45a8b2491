import type {Progress} from '../../engine/job.js';

/** Whether every row is written, so that a cancel comes too late (SPEC 9). */
export function allRowsWritten(progress: Progress | null): boolean {
	const stages = progress?.stages ?? [];
	const loads = stages.filter(({stage}) => stage.startsWith('load:'));
	const report = stages.find(({stage}) => stage === 'report');
	if (report && report.state !== 'waiting') return true;
	if (stages.some(({stage, state}) => stage === 'export' && state === 'completed')) return true;
	return loads.length > 0 && loads.every(({state}) => state === 'completed');
}
