import type {ConnectorSummary, DaemonState} from '../api/contract.js';
import {toJson} from '../model/json.js';
import type {Run} from './command.js';

const labels = {
	setup: 'Setup in Progress',
	operational: 'Operational',
	needs_attention: 'Operational (Needs Attention)',
	inactive: 'Inactive',
} as const;

/** Where webhooks are taken in; nothing where nobody asked for it. */
function listening({webhooks: {listen, open}}: DaemonState): string {
	return listen === null ? '' : `  webhooks ${listen}${open ? '' : ' (not open)'}`;
}

/** `sluice status`: the dashboard in a few lines. */
export const status: Run = async (context) => {
	const client = await context.client();
	const answer = await client.status();
	if (context.json) {
		context.print(toJson(answer));
		return 0;
	}
	const {alignedTable, shown} = await import('./output.js');
	const {daemon, connectors, needs_you: needsYou} = answer;
	context.print(`${answer.workspace}  daemon ${daemon.pid}  running ${daemon.running}  queued ${daemon.queued}${listening(daemon)}`);
	if (needsYou.length > 0) {
		context.print('\nNeeds you');
		for (const {connector, message} of needsYou) context.print(`  ! ${connector === null ? '' : `${connector}: `}${shown(message)}`);
	}
	context.print('');
	if (connectors.length === 0) {
		context.print('No connectors yet. Make one under connectors/, or start from `sluice demo`.');
		return 0;
	}
	context.print(
		alignedTable<ConnectorSummary>(connectors, [
			{title: 'connector', of: (connector) => connector.api_name},
			{title: 'status', of: (connector) => labels[connector.status] + (connector.reason ? ` (${connector.reason})` : '')},
			{title: 'type', of: (connector) => connector.type},
			{title: 'queued', of: (connector) => connector.queued, right: true},
			{title: 'running', of: (connector) => connector.running, right: true},
			{title: 'problems', of: (connector) => connector.problems.length, right: true},
			{title: 'last execution', of: (connector) => connector.last_execution},
			{title: 'next run', of: (connector) => connector.next_run},
		]),
	);
	return 0;
};
