import type {Execution, Stage} from '../../model/execution.js';
import {own} from '../../model/own.js';

/** Rows a load step goes over: its own number once it ended, before that the rows of its scope. Null while nobody knows. */
export function rowsToDo({rows, scope}: Stage, of: Pick<Execution, 'rows'>): number | null {
	return rows ?? (scope === null ? null : (own(of.rows.by_scope, scope) ?? null));
}

/** Rows of a load step that have their outcome. */
export function rowsDone({created, updated, skipped, errored}: Stage): number {
	return (created ?? 0) + (updated ?? 0) + (skipped ?? 0) + (errored ?? 0);
}

/** Rows the load steps have not written yet; null while nobody knows. */
export function rowsLeft(of: Pick<Execution, 'rows' | 'stages'>): number | null {
	const left = of.stages
		.filter(({stage}) => stage.startsWith('load:'))
		.map((step) => ({step, rows: rowsToDo(step, of)}))
		.flatMap(({step, rows}) => (rows === null ? [] : [Math.max(0, rows - rowsDone(step))]));
	return left.length === 0 ? null : left.reduce((sum, rows) => sum + rows, 0);
}
