import type {ConnectorSummary, Status} from '../../../../source/api/contract.js';
import {type Changes, nothingYet} from '../../../../source/console/live/live.js';
import type {ScreenContext} from '../../../../source/console/screens/screen.js';

/** A console of 80x24 (its body: 20 lines) on a workspace without an environment. */
export const small: ScreenContext = {
	live: nothingYet,
	width: 80,
	height: 20,
	now: Date.parse('2026-11-21T03:10:00.000Z'),
	user: 'ann',
	workspaceDir: '/w',
	folder: '/home/ann',
};

/** The same at 120x40. */
export const large: ScreenContext = {...small, width: 120, height: 36};

export function connectorSummaryOf(given: Partial<ConnectorSummary> = {}): ConnectorSummary {
	return {
		api_name: 'orders',
		name: 'Orders',
		status: 'operational',
		type: 'spreadsheet',
		queued: 0,
		running: 0,
		problems: [],
		last_execution: null,
		last_run: null,
		next_run: null,
		reason: null,
		health: [],
		gathering: null,
		...given,
	};
}

/** The surroundings with connectors the daemon told of, on `environment`. */
export function withConnectors(
	around: ScreenContext,
	connectors: readonly ConnectorSummary[],
	environment: string | null = null,
): ScreenContext {
	const status: Status = {
		workspace: 'Acme',
		daemon: {
			pid: 1,
			version: '0.1.0',
			started_at: '2026-11-21T00:00:00.000Z',
			running: 0,
			queued: 0,
			socket: '/w/s',
			environment,
			timezone: 'UTC',
			webhooks: {listen: null, open: false, error: null},
		},
		connectors,
		needs_you: [],
	};
	return {...around, live: {...around.live, status}};
}

export const noChanges: Changes = {
	executions: new Map(),
	connectors: new Map(),
	queues: new Map(),
	logs: new Map(),
	problems: null,
	deliveries: false,
	history: false,
	records: new Set(),
	again: false,
};
