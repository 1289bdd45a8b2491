import type {Client} from '../api/client.js';
import type {Execution} from '../model/execution.js';
import type {Context} from './command.js';
import {progressLine} from './execution-text.js';

const ended = new Set(['completed', 'warning', 'failed', 'cancelled']);

/** How long a follower waits for news before it asks by itself; events are a hint, the resource is the truth. */
const askAgainMs = 1000;

/**
 * Watches an execution until it ends, or until it waits for a person (activation, a queue review).
 * Draws a progress line where stderr is a terminal. Ctrl-C detaches and says how to follow and how to cancel.
 */
export async function follow(context: Context, client: Client, id: string, options: {untilEnd?: boolean} = {}): Promise<Execution> {
	const news = new AbortController();
	const detach = () => {
		clearLine(context);
		context.say(`Detached; execution ${id} goes on.`, `  follow:  sluice show ${id} --follow`, `  cancel:  sluice cancel ${id}`);
		process.exit(0);
	};
	process.once('SIGINT', detach);
	let wake: () => void = () => {};
	const listening = listen(client, id, news.signal, () => wake());
	try {
		for (;;) {
			const woken = new Promise<void>((resolve) => {
				wake = resolve;
			});
			const execution = await client.execution(id);
			if (ended.has(execution.status)) return execution;
			if (!options.untilEnd && execution.status === 'queued' && execution.waiting_for && isForAPerson(execution.waiting_for))
				return execution;
			drawLine(context, progressLine(execution));
			let timer: NodeJS.Timeout | undefined;
			await Promise.race([
				woken,
				new Promise<void>((resolve) => {
					timer = setTimeout(resolve, askAgainMs);
				}),
			]);
			clearTimeout(timer);
		}
	} finally {
		news.abort();
		process.off('SIGINT', detach);
		clearLine(context);
		await listening;
	}
}

/** Waits that only a person can end; the others pass by themselves. */
function isForAPerson(waitingFor: string): boolean {
	return ['activation', 'configuration', 'max_concurrent_executions'].includes(waitingFor);
}

async function listen(client: Client, id: string, signal: AbortSignal, woken: () => void): Promise<void> {
	for await (const heard of client.events(signal)) {
		if (heard.heard === 'event' && heard.event.type === 'execution' && heard.event.execution.id === id) woken();
	}
}

function drawLine(context: Context, text: string): void {
	if (context.live && !context.json) context.redraw(text);
}

function clearLine(context: Context): void {
	if (context.live && !context.json) context.redraw(null);
}
