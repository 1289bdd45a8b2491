import type {ConnectorSummary, DaemonState} from '../api/contract.js';
import {needLines, needText} from '../api/need-lines.js';
import type {Execution} from '../model/execution.js';
import {toJson} from '../model/json.js';
import {errorsOf} from '../model/problem.js';
import type {Run} from './command.js';
import {gatheringColumns, gatheringOf} from './gathering.js';

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

const recentRuns = 10;

/** `sluice status`: the dashboard in a few lines, connectors first, then what ran last. */
export const status: Run = async (context) => {
	const client = await context.client();
	const answer = await client.status();
	if (context.json) {
		context.print(toJson(answer));
		return 0;
	}
	const [{items: runs}, {alignedTable, thousands}, {clockIn}] = await Promise.all([
		client.executions({limit: recentRuns}),
		import('./output.js'),
		import('./clock.js'),
	]);
	const {daemon, connectors, needs_you: needsYou} = answer;
	const clock = clockIn(daemon.timezone || 'UTC');
	context.print(`${answer.workspace}  daemon ${daemon.pid}  running ${daemon.running}  queued ${daemon.queued}${listening(daemon)}`);
	const needs = needLines(needsYou);
	if (needs.length > 0) {
		context.print('', `Needs you  ${needs.length}`);
		for (const line of needs) context.print(`  ! ${line.need.connector === null ? '' : `${line.need.connector}: `}${needText(line)}`);
	}
	context.print('');
	if (connectors.length === 0) {
		context.print('No connectors yet. Make one under connectors/, or start from `sluice demo`.');
		return 0;
	}
	context.print(
		...alignedTable<ConnectorSummary>(connectors, [
			{title: 'connector', of: (connector) => connector.api_name},
			{title: 'status', of: (connector) => labels[connector.status] + (connector.reason ? ` (${connector.reason})` : '')},
			{title: 'type', of: (connector) => connector.type},
			{title: 'queued', of: (connector) => connector.queued, right: true},
			{title: 'running', of: (connector) => connector.running, right: true},
			{title: 'problems', of: (connector) => errorsOf(connector.problems).length, right: true},
			{title: 'last execution', of: (connector) => connector.last_execution},
			{title: clock.title('next run'), of: (connector) => clock.time(connector.next_run)},
		]),
	);
	const gathering = gatheringOf(connectors);
	if (gathering.length > 0)
		context.print('', 'Webhooks that wait for the end of their window', ...alignedTable(gathering, gatheringColumns(clock)));
	if (runs.length === 0) return 0;
	context.print('', 'Recent runs');
	context.print(
		...alignedTable<Execution>(runs, [
			{title: 'connector', of: ({connector}) => connector},
			{title: 'status', of: ({status, mode}) => (mode === 'dry' ? `${status} (dry)` : status)},
			{title: 'object', of: ({objects}) => objects.join(', ')},
			{title: 'operation', of: ({operation}) => operation},
			{title: 'created', of: ({counts}) => thousands(counts.created), right: true},
			{title: 'updated', of: ({counts}) => thousands(counts.updated), right: true},
			{title: 'skipped', of: ({counts}) => thousands(counts.skipped), right: true},
			{title: 'errored', of: ({counts}) => thousands(counts.errored), right: true},
			{title: clock.title('started'), of: ({started_at}) => clock.time(started_at)},
			{title: 'finished', of: ({ended_at}) => clock.time(ended_at)},
			{title: 'execution', of: ({id}) => id},
		]),
	);
	return 0;
};
