import type {Queue, QueueItem} from '../api/contract.js';
import {daysOf} from '../api/queue-days.js';
import {type Clock, clockOf} from './clock.js';
import type {Context, Run} from './command.js';
import {printList, shown, thousands} from './output.js';

/** `sluice queue`: what waits on a connector, with the revision a decision must name (SPEC 10). */
export const queue: Run = async (context) => {
	const client = await context.client();
	printQueue(context, await client.queue(context.words[0] ?? ''), await clockOf(context, client));
	return 0;
};

/** With the windows of a webhook under a line a day (SPEC 4); with `--json` as they come. */
export function printQueue(context: Context, queue: Queue, clock: Clock): void {
	const days = context.json ? [] : daysOf(queue.items, clock.timezone);
	if (days.every(({windows}) => windows === 0)) {
		printItems(context, queue.items, clock);
	} else {
		for (const {day, items, windows, requests} of days) {
			context.print(`${day}  ${thousands(windows)} ${windows === 1 ? 'window' : 'windows'}, ${thousands(requests)} requests`);
			printItems(context, items, clock);
			context.print('');
		}
	}
	if (!context.json && queue.items.length > 0) context.print(`revision ${queue.revision}`);
}

function printItems(context: Context, items: readonly QueueItem[], clock: Clock): void {
	printList<QueueItem>(
		context,
		items,
		[
			{title: 'execution', of: ({id}) => id},
			{title: clock.title('queued at'), of: ({queued_at}) => clock.time(queued_at)},
			{title: 'by', of: ({started_by}) => shown(started_by)},
			{title: 'input', of: ({input_file}) => shown(input_file)},
			{title: 'rows', of: ({rows}) => thousands(rows), right: true},
			{title: 'done', of: ({done}) => done},
		],
		'The queue is empty.',
	);
}
