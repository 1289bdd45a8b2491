import {constants, getPriority, setPriority} from 'node:os';

/**
 * Gives this process a lower priority, as `nice` means it. It never raises the priority: that is forbidden to a process that was started at
 * a lower one, by `nice` in a crontab or `Nice=` in a unit.
 *
 * @param niceness from -20 (first) to 19 (last)
 */
export function lowerPriorityTo(niceness: number): void {
	const wanted = Math.min(niceness, constants.priority.PRIORITY_LOW);
	if (getPriority() < wanted) setPriority(wanted);
}
