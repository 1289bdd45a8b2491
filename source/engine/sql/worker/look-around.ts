import {existsSync, readdirSync} from 'node:fs';
import {networkInterfaces} from 'node:os';
import type {Expectation} from '../sandbox/wall.js';

/** What can be seen from here that walls should hide; null when they stand. */
export function seenThroughWalls({hidden, root, network}: Expectation): string | null {
	const seen = hidden.find((path) => existsSync(path));
	if (seen !== undefined) return `${seen} can be seen`;
	const stranger = readdirSync('/').find((name) => !root.includes(name));
	if (stranger !== undefined) return `/${stranger} can be seen`;
	const reached = network
		? undefined
		: Object.entries(networkInterfaces()).find(([, addresses]) => addresses?.some(({internal}) => !internal));
	return reached === undefined ? null : `the network can be reached by ${reached[0]}`;
}
