import {tookText} from '../model/duration.js';
import {clockOf} from './clock.js';
import type {Run} from './command.js';
import {printPages} from './each-page.js';
import {numberFlag, textFlag} from './flags.js';
import {shown, thousands} from './output.js';

/** `sluice executions`: newest first. */
export const executions: Run = async (context) => {
	const {words, flags} = context;
	const client = await context.client();
	const clock = await clockOf(context, client);
	const now = Date.now();
	const filter = {
		connector: words[0],
		status: textFlag(flags, 'status'),
		mode: textFlag(flags, 'mode'),
		object: textFlag(flags, 'object'),
		operation: textFlag(flags, 'operation'),
		find: textFlag(flags, 'find'),
	};
	const wanted = {offset: numberFlag(flags, 'offset'), limit: numberFlag(flags, 'limit') ?? 200, pageItems: 500, newestFirst: true};
	await printPages(
		context,
		(page) => client.executions({...filter, ...page}),
		wanted,
		[
			{title: 'execution', of: ({id}) => id},
			{title: 'connector', of: ({connector}) => connector},
			{title: 'mode', of: ({mode}) => mode},
			{title: 'status', of: ({status, waiting_for}) => (waiting_for ? `${status}, waiting for ${waiting_for}` : status)},
			{title: 'created', of: ({counts}) => thousands(counts.created), right: true},
			{title: 'updated', of: ({counts}) => thousands(counts.updated), right: true},
			{title: 'skipped', of: ({counts}) => thousands(counts.skipped), right: true},
			{title: 'errored', of: ({counts}) => thousands(counts.errored), right: true},
			{title: 'warnings', of: ({counts}) => thousands(counts.warnings), right: true},
			{title: clock.title('queued at'), of: ({queued_at}) => clock.time(queued_at)},
			{title: 'took', of: (execution) => tookText(execution, execution.status === 'running', now), right: true},
			{title: 'by', of: ({started_by}) => started_by},
			{title: 'input', of: ({input_file}) => shown(input_file)},
		],
		'No executions yet.',
	);
	return 0;
};
