import {existsSync} from 'node:fs';
import {oldestEvent} from '../../store/sqlite/outbox.js';
import type {Control} from '../control/control.js';
import type {ShortTasks} from '../dispatch/short-tasks.js';
import {readUpTo} from './outbox.js';

/**
 * Takes the events out of the store that stand in `control.db` as what they led to, so that the outbox does not grow for ever. How far that
 * is was on disk before; an event is never taken out earlier. The daemon does not write the store: a short-lived runner does.
 */
export async function forgetEvents(control: Control, tasks: ShortTasks, storeFile: string): Promise<void> {
	const upTo = readUpTo(control);
	if (!existsSync(storeFile)) return;
	const oldest = oldestEvent(storeFile);
	if (oldest === null || oldest > upTo) return;
	await tasks.run({task: 'forget_events', storeFile, upTo});
}
