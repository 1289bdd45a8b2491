import {failpoint} from '../../platform/failpoint.js';
import * as outbox from '../../store/sqlite/outbox.js';
import type {ShortTask} from '../protocol.js';

/** Takes the events out of the store that led to what they had to. @returns how many */
export async function forgetEvents({storeFile, upTo}: Extract<ShortTask, {task: 'forget_events'}>): Promise<number> {
	const forgotten = await outbox.forgetEvents(storeFile, upTo);
	failpoint('runner.events.forgotten');
	return forgotten;
}
