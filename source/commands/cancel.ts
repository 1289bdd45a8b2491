import {toJson} from '../model/json.js';
import type {Run} from './command.js';
import {textFlag} from './flags.js';
import {follow} from './follow.js';
import {thousands} from './output.js';

/** `sluice cancel`: waits until each is cancelled and says what was committed and stays. */
export const cancel: Run = async (context) => {
	const client = await context.client();
	const confirm = textFlag(context.flags, 'confirm');
	const asked = [];
	for (const id of context.words) asked.push(await client.cancel(id, {confirm}));
	for (const {id} of asked) {
		const execution = await follow(context, client, id, {untilEnd: true});
		if (context.json) context.print(toJson(execution));
		else {
			const {created, updated} = execution.counts;
			context.print(
				`${execution.id}  ${execution.status}  ${created + updated > 0 ? `${thousands(created)} created and ${thousands(updated)} updated stay` : 'nothing was written'}`,
			);
		}
	}
	return 0;
};
