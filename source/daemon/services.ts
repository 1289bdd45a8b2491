import type {Problem} from '../model/problem.js';
import type {SandboxCheck} from './activation/sandbox-check.js';
import type {Validator} from './activation/validator.js';
import type {Browse} from './browse/browse.js';
import type {Configuration} from './configuration/configuration.js';
import type {Control} from './control/control.js';
import type {Courier} from './deliveries/courier.js';
import type {Dispatcher} from './dispatch/dispatcher.js';
import type {ExecutionLogs} from './dispatch/execution-log.js';
import type {ShortTasks} from './dispatch/short-tasks.js';
import type {EventBus} from './events/bus.js';
import type {Log} from './log.js';
import type {Metrics} from './metrics.js';
import type {Paths} from './paths.js';
import type {Readers} from './reader/readers.js';
import type {Vault} from './secrets/vault.js';
import type {RunningLooks} from './source/running-looks.js';
import type {StillFiles} from './source/settled-files.js';
import type {DatabaseRecord} from './state/used-databases.js';
import type {Views} from './views.js';
import type {Webhooks} from './webhooks/webhooks.js';

/** The services of the daemon, as those who answer requests see them. */
export type Services = {
	readonly paths: Paths;
	readonly control: Control;
	readonly databases: DatabaseRecord;
	readonly log: Log;
	readonly bus: EventBus;
	readonly configuration: Configuration;
	readonly dispatcher: Dispatcher;
	readonly logs: ExecutionLogs;
	readonly tasks: ShortTasks;
	/** What of the databases keeps every execution from running, such as a field whose type changed while it holds data. */
	storeProblems(): readonly Problem[];
	readonly readers: Readers;
	readonly vault: Vault;
	readonly validator: Validator;
	readonly sandbox: SandboxCheck;
	readonly browse: Browse;
	readonly views: Views;
	/** What was seen of files that are being written in drop folders. */
	readonly stillFiles: StillFiles;
	readonly looks: RunningLooks;
	readonly metrics: Metrics;
	readonly courier: Courier;
	/** Something changed that may bring a tick sooner. */
	readonly clock: {wake(): void};
	readonly webhooks: Webhooks;
	/** The API over TCP; its token may have changed. */
	readonly apiListener: {follow(): Promise<void>};
};
