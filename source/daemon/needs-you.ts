import type {ConnectorSummary, NeedsYou} from '../api/contract.js';
import {errorsOf, formatPlace, type Problem} from '../model/problem.js';
import type {SettingsOrigin} from '../workspace/read-workspace.js';
import type {StoredExecution} from './control/stored-execution.js';

export type Trouble = {
	readonly connectors: readonly ConnectorSummary[];
	/** The live run of a connector that ended last, other than cancelled: the one that its need for attention comes from. */
	wrong(connector: string): string | null;
	/** Failed executions nobody has acknowledged. */
	readonly failed: readonly StoredExecution[];
	/** Executions that wait for a disk, with the sentence that says which, and what to do. */
	readonly disk: readonly {readonly connector: string; readonly execution: string; readonly message: string}[];
	/** Problems of the workspace that belong to no connector. */
	readonly problems: readonly Problem[];
	/** Active connectors whose `max_concurrent_executions` is 0. */
	readonly paused: ReadonlySet<string>;
	/** Whether `sluice.yaml` is in force as it is. */
	readonly settingsOrigin: SettingsOrigin;
	/** Folders of executions that the state does not know, with the sentence that says where and what to do. */
	readonly lost: string | null;
	/** What of drop folders is left alone or could not be moved, a sentence each. */
	readonly dropFolders: readonly {readonly connector: string; readonly message: string}[];
	/** Schedules whose last tick could not be answered, a sentence each. */
	readonly unansweredTicks: readonly {readonly connector: string; readonly message: string}[];
	/** What keeps the webhooks' listener or the API over TCP shut, although it is meant to be open. */
	readonly listeners: readonly string[];
};

/** What needs someone, the most urgent first (SPEC 14): failures, queues to review, connectors that need attention, configuration. */
export function needsYou({
	connectors,
	wrong,
	failed,
	disk,
	problems,
	paused,
	settingsOrigin,
	lost,
	dropFolders,
	unansweredTicks,
	listeners,
}: Trouble): readonly NeedsYou[] {
	const failures = failed.map(({id, connector, error, endedAt}) =>
		item('failed', {connector, execution: id, at: endedAt, message: error?.message ?? 'failed'}),
	);
	const reviews = connectors
		.filter(({status, queued}) => queued > 0 && (status === 'setup' || status === 'inactive'))
		.map(({api_name, queued, reason}) =>
			item('review', {
				connector: api_name,
				message: `${count(queued, 'execution')} ${queued === 1 ? 'waits' : 'wait'} for activation${reason ? ` (${reason})` : ''}`,
			}),
		);
	const held = connectors
		.filter(
			({status, queued, problems: own}) =>
				queued > 0 && errorsOf(own).some(holdsQueue) && (status === 'operational' || status === 'needs_attention'),
		)
		.map(({api_name, queued}) =>
			item('waiting', {connector: api_name, message: `${count(queued, 'execution')} held: the configuration is invalid as it stands`}),
		);
	const pausedQueues = connectors
		.filter(({api_name, queued}) => queued > 0 && paused.has(api_name))
		.map(({api_name, queued}) =>
			item('waiting', {
				connector: api_name,
				message: `${count(queued, 'execution')} held: settings.max_concurrent_executions is 0 in connectors/${api_name}/connector.yaml`,
			}),
		);
	const attention = connectors
		.filter(({status}) => status === 'needs_attention')
		.map(({api_name}) =>
			item('attention', {connector: api_name, execution: wrong(api_name), message: 'The last live run failed or had errored rows'}),
		);
	const stopped = connectors
		.filter(({status, reason, queued}) => status === 'inactive' && reason !== null && queued === 0)
		.map(({api_name, reason}) => item('review', {connector: api_name, message: `Deactivated: ${reason}`}));
	const ownProblems = connectors.flatMap(({api_name, problems: own}) =>
		errorsOf(own)
			// What is wrong with the store is every connector's, and told once.
			.filter(({code, file}) => !problems.some((told) => told.code === code && told.file === file))
			.map((problem) => ofProblem(problem, api_name)),
	);
	return [
		...failures,
		...ofSettings(settingsOrigin),
		...disk.map((wait) => item('waiting', wait)),
		...reviews,
		...held,
		...pausedQueues,
		...dropFolders.map((one) => item('waiting', one)),
		...unansweredTicks.map((one) => item('waiting', one)),
		...(lost === null ? [] : [item('problem', {connector: null, message: lost})]),
		...listeners.map((message) => item('problem', {connector: null, message})),
		...attention,
		...stopped,
		...problems.map((problem) => ofProblem(problem, null)),
		...ownProblems,
	];
}

function ofSettings(origin: SettingsOrigin): readonly NeedsYou[] {
	if (origin === 'file') return [];
	const message =
		origin === 'last_valid'
			? 'sluice.yaml is not valid: the last valid one stays in force until it is corrected'
			: 'sluice.yaml is not valid, and no earlier one is known: no execution and no delivery starts until it is corrected';
	return [item('problem', {connector: null, message})];
}

/** What keeps requests out does not keep what is queued from running. */
function holdsQueue({code}: Problem): boolean {
	return !code.startsWith('webhook.') && !code.startsWith('secret.');
}

function ofProblem(problem: Problem, connector: string | null): NeedsYou {
	return item('problem', {connector, message: `${formatPlace(problem)}  ${problem.message}`});
}

function item(
	kind: NeedsYou['kind'],
	{connector, message, execution = null, at = null}: Partial<NeedsYou> & Pick<NeedsYou, 'connector' | 'message'>,
): NeedsYou {
	return {kind, connector, execution, message, at};
}

function count(number: number, noun: string): string {
	return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
