import {rmSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {dirname} from 'node:path';
import {daemonFiles} from '../api/socket-path.js';
import {readWorkspace} from '../workspace/read-workspace.js';
import {configurationTaken} from './activation/configuration-taken.js';
import {SandboxCheck} from './activation/sandbox-check.js';
import {Validator} from './activation/validator.js';
import {forgetEvents} from './automations/forget-events.js';
import {readOutbox} from './automations/outbox.js';
import {Browse} from './browse/browse.js';
import {Clock} from './clock/clock.js';
import {nextRuns} from './clock/next-runs.js';
import {Configuration} from './configuration/configuration.js';
import {recallSettings} from './configuration/last-valid.js';
import {StoreMigration} from './configuration/store-migration.js';
import {control as openControlRoom} from './control/control.js';
import {takeLock, whenReplaced} from './control/lock.js';
import {Courier} from './deliveries/courier.js';
import {mailServerOf} from './deliveries/mail-server.js';
import {notices} from './deliveries/notices.js';
import {existingFolder} from './dispatch/disk-waits.js';
import {Dispatcher} from './dispatch/dispatcher.js';
import {ExecutionLogs} from './dispatch/execution-log.js';
import {launch} from './dispatch/launch.js';
import {ShortTasks} from './dispatch/short-tasks.js';
import {EventBus} from './events/bus.js';
import {Idleness} from './idleness.js';
import {listen} from './listen.js';
import {openLog} from './log.js';
import {Metrics} from './metrics.js';
import {networkOf} from './outgoing/network.js';
import {sendOutside} from './outgoing/request.js';
import {pathsOf} from './paths.js';
import {programVersion, readerProgram, runnerProgram} from './programs.js';
import {Readers} from './reader/readers.js';
import {Retention} from './retention/retention.js';
import {hiding, redactable} from './secrets/all-secrets.js';
import {keyFile, nameKey} from './secrets/key-file.js';
import {secretProblems, secretUsesOf} from './secrets/secret-problems.js';
import {unsetSecrets} from './secrets/unset-secrets.js';
import {Vault} from './secrets/vault.js';
import {application} from './server/app.js';
import {connectionShares, executionsWithin, openFilesLimit} from './server/open-files.js';
import {ApiListener} from './server/tcp.js';
import type {Services} from './services.js';
import {RunningLooks} from './source/running-looks.js';
import {StillFiles} from './source/settled-files.js';
import {lostFolders, setAsideUnknown} from './state/lost.js';
import {checkDatabases, DatabaseRecord} from './state/used-databases.js';
import {accessOf, makeStateFolder, realState} from './state-folder.js';
import {viewsOf} from './views.js';
import {openDoor} from './webhooks/listener.js';
import {Webhooks} from './webhooks/webhooks.js';

export type DaemonOptions = {
	readonly workspaceDir: string;
	/** Ends by itself after this long without anything to do; null: never. */
	readonly idleMs: number | null;
	/** The program of a runner; another one in tests. */
	readonly runnerEntry?: string | undefined;
};

export type RunningDaemon = {
	readonly socket: string;
	readonly services: Services;
	/** Ends it: runners stop at their chunk boundaries, and go on with the next daemon. */
	stop(): Promise<void>;
	/** Resolves when it has ended, whoever ended it. */
	readonly ended: Promise<void>;
};

const shutdownMs = 15_000;
/** A sender that waits for its subscription to be confirmed waits 15 s. */
const visitMs = 10_000;

/**
 * Starts the daemon of a workspace, and resolves when it listens and goes on with what was interrupted.
 *
 * @throws SluiceError `daemon.running`, `daemon.folder_open`, or what the workspace's files say
 */
export async function startDaemon({workspaceDir, idleMs, runnerEntry = runnerProgram()}: DaemonOptions): Promise<RunningDaemon> {
	const paths = pathsOf(workspaceDir, realState(daemonFiles(workspaceDir).state));
	const {settings} = await readWorkspace(workspaceDir, {lastValidText: recallSettings(paths.lastSettings)});
	const openFiles = openFilesLimit();
	const access = await accessOf(settings.access?.group ?? null);
	makeStateFolder(paths, access);
	const lock = takeLock(paths.lock);
	try {
		checkDatabases(paths, settings.storeFile);
	} catch (error) {
		lock.release();
		throw error;
	}
	// First of all: callers that come while the daemon starts wait and are not refused.
	const door =
		settings.http &&
		(await openDoor(settings.http.listen, connectionShares(openFiles, settings.limits.maxRunningExecutions).webhooksWaiting).catch(
			() => null,
		));
	const startedAt = new Date();
	const unnamed = tried(() => nameKey(paths, new Vault(paths.secrets, '').opener));
	const vault = new Vault(paths.secrets, keyFile(paths));
	const {log, end: endLog} = openLog(paths, redactable(vault));
	if (unnamed) log.warn({err: unnamed}, 'the workspace could not be given an id: its key is named by its path');
	const hide = hiding(vault);
	const bus = new EventBus(startedAt.getTime().toString(36));
	const control = openControlRoom(
		paths.control,
		undefined,
		hide,
		() => databases.controlWritten(),
		(type) => bus.publish({type}),
	);
	const databases: DatabaseRecord = new DatabaseRecord({
		paths,
		storeFile: () => configuration.storeFile ?? settings.storeFile,
		control: () => control.generation(),
		failed: (error) => log.warn({err: error}, 'which databases are in use could not be written'),
	});
	const movedFrom = control.together(() => control.relocation.workspaceIs(workspaceDir));
	if (movedFrom !== null) log.warn({from: movedFrom, to: workspaceDir}, 'the workspace was moved or copied: its paths follow');
	databases.write();
	const metrics = new Metrics();
	const tasks = new ShortTasks(runnerEntry, paths, databases);
	const readers = new Readers(readerProgram(), paths.workspace);
	const migration = new StoreMigration(control, tasks);
	const logs = new ExecutionLogs(paths, hide, (error) => log.error({err: error}, 'the log of an execution could not be written'));
	const configuration: Configuration = new Configuration(
		{dir: workspaceDir, lastSettings: paths.lastSettings},
		async (before, now) => {
			if (now.settingsOrigin !== 'none') await migration.follow(now);
			await configurationTaken(services, before, now);
			if (before?.settingsOrigin === 'none') courier.wake();
			if (before) void webhooks.follow();
			if (before) void apiListener.follow();
		},
		(error) => log.error({err: error}, 'the configuration could not be read'),
	);
	const shares = () => connectionShares(openFiles, configuration.workspace.settings.limits.maxRunningExecutions);
	const browse: Browse = new Browse(
		paths,
		() => configuration.workspace.settings.limits,
		() => dispatcher,
	);
	const sandbox = new SandboxCheck();
	const validator = new Validator({
		control,
		configuration,
		tasks,
		readers,
		vault,
		validated: (name) => bus.publish({type: 'connector', connector: views.summary(name)}),
	});
	const dispatcher: Dispatcher = new Dispatcher({
		control,
		log,
		maxRunning: () => executionsWithin(openFiles, configuration.workspace.settings.limits.maxRunningExecutions),
		ready: () => configuration.settingsKnown,
		ruleOf(name) {
			const entry = configuration.find(name);
			return {
				active: control.connectors.state(name).active,
				valid: entry?.connector != null && migration.problems.length === 0,
				maxConcurrent: entry?.connector?.settings.maxConcurrentExecutions ?? 1,
			};
		},
		launch(stored, listener) {
			databases.requireStore();
			return launch(
				{
					entry: runnerEntry,
					paths,
					configuration,
					vault,
					browse,
					wrote: (connector, file) => control.executions.wrote(connector, file),
				},
				stored,
				listener,
			);
		},
		publish: (stored) => bus.publish({type: 'execution', execution: views.execution(stored)}),
		queueChanged: (connector) => bus.publish({type: 'queue', connector, revision: control.connectors.state(connector).queueRevision}),
		foldersOf: (execution) => {
			const {connector} = configuration.find(control.executions.known(execution).connector) ?? {};
			const own = [paths.execution(execution).path, dirname(configuration.workspace.settings.storeFile)];
			return connector?.export ? [...own, existingFolder(connector.export.to)] : own;
		},
		note(execution, line) {
			logs.append(execution, line);
			bus.publish({type: 'log', execution, line});
		},
		chunkTook: (seconds) => metrics.chunkTook(seconds),
		atEnd(stored) {
			const {connector} = configuration.find(stored.connector) ?? {};
			const {settings} = configuration.workspace;
			if (!connector) return;
			const {name: workspaceName, users, timezone} = settings;
			const context = {workspaceName, users, notify: stored.notify, reasons: stored.progress?.reasons ?? [], timezone};
			for (const notice of notices(views.execution(stored), connector, context)) control.deliveries.add(notice);
		},
		ended(stored) {
			const {connector} = stored;
			databases.storeWritten();
			void deliverEvents();
			retention.ended(stored);
			if (configuration.find(connector)) bus.publish({type: 'connector', connector: views.summary(connector)});
		},
	});
	const self = {pid: process.pid, version: await programVersion(), started_at: startedAt.toISOString(), socket: ''};
	const storeProblems = () => [...databases.problems, ...migration.problems];
	const views = viewsOf({
		control,
		configuration,
		dispatcher,
		validator,
		sandbox,
		paths,
		self,
		storeProblems: () => [...storeProblems(), ...secretProblems(vault, paths, secretUsesOf(configuration.workspace))],
		unset: (uses) => unsetSecrets(uses, vault),
		lost: () => lostFolders(paths),
		unansweredTicks: () => clock.unanswered(),
		webhooks: () => webhooks,
		apiProblem: () => apiListener.problem,
	});
	const courier: Courier = new Courier({
		control,
		log,
		outbox: paths.outbox,
		ready: () => configuration.settingsKnown,
		mailServer: () => mailServerOf(configuration, vault),
		secret: (name) => vault.read(name),
		allowHosts: () => configuration.workspace.settings.httpAllowHosts,
		network: () => networkOf(configuration.workspace.settings, vault),
		redact: hide,
	});
	// One after another: two at once would read the same events.
	let delivering: Promise<void> = Promise.resolve();
	const deliverEvents = (): Promise<void> => {
		delivering = delivering.then(deliverEventsOnce);
		return delivering;
	};
	const deliverEventsOnce = async (): Promise<void> => {
		const {settings, automations} = configuration.workspace;
		try {
			await readOutbox({control, log, storeFile: () => settings.storeFile, automations: () => automations});
		} catch (error) {
			log.error({err: error}, 'the outbox of the store could not be read');
		}
		courier.wake();
		// why not in the way of anything: events that stay longer only take room
		await forgetEvents(control, tasks, settings.storeFile).catch((error: unknown) =>
			log.warn({err: error}, 'events could not be taken out of the store'),
		);
	};
	const webhooks: Webhooks = new Webhooks({
		control,
		configuration,
		paths,
		log,
		vault,
		metrics,
		door,
		room: {mostConnections: () => shares().webhooks, mostWaiting: () => shares().webhooksWaiting},
		visit: async (url) => {
			const {settings} = configuration.workspace;
			const network = networkOf(settings, vault);
			const {status} = await sendOutside({url, method: 'GET', headers: {}, allowHosts: [], network, timeoutMs: visitMs});
			return status;
		},
		note: (execution, message) => logs.append(execution, {at: control.now(), level: 'warning', stage: 'intake', message}),
		queued({id, connector}) {
			dispatcher.look();
			bus.publish({type: 'execution', execution: views.execution(control.executions.known(id))});
			bus.publish({type: 'queue', connector, revision: control.connectors.state(connector).queueRevision});
			if (configuration.find(connector)) bus.publish({type: 'connector', connector: views.summary(connector)});
		},
		gathered(connector) {
			if (configuration.find(connector)) bus.publish({type: 'connector', connector: views.summary(connector)});
		},
	});
	const services: Services = {
		paths,
		databases,
		control,
		log,
		bus,
		configuration,
		dispatcher,
		logs,
		tasks,
		readers,
		vault,
		storeProblems,
		validator,
		sandbox,
		browse,
		views,
		stillFiles: new StillFiles(),
		looks: new RunningLooks(),
		metrics,
		courier,
		get clock() {
			return clock;
		},
		webhooks,
		apiListener: {follow: () => apiListener.follow()},
	};
	const clock: Clock = new Clock(services);
	const retention: Retention = new Retention(services);

	// why: whoever takes the state folder away, or puts another in its place, has taken the lock away with it.
	const stopWatching = [paths.lock, paths.control].map((file) =>
		whenReplaced(file, () => {
			log.error({file}, 'this file of the state was taken away: the daemon ends');
			void stop();
		}),
	);
	const idleness = new Idleness(
		idleMs,
		() => busy(services),
		() => void stop(),
	);
	let ending: Promise<void> | null = null;
	let sayEnded: () => void = () => undefined;
	const ended = new Promise<void>((resolve) => {
		sayEnded = resolve;
	});
	const app = application(services, {requested: () => idleness.touch(), stop: () => void stop()});
	const apiListener: ApiListener = new ApiListener({
		app,
		log,
		settings: () => configuration.workspace.settings.api,
		secret: (name) => vault.readIfOpen(name),
		mostConnections: () => shares().tcp,
	});
	const {resumed, server, socket, folder} = await begin().catch(async (error: unknown) => {
		await abandon();
		throw error;
	});
	self.socket = socket;
	await apiListener.follow();
	log.info({socket, resumed, version: self.version}, 'the daemon listens');
	const {maxRunningExecutions: wished} = configuration.workspace.settings.limits;
	const possible = executionsWithin(openFiles, wished);
	if (possible < wished)
		log.warn({openFiles, wished, possible}, 'the limit of open files allows fewer executions at once than are configured');
	dispatcher.open();
	retention.start();
	clock.start();
	await webhooks.start();
	void deliverEvents();
	readers.warm();
	idleness.touch();

	async function begin() {
		await setAsideUnknown(services);
		await configuration.start();
		const again = await dispatcher.recover();
		return {resumed: again, ...(await listen(app, paths, access, self, () => shares().socket))};
	}

	/** What cannot begin must not hold the workspace. */
	async function abandon(): Promise<void> {
		door?.server.close();
		door?.server.closeAllConnections();
		idleness.stop();
		for (const stopOne of stopWatching) stopOne();
		configuration.stop();
		await tasks.stop(shutdownMs);
		await readers.close();
		await logs.allFlushed();
		endLog();
		control.close();
		lock.release();
	}

	function stop(): Promise<void> {
		ending ??= end();
		return ending;
	}

	async function end(): Promise<void> {
		log.info('the daemon ends');
		idleness.stop();
		for (const stopOne of stopWatching) stopOne();
		configuration.stop();
		// The clock waits for its looks at sources, whose SQL may run for long.
		const tasksStopped = tasks.stop(shutdownMs);
		server.close();
		void apiListener.close();
		await readers.close();
		await clock.stop();
		await webhooks.rest();
		await dispatcher.shutdown(shutdownMs);
		await retention.stop();
		await tasksStopped;
		server.closeAllConnections();
		apiListener.end();
		await courier.stop();
		await browse.close();
		// As late as can be: until here callers are answered.
		await webhooks.stop();
		await logs.allFlushed();
		await removeOwn(paths.daemonFile, socket, folder);
		databases.storeWritten();
		databases.write();
		endLog();
		control.close();
		lock.release();
		sayEnded();
	}

	return {socket, services, stop, ended};
}

/** What kept something from being done that the daemon can do without, such as a full disk. */
function tried(work: () => void): unknown {
	try {
		work();
		return null;
	} catch (error) {
		return error;
	}
}

/** Whether something keeps an idle daemon alive (SPEC 13): work, somebody who listens, or an active connector with a clock of its own. */
function busy({dispatcher, bus, control, configuration, webhooks}: Services): boolean {
	if (dispatcher.running > 0 || bus.listeners > 0) return true;
	if (configuration.workspace.settings.http || webhooks.waiting) return true;
	if (control.deliveries.anyWaits()) return true;
	if (
		control.executions
			.queue()
			.some(({id}) => !['activation', 'configuration', 'max_concurrent_executions'].includes(dispatcher.waitsFor(id)))
	)
		return true;
	return configuration.workspace.connectors.some(
		({apiName, connector}) =>
			connector !== null &&
			nextRuns(connector.schedule, configuration.locale.timezone, new Date(), 1).length > 0 &&
			control.connectors.state(apiName).active,
	);
}

/** Takes away the socket and `daemon.json`, unless another daemon's stands there by now. */
async function removeOwn(daemonFile: string, socket: string, folder: string | null): Promise<void> {
	const {pid} = JSON.parse(await readFile(daemonFile, 'utf8').catch(() => '{}')) as {pid?: number};
	if (pid !== process.pid) return;
	rmSync(socket, {force: true});
	if (folder !== null) rmSync(folder, {recursive: true, force: true});
	rmSync(daemonFile, {force: true});
}
