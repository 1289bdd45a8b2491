import {clockOf} from './clock.js';
import type {Run} from './command.js';
import {printPages} from './each-page.js';
import {numberFlag} from './flags.js';
import {shown} from './output.js';

/** `sluice logs`: what an execution said while it ran, oldest first. */
export const logs: Run = async (context) => {
	const client = await context.client();
	const clock = await clockOf(context, client);
	const wanted = {offset: numberFlag(context.flags, 'offset'), limit: numberFlag(context.flags, 'limit') ?? 0, pageItems: 10_000};
	await printPages(
		context,
		(page) => client.log(context.words[0] ?? '', page),
		wanted,
		[
			{title: clock.title('at'), of: ({at}) => clock.time(at)},
			{title: 'level', of: ({level}) => level},
			{title: 'stage', of: ({stage}) => stage},
			{title: 'message', of: ({message}) => shown(message)},
		],
		'The log is empty.',
	);
	return 0;
};
