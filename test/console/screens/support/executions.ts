import type {Execution, Stage} from '../../../../source/model/execution.js';

/** A finished stage of nothing, with what the test says about it. */
export function stageOf(given: Partial<Stage> & Pick<Stage, 'stage'>): Stage {
	return {
		name: given.stage,
		object: null,
		scope: null,
		state: 'completed',
		rows: null,
		chunks: null,
		chunks_done: null,
		created: null,
		updated: null,
		skipped: null,
		errored: null,
		warnings: null,
		started_at: null,
		ended_at: null,
		...given,
	};
}

export const id = '01a1fc18-12b8-763e-a768-3057067d50f4';

/** A completed live run of `orders` over ten rows, with what the test says about it. */
export function executionOf(given: Partial<Execution> = {}): Execution {
	return {
		id,
		connector: 'orders',
		operation: 'import',
		objects: ['orders'],
		mode: 'live',
		status: 'completed',
		waiting_for: null,
		input_file: 'orders.csv',
		rows: {input: 10, by_scope: {orders: 10}},
		counts: {created: 9, updated: 1, skipped: 0, errored: 0, warnings: 0},
		stages: [],
		artifacts: {input: '/w/input/orders.csv', sql_output: '/w/sql-output.zip', report: '/w/report.xlsx'},
		queued_at: '2026-11-21T03:00:00.000Z',
		started_at: '2026-11-21T03:00:00.100Z',
		ended_at: '2026-11-21T03:00:04.100Z',
		started_by: 'ann',
		cleared_at: null,
		engine: 'chdb 26.7',
		walls: ['guard'],
		warnings: [],
		error: null,
		acknowledged_at: null,
		...given,
	};
}
