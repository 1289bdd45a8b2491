import type {ConnectorSummary} from '../../../api/contract.js';
import type {Confirmation} from '../effect.js';
import type {ScreenContext} from '../screen.js';
import {typedName} from '../shared/production.js';

/** What the key that activates and deactivates does as the connector stands. */
export function toggleWord({status}: Pick<ConnectorSummary, 'status'>): string {
	return status === 'setup' || status === 'inactive' ? 'activate' : 'deactivate';
}

/** What a deactivation stops, and that nothing of it is lost (SPEC 10). */
export function deactivateDialog<Command>(
	{api_name: name, running, queued}: ConnectorSummary,
	yes: Command,
	around: ScreenContext,
): Confirmation<Command> {
	return {
		title: `Deactivate ${name}?`,
		lines: [
			running > 0 ? `${running} running: it stops at its next chunk and goes back to the queue.` : 'Nothing of it runs now.',
			`${queued} queued: they wait until it is activated again, after a review.`,
		],
		stays: 'everything committed, the queue and the history; dry runs still work',
		...typedName(name, around),
		action: 'deactivate',
		yes,
	};
}
