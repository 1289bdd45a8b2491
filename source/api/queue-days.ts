import {dayText} from '../model/moment.js';
import {windowOfFile} from '../model/webhook-window.js';
import type {QueueItem} from './contract.js';

/** The executions of a queue that belong to one day of the workspace's zone: a window of webhook requests to the day it began on, others to theirs. */
export type QueueDay = {
	/** `YYYY-MM-DD`. */
	readonly day: string;
	readonly items: readonly QueueItem[];
	/** How many of them are windows of webhook requests, and what these hold. */
	readonly windows: number;
	readonly requests: number;
};

/** The day of one queued execution. */
export function dayOf({input_file, queued_at}: QueueItem, timezone: string): string {
	const window = windowOfFile(input_file ?? '');
	return dayText(window ? new Date(window.startSeconds * 1000).toISOString() : queued_at, timezone);
}

/** A queue grouped by day, in its own order (SPEC 4). */
export function daysOf(items: readonly QueueItem[], timezone: string): readonly QueueDay[] {
	const days = new Map<string, QueueItem[]>();
	for (const item of items) {
		const day = dayOf(item, timezone);
		const known = days.get(day);
		if (known) known.push(item);
		else days.set(day, [item]);
	}
	return [...days].map(([day, of]) => {
		const windows = of.filter(({input_file}) => windowOfFile(input_file ?? '') !== null);
		return {day, items: of, windows: windows.length, requests: windows.reduce((sum, {rows}) => sum + (rows ?? 0), 0)};
	});
}
