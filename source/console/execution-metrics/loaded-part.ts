import type {Execution} from '../../model/execution.js';

/** How much of the load steps is committed, from 0 to 1; null before the first of them knows its chunks. */
export function loadedPart({stages}: Execution): number | null {
	const steps = stages.filter(({chunks}) => chunks !== null);
	const chunks = steps.reduce((sum, stage) => sum + (stage.chunks ?? 0), 0);
	if (chunks === 0) return null;
	return Math.min(1, steps.reduce((sum, stage) => sum + (stage.chunks_done ?? 0), 0) / chunks);
}
