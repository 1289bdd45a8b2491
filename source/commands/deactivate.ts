import {toJson} from '../model/json.js';
import type {Run} from './command.js';

/** `sluice deactivate`: stops processing at once; what runs goes back to the queue with its checkpoint. */
export const deactivate: Run = async (context) => {
	const client = await context.client();
	const connector = await client.deactivate(context.words[0] ?? '');
	context.print(context.json ? toJson(connector) : `${connector.api_name} is inactive.`);
	return 0;
};
