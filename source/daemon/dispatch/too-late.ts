import type {Progress} from '../../engine/protocol.js';
import type {StoredExecution} from '../control/stored-execution.js';

/** Whether every row is written, so that a cancel comes too late (SPEC 9). */
export function allRowsWritten(progress: Progress | null): boolean {
	const stages = progress?.stages ?? [];
	const loads = stages.filter(({stage}) => stage.startsWith('load:'));
	const report = stages.find(({stage}) => stage === 'report');
	if (report && report.state !== 'waiting') return true;
	if (stages.some(({stage, state}) => stage === 'export' && state === 'completed')) return true;
	return loads.length > 0 && loads.every(({state}) => state === 'completed');
}

/** What is done already, so that a cancel changes nothing. */
export function nothingLeft({mode, operation}: Pick<StoredExecution, 'mode' | 'operation'>): string {
	if (mode === 'dry') return 'It has tried all its rows; as a dry run it writes nothing';
	return operation === 'export' ? 'Its file is written' : 'All its rows are written';
}
