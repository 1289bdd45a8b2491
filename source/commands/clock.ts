import type {Client} from '../api/client.js';
import {clockText} from '../model/moment.js';
import type {Context} from './command.js';

/** How a command shows times to people: on the clocks of the workspace's zone, which is named once. */
export type Clock = {
	readonly timezone: string;
	/** The title of a column of times. */
	readonly title: (name: string) => string;
	/** A time in such a column; empty where there is none. */
	readonly time: (instant: string | null | undefined) => string;
};

export function clockIn(timezone: string): Clock {
	return {
		timezone,
		title: (name) => `${name} (${timezone})`,
		time: (instant) => (instant ? clockText(instant, timezone) : ''),
	};
}

/** Asks the daemon for the zone. With `--json` nothing is shown by it, so nothing is asked. */
export async function clockOf({json}: Pick<Context, 'json'>, client: Pick<Client, 'daemon'>): Promise<Clock> {
	return clockIn(json ? 'UTC' : (await client.daemon()).timezone || 'UTC');
}
