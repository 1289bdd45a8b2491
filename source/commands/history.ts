import {clockOf} from './clock.js';
import type {Run} from './command.js';
import {printPages} from './each-page.js';
import {numberFlag, textFlag} from './flags.js';
import {shown} from './output.js';

/** `sluice history`: who did what, newest first. */
export const history: Run = async (context) => {
	const {words, flags} = context;
	const client = await context.client();
	const clock = await clockOf(context, client);
	const wanted = {offset: numberFlag(flags, 'offset'), limit: numberFlag(flags, 'limit') ?? 200, newestFirst: true};
	await printPages(
		context,
		(page) => client.history({connector: words[0], find: textFlag(flags, 'find'), ...page}),
		wanted,
		[
			{title: clock.title('at'), of: ({at}) => clock.time(at)},
			{title: 'who', of: ({who}) => shown(who)},
			{title: 'what', of: ({what}) => what},
			{title: 'connector', of: ({connector}) => connector},
			{title: 'detail', of: ({detail}) => (Object.keys(detail).length > 0 ? shown(detail) : '')},
		],
		'Nothing has happened yet.',
	);
	return 0;
};
