import {toJson} from '../model/json.js';
import {checklistText} from './checklist-text.js';
import {clockOf} from './clock.js';
import type {Run} from './command.js';
import {executionText, exitCodeOf} from './execution-text.js';
import {firstRowsText} from './first-rows.js';
import {follow} from './follow.js';

/** `sluice show`: one execution with its stages; `--follow` watches it to its end. */
export const show: Run = async (context) => {
	const client = await context.client();
	let execution = await client.execution(context.words[0] ?? '');
	if (context.flags.follow) execution = await follow(context, client, execution.id, {untilEnd: true});
	if (context.json) context.print(toJson(execution));
	else {
		context.print(...executionText(execution, await clockOf(context, client)));
		const rows = await firstRowsText(client, execution);
		if (rows !== null) context.print('', ...rows);
		if (execution.status === 'failed') context.print('', ...checklistText(await client.failureChecklist(execution.id)));
	}
	return context.flags.follow ? exitCodeOf(execution) : 0;
};
