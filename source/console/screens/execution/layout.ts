import type {FailureCheck} from '../../../api/contract.js';
import type {Execution, Stage} from '../../../model/execution.js';
import type {ScreenContext} from '../screen.js';
import type {RemoteData} from '../shared/remote-data.js';
import {explainFailure, failureHeight} from './failure.js';

/** Lines of each part of the body; 0 leaves it out. */
export type BodyLayout = {
	readonly head: number;
	readonly stages: number;
	readonly box: number;
	readonly grid: number;
	readonly log: number;
};

export type LaidOut = {
	readonly execution: RemoteData<Execution>;
	readonly panel: 'stages' | 'log';
	/** What the daemon looked at after a failure; empty until it answered. */
	readonly checks: readonly FailureCheck[];
};

/** How the body's lines are shared: the stages and what went wrong come first, the log takes what is left. */
export function layOutBody(
	{execution: {value}, panel, checks}: LaidOut,
	{height, width}: Pick<ScreenContext, 'height' | 'width'>,
): BodyLayout {
	const head = 3;
	if (value === null) return {head, stages: 0, box: 0, grid: 0, log: 0};
	const free = height - head;
	const failure = explainFailure(value, checks);
	const box = failure === null ? 0 : Math.min(failureHeight(failure, width) + 2, Math.max(0, free - 7));
	const grid = loadInSight(value) === null ? 0 : free - box >= 24 ? 5 : 3;
	const least = panel === 'log' ? 6 : 3;
	const stages = Math.max(3, Math.min(value.stages.length + 1, free - box - grid - least));
	return {head, stages, box, grid, log: Math.max(0, free - stages - box - grid)};
}

/** The load step whose chunks are drawn: the one that runs, else the one that stopped; null when no chunk tells anything. */
export function loadInSight({stages}: Execution): Stage | null {
	const steps = stages.filter(({stage, chunks}) => stage.startsWith('load:') && chunks !== null && chunks > 0);
	return steps.find(({state}) => state === 'running') ?? steps.find(({state}) => state === 'failed' || state === 'cancelled') ?? null;
}
