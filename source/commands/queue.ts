import type {Queue, QueueItem} from '../api/contract.js';
import type {Context, Run} from './command.js';
import {printList, shown, thousands} from './output.js';

/** `sluice queue`: what waits on a connector, with the revision a decision must name (SPEC 10). */
export const queue: Run = async (context) => {
	const client = await context.client();
	printQueue(context, await client.queue(context.words[0] ?? ''));
	return 0;
};

export function printQueue(context: Context, {revision, items}: Queue): void {
	printList<QueueItem>(
		context,
		items,
		[
			{title: 'execution', of: ({id}) => id},
			{title: 'queued at', of: ({queued_at}) => queued_at},
			{title: 'by', of: ({started_by}) => shown(started_by)},
			{title: 'input', of: ({input_file}) => shown(input_file)},
			{title: 'rows', of: ({rows}) => thousands(rows), right: true},
			{title: 'done', of: ({done}) => done},
		],
		'The queue is empty.',
	);
	if (!context.json && items.length > 0) context.print(`revision ${revision}`);
}
