import type {FailureCheck, FailureChecklist} from '../../api/contract.js';
import type {StoredExecution} from '../control/stored-execution.js';
import type {Services} from '../services.js';
import {credentialCheck} from './credential-check.js';
import {rowChecks} from './row-checks.js';
import {shapeCheck} from './shape-check.js';

/** What whoever looks into a failure goes through, each point already looked at as far as a program can. */
export async function failureChecklist(services: Services, stored: StoredExecution): Promise<FailureChecklist> {
	const {configuration, views} = services;
	const execution = views.execution(stored);
	const connector = configuration.find(stored.connector)?.connector ?? null;
	return {
		execution: stored.id,
		items: [
			...(await rowChecks(services, stored, execution)),
			await shapeCheck(services, stored),
			credentialCheck(services, connector, execution),
			dryRunCheck(services, stored),
		],
	};
}

/** Has a dry run gone well since? */
function dryRunCheck({control}: Services, {id, connector, operation}: StoredExecution): FailureCheck {
	const {items} = control.executions.list({connector, status: null, mode: 'dry', object: null, operation, offset: 0, limit: 1});
	const [newest] = items;
	const check = 'dry_run';
	const command = `sluice rerun ${id} --dry-run`;
	if (!newest || newest.id <= id)
		return {check, state: 'todo', message: 'No dry run since; do one before the next live run', detail: [], command};
	if (newest.status === 'queued' || newest.status === 'running')
		return {
			check,
			state: 'todo',
			message: `The dry run ${newest.id} is ${newest.status}`,
			detail: [],
			command: `sluice show ${newest.id} --follow`,
		};
	if (newest.status === 'completed') return {check, state: 'ok', message: `The dry run ${newest.id} completed`, detail: [], command: null};
	return {
		check,
		state: newest.status === 'cancelled' ? 'todo' : 'look',
		message: `The dry run ${newest.id} ended ${newest.status}`,
		detail: newest.error ? [newest.error.message] : [],
		command: newest.status === 'cancelled' ? command : `sluice show ${newest.id}`,
	};
}
