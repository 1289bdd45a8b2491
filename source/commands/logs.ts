import type {Run} from './command.js';
import {numberFlag} from './flags.js';
import {printList, shown} from './output.js';

/** `sluice logs`: what an execution said while it ran, oldest first. */
export const logs: Run = async (context) => {
	const client = await context.client();
	const {items} = await client.log(context.words[0] ?? '', {
		offset: numberFlag(context.flags, 'offset'),
		limit: numberFlag(context.flags, 'limit') ?? 0,
	});
	printList(
		context,
		items,
		[
			{title: 'at', of: ({at}) => at},
			{title: 'level', of: ({level}) => level},
			{title: 'stage', of: ({stage}) => stage},
			{title: 'message', of: ({message}) => shown(message)},
		],
		'The log is empty.',
	);
	return 0;
};
