import {toJson} from '../model/json.js';
import type {Run} from './command.js';
import {executionText, exitCodeOf} from './execution-text.js';
import {follow} from './follow.js';

/** `sluice show`: one execution with its stages; `--follow` watches it to its end. */
export const show: Run = async (context) => {
	const client = await context.client();
	let execution = await client.execution(context.words[0] ?? '');
	if (context.flags.follow) execution = await follow(context, client, execution.id, {untilEnd: true});
	context.print(context.json ? toJson(execution) : executionText(execution));
	return context.flags.follow ? exitCodeOf(execution) : 0;
};
