import type {Stage} from '../../../model/execution.js';
import {rowsDone} from '../../execution-metrics/step-rows.js';

/** How fast a load step goes since it began, and how long it will still take. Null where too little is known to say. */
export type Pace = {readonly rowsPerSecond: number; readonly leftMs: number};

/** @param rows the step goes over in all */
export function paceOf(stage: Stage, rows: number | null, now: number): Pace | null {
	if (stage.state !== 'running' || stage.started_at === null || rows === null) return null;
	const ms = now - Date.parse(stage.started_at);
	const done = rowsDone(stage);
	if (done === 0 || ms < 500) return null;
	return {rowsPerSecond: (done / ms) * 1000, leftMs: Math.max(0, rows - done) * (ms / done)};
}
