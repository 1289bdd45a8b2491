import type {Services} from '../services.js';

/** In whose name the clock acts. */
export const clockActor = {who: 'schedule', from: 'daemon'} as const;

/** What was being made ready is not wanted any more: the connector was deactivated, or the daemon ends. */
export class Withdrawn extends Error {}

/** @throws Withdrawn, which takes the whole acceptance back */
export function requireActive({control}: Pick<Services, 'control'>, name: string): void {
	if (!control.connectors.state(name).active) throw new Withdrawn(name);
}
