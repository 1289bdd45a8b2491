import type {Services} from '../services.js';

/**
 * A connector's past may be asked for as long as its files or its executions are there.
 *
 * @throws SluiceError `usage.unknown`, with the nearest name
 */
export function knownConnector({configuration, control}: Services, name: string): void {
	if (!control.executions.newestOf(name)) configuration.entry(name);
}
