import {toJson} from '../model/json.js';
import type {Run} from './command.js';

/** `sluice ack`: somebody has seen a failure; it leaves the list of what needs someone. */
export const ack: Run = async (context) => {
	const client = await context.client();
	const execution = await client.acknowledge(context.words[0] ?? '');
	context.print(context.json ? toJson(execution) : `Acknowledged ${execution.connector} ${execution.id}.`);
	return 0;
};
