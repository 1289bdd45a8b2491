import type {Queue, QueueItem} from '../api/contract.js';
import {daysOf} from '../api/queue-days.js';
import type {Context, Run} from './command.js';
import {printList, shown, thousands} from './output.js';

/** `sluice queue`: what waits on a connector, with the revision a decision must name (SPEC 10). */
export const queue: Run = async (context) => {
	const client = await context.client();
	printQueue(context, await client.queue(context.words[0] ?? ''));
	return 0;
};

/** With the windows of a webhook under a line a day (SPEC 4); with `--json` as they come. */
export function printQueue(context: Context, queue: Queue): void {
	const days = context.json ? [] : daysOf(queue.items);
	if (days.every(({windows}) => windows === 0)) {
		printItems(context, queue.items);
	} else {
		for (const {day, items, windows, requests} of days) {
			context.print(`${day}  ${thousands(windows)} ${windows === 1 ? 'window' : 'windows'}, ${thousands(requests)} requests`);
			printItems(context, items);
			context.print('');
		}
	}
	if (!context.json && queue.items.length > 0) context.print(`revision ${queue.revision}`);
}

function printItems(context: Context, items: readonly QueueItem[]): void {
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
}
