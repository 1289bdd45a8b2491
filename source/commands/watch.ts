import type {Execution} from '../model/execution.js';
import {toJson} from '../model/json.js';
import {clockOf} from './clock.js';
import type {Context, ExitCode} from './command.js';
import {executionText, exitCodeOf} from './execution-text.js';
import {firstRowsText} from './first-rows.js';
import {follow} from './follow.js';

/** What lets a waiting execution go on. */
function releaseOf({connector, waiting_for: reason}: Execution): string {
	if (reason === 'configuration') return `  problems: sluice validate ${connector}`;
	if (reason !== 'max_concurrent_executions') return `  activate: sluice activate ${connector}`;
	return `  release:  set settings.max_concurrent_executions to 1 or more in connectors/${connector}/connector.yaml`;
}

/** Watches an execution that was just queued and prints how it ended; `detach` prints it as it stands. */
export async function watch(context: Context, queued: Execution, {detach}: {detach: boolean}): Promise<ExitCode> {
	const client = await context.client();
	const execution = detach ? queued : await follow(context, client, queued.id);
	context.print(...(context.json ? [toJson(execution)] : executionText(execution, await clockOf(context, client))));
	if (detach) return 0;
	const rows = context.json ? null : await firstRowsText(client, execution);
	if (rows !== null) context.print('', ...rows);
	if (execution.status === 'queued' && !context.json) {
		context.say(
			`It waits for ${execution.waiting_for}.`,
			releaseOf(execution),
			`  follow:   sluice show ${execution.id} --follow`,
			`  cancel:   sluice cancel ${execution.id}`,
		);
	}
	return exitCodeOf(execution);
}
