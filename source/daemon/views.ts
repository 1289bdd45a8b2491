import {join} from 'node:path';
import type {ConnectorDetail, ConnectorStatus, ConnectorSummary, DaemonState, LastRun, Status} from '../api/contract.js';
import type {Progress} from '../engine/protocol.js';
import type {Connector} from '../model/connector.js';
import type {Execution} from '../model/execution.js';
import type {Problem} from '../model/problem.js';
import type {SecretUse} from '../workspace/secret-uses.js';
import {sqlOf} from './activation/fingerprint.js';
import {lacks} from './activation/lacks.js';
import type {SandboxCheck} from './activation/sandbox-check.js';
import type {Validator} from './activation/validator.js';
import {nextRuns} from './clock/next-runs.js';
import type {Configuration} from './configuration/configuration.js';
import type {ConnectorState} from './control/connectors.js';
import type {Control} from './control/control.js';
import type {StoredExecution} from './control/stored-execution.js';
import type {Dispatcher} from './dispatch/dispatcher.js';
import {countsOf, toExecution} from './dispatch/view.js';
import {needsYou} from './needs-you.js';
import type {Paths} from './paths.js';
import {dropFolderNeeds} from './source/drop-folder-needs.js';
import type {Webhooks} from './webhooks/webhooks.js';

type ViewDependencies = {
	readonly control: Control;
	readonly configuration: Configuration;
	readonly dispatcher: Dispatcher;
	readonly validator: Validator;
	readonly sandbox: SandboxCheck;
	readonly paths: Paths;
	readonly self: Pick<DaemonState, 'pid' | 'version' | 'started_at' | 'socket'>;
	/** Problems of the store, such as a field whose type changed while it holds data. */
	storeProblems(): readonly Problem[];
	/** Those of the secrets that are not set. */
	unset(uses: readonly SecretUse[]): readonly Problem[];
	/** What keeps the API over TCP shut although it is configured. */
	apiProblem(): string | null;
	/** Folders that were moved aside, as a sentence; null when there are none. */
	lost(): string | null;
	/** Schedules whose last tick could not be answered, with the reason; the clock is there once everything is. */
	unansweredTicks(): readonly {readonly connector: string; readonly message: string}[];
	/** The intake of webhooks, which is there once everything is. */
	webhooks(): Pick<Webhooks, 'state' | 'problems' | 'keyProblems'>;
};

export type Views = ReturnType<typeof viewsOf>;

/** What the daemon shows: DTOs made from its services, in one place. */
export function viewsOf(sees: ViewDependencies) {
	const {control, configuration, dispatcher, validator, sandbox, paths} = sees;

	/** With the progress its runner told last, which is newer than what is stored. */
	const execution = (stored: StoredExecution): Execution => {
		const progress = dispatcher.attempt(stored.id)?.progress ?? stored.progress;
		return toExecution({...stored, progress}, paths.execution(stored.id), dispatcher.waitsFor(stored.id));
	};

	const validationOf = (connector: Connector | null): readonly Problem[] | null => connector && validator.known(connector);

	const gatheringOf = (name: string): ConnectorSummary['gathering'] => {
		const gathered = control.webhooks.gathered(name);
		if (gathered === null) return null;
		const {requests, bytes, endsAtSeconds} = gathered;
		return {requests, bytes, queued_at: new Date(endsAtSeconds * 1000).toISOString()};
	};

	const summary = (name: string): ConnectorSummary => {
		const newest = control.executions.newestOf(name);
		const entry = configuration.entry(name);
		const state = control.connectors.state(name);
		return {
			api_name: name,
			name: entry.name,
			status: statusOf(state),
			type: entry.connector?.type ?? entry.connector?.operation ?? entry.kind ?? 'unknown',
			queued: control.executions.liveCount(name, 'queued'),
			running: control.executions.liveCount(name, 'running'),
			problems: [
				...entry.problems,
				...sees.storeProblems(),
				...entry.hints,
				...sees.unset(entry.secretUses),
				...(entry.problems.length === 0 ? (validationOf(entry.connector) ?? []) : []),
				...sees.webhooks().problems(name),
			],
			last_execution: newest?.id ?? null,
			last_run: newest === undefined ? null : lastRunOf(newest, dispatcher.attempt(newest.id)?.progress ?? newest.progress),
			next_run: (state.active && nextRuns(entry.connector?.schedule ?? null, configuration.locale.timezone, new Date(), 1)[0]) || null,
			reason: state.active ? null : state.reason,
			health: control.executions.health(name),
			gathering: gatheringOf(name),
		};
	};

	const detail = (name: string): ConnectorDetail => {
		const entry = configuration.entry(name);
		const {connector, problems, missing} = entry;
		return {
			...summary(name),
			description: connector?.description ?? null,
			operation: connector?.operation ?? 'import',
			lacks: lacks({
				...{problems, missing, validation: validationOf(connector)},
				sandbox: sandbox.knownLack(connector, configuration.workspace.settings.limits),
				noKey: sees.webhooks().keyProblems(name),
				unset: sees.unset(entry.secretUses),
				store: sees.storeProblems(),
				hasSql: connector !== null && sqlOf(connector) !== null,
			}),
			file: join(paths.workspace, 'connectors', name, 'connector.yaml'),
			configuration: connector,
			next_runs: nextRuns(connector?.schedule ?? null, configuration.locale.timezone, new Date(), 5),
		};
	};

	const daemon = (): DaemonState => ({
		...sees.self,
		running: dispatcher.running,
		queued: control.executions.count('queued'),
		environment: configuration.workspace.settings.environment,
		timezone: configuration.locale.timezone,
		webhooks: sees.webhooks().state,
	});

	const status = (): Status => {
		const connectors = configuration.names.map(summary);
		const failed = control.executions.unacknowledged();
		const disk = [...control.executions.queue(), ...control.executions.withStatus('running')].flatMap(({id, connector}) => {
			const message = dispatcher.diskSentence(id);
			return message === null ? [] : [{connector, execution: id, message}];
		});
		const {workspace} = configuration;
		const problems = [...workspace.problems, ...sees.storeProblems(), ...sees.unset(workspace.secretUses)];
		return {
			workspace: paths.workspace,
			daemon: daemon(),
			connectors,
			needs_you: needsYou({
				connectors,
				wrong: (connector) => control.executions.lastSettled(connector)?.id ?? null,
				failed,
				disk,
				problems,
				paused: new Set(
					connectors
						.filter(({status}) => status === 'operational' || status === 'needs_attention')
						.filter(({api_name}) => configuration.find(api_name)?.connector?.settings.maxConcurrentExecutions === 0)
						.map(({api_name}) => api_name),
				),
				settingsOrigin: configuration.workspace.settingsOrigin,
				lost: sees.lost(),
				dropFolders: connectors.flatMap(({api_name}) => dropFolderNeeds(control, configuration.find(api_name)?.connector ?? null)),
				unansweredTicks: sees.unansweredTicks(),
				listeners: [sees.webhooks().state.error, sees.apiProblem()].filter((message) => message !== null),
			}),
		};
	};

	return {execution, summary, detail, daemon, status};
}

function lastRunOf({id, mode, status, queuedAt, endedAt, startedBy}: StoredExecution, progress: Progress | null): LastRun {
	return {id, mode, status, counts: countsOf(progress), queued_at: queuedAt, ended_at: endedAt, started_by: startedBy};
}

function statusOf({active, everActive, needsAttention}: ConnectorState): ConnectorStatus {
	if (!everActive) return 'setup';
	if (!active) return 'inactive';
	return needsAttention ? 'needs_attention' : 'operational';
}
