import type {ErrorCode} from '../../model/error-codes.js';

const conflicts: ReadonlySet<string> = new Set([
	'queue.decision_needed',
	'activation.decided',
	'activation.refused',
	'run.incomplete',
	'run.confirm_needed',
	'run.not_ended',
	'run.sql_changed',
	'run.too_late',
]);

const statuses: Readonly<Partial<Record<ErrorCode, number>>> = {
	'api.unauthorised': 401,
	'api.cross_site': 403,
	'api.too_large': 413,
	'api.not_json': 415,
	'api.host_unknown': 421,
	'api.closed': 503,
};

/** The HTTP status that goes with an error. */
export function statusOf(code: ErrorCode): number {
	const own = statuses[code];
	if (own !== undefined) return own;
	if (code === 'usage.unknown' || code === 'run.artifact_missing') return 404;
	if (code.startsWith('usage.') || code === 'run.input_missing') return 400;
	if (conflicts.has(code)) return 409;
	if (code === 'daemon.stopping') return 503;
	if (code === 'internal' || code === 'task.failed') return 500;
	return 422;
}
