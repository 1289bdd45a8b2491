import type {Connector} from '../model/connector.js';
import type {Execution, ExecutionMode} from '../model/execution.js';
import type {Problem} from '../model/problem.js';
import type {ReadProposal} from '../model/read-options.js';
import type {RelatedByField} from '../model/related-record.js';
import type {SourceKind} from '../model/source-kind.js';

/*
 * What client and daemon say to each other: HTTP/JSON over the workspace's Unix socket (SPEC 16).
 *
 * Every request may carry `X-Sluice-User` (who acts) and `X-Sluice-From` (`cli`, `console`, `api`). Errors are `ErrorBody` with a 4xx/5xx status.
 * Lists are `{items, total, next}`; `next` is an offset or null.
 *
 * GET    /status                                                -> Status
 * GET    /connectors · /connectors/:name                         -> List<ConnectorSummary> · ConnectorDetail
 * GET    /connectors/:name/queue                                -> Queue (remembers the revision as printed for this client user)
 * POST   /connectors/:name/activate    {decision?, revision?}   -> ConnectorSummary | 409 `queue.decision_needed` with Queue, `activation.decided`
 * POST   /connectors/:name/deactivate                           -> ConnectorSummary
 * GET    /connectors/:name/history · /history?find&offset&limit  -> List<HistoryEntry>
 * POST   /connectors/:name/infer                                -> {read, items: proposals, file}   the client writes them
 * POST   /connectors/:name/webhook/test {confirm?}              -> WebhookTested   a signed sample request to the running listener
 * GET    /connectors/:name/webhook/log                          -> List<WebhookRequest>   the last 100 requests, newest first
 * POST   /connectors/:name/source/test                          -> SourceTest          tries the source; takes and writes nothing
 * POST   /connectors/:name/source/cancel                        -> {cancelled}         ends the look at the source that is under way
 * POST   /validate             {connector?}                     -> {problems: Problem[]}   re-reads the files first, runs the SQL on the sample
 * GET    /executions?connector&status&mode&object&operation&find&offset&limit -> List<Execution>
 * POST   /executions           RunRequest without its input     -> Execution (201) | 409 `run.incomplete`   `input_of`: the input of that execution
 * POST   /executions?connector&input&mode&...  the bytes of a file, `application/octet-stream`; `input` is its name -> the same
 * GET    /executions/:id       (unique prefix or `last`)        -> Execution
 * GET    /executions/:id/log?offset                             -> List<LogLine>
 * GET    /executions/:id/checklist                      -> FailureChecklist   what to look at when it failed, each point looked at
 * POST   /executions/:id/cancel  {confirm?} · /ack · /rerun {rows?, mode?}  -> Execution
 * GET    /executions/:id/tables                                 -> {items: TableSummary[]}
 * GET    /executions/:id/tables/:table/rows?offset&limit&outcome&reason&state&find&column&value&sort&descending -> List<row as SPEC 13>
 * GET    /executions/:id/tables/:table/values?column&limit&outcome&reason&state&find&where&value -> {items: {value, rows}[]}   counts of a column's values among the rows a filter leaves; `where` is the column of `value`
 * GET    /executions/:id/explain?row&scope                      -> object with a key per stage
 * GET    /executions/:id/artifacts/:artifact?safe_csv&to        -> the bytes of the file
 * GET    /places                                                -> ProtectedPlaces   what a client writes no output onto
 * GET    /find?text&connector&since&offset&limit                -> Found
 * GET    /objects · /objects/:name/records?find&where&archived&offset&limit -> List · List<RecordView>
 * POST   /objects/:name/archive · /unarchive {identifiers}      -> {archived: n} / {unarchived: n}
 * GET    /deliveries?find&offset&limit · POST /deliveries/:id/redeliver           -> List<Delivery>
 * GET    /daemon · POST /daemon/stop                            -> DaemonState
 * GET    /events                                                -> server-sent events {type, id, ...}; Last-Event-ID resumes
 * GET    /metrics · /openapi.json · /doctor
 * POST   /backup               {to?}                          -> the bytes of a zip
 * GET    /secrets · PUT /secrets/:name {value} · DELETE /secrets/:name -> List<SecretView> · {name} · {removed}
 */

export type List<Item> = {readonly items: readonly Item[]; readonly total: number; readonly next: number | null};

export const connectorStatuses = ['setup', 'operational', 'needs_attention', 'inactive'] as const;
export type ConnectorStatus = (typeof connectorStatuses)[number];

export type LastRun = Pick<Execution, 'id' | 'mode' | 'status' | 'counts' | 'queued_at' | 'ended_at' | 'started_by'>;

export type ConnectorSummary = {
	readonly api_name: string;
	readonly name: string;
	readonly status: ConnectorStatus;
	readonly type: string;
	readonly queued: number;
	readonly running: number;
	readonly problems: readonly Problem[];
	readonly last_execution: string | null;
	/** What people want to know of the last execution; null where nothing has run. */
	readonly last_run: LastRun | null;
	readonly next_run: string | null;
	/** Why it is not active though somebody activated it once, such as `transform.sql changed`. */
	readonly reason: string | null;
	/** Outcome of the last twenty live runs, oldest first. */
	readonly health: readonly string[];
	/** Webhook requests that were answered and are in no execution yet; null when there are none. */
	readonly gathering: Gathering | null;
};

/** Requests in windows that are still open; at `queued_at` the first of the windows ends and becomes an execution. */
export type Gathering = {readonly requests: number; readonly bytes: number; readonly queued_at: string};

/** What a look at a source shows, without taking anything from it. */
export type SourceTest = {
	readonly connector: string;
	readonly kind: SourceKind;
	/** Where it reads, without what may be secret. */
	readonly source: string;
	readonly found: readonly {
		readonly name: string;
		readonly bytes: number;
		readonly modified_at: string;
		/** What is no regular file has no size and no time here. */
		readonly state:
			| 'new'
			| 'taken'
			| 'being written'
			| 'without its marker'
			| `${'a link' | 'a pipe' | 'a socket' | 'a device' | 'a hidden file' | 'a temporary file'}: left alone`;
	}[];
	/** `changed` is null where nothing is compared; `since`: when it was last taken. */
	readonly freshness: {readonly by: string | null; readonly changed: boolean | null; readonly since: string | null};
	readonly columns: readonly string[];
	readonly rows: readonly Readonly<Record<string, string | null>>[];
	readonly next_runs: readonly string[];
};

export type NeedsYou = {
	readonly kind: 'failed' | 'review' | 'attention' | 'problem' | 'waiting';
	readonly connector: string | null;
	readonly execution: string | null;
	readonly message: string;
	readonly at: string | null;
};

export type DaemonState = {
	readonly pid: number;
	readonly version: string;
	readonly started_at: string;
	readonly running: number;
	readonly queued: number;
	readonly socket: string;
	readonly environment: string | null;
	/** The workspace's time zone, in which people are shown times. */
	readonly timezone: string;
	readonly webhooks: ListenerState;
};

/** Where webhooks are taken in: `listen` as `sluice.yaml` says, null for nowhere; `error`: why it is not open. */
export type ListenerState = {readonly listen: string | null; readonly open: boolean; readonly error: string | null};

/** A request that a webhook connector answered. Nothing of its body is kept. */
export type WebhookRequest = {
	readonly at: string;
	readonly method: string;
	readonly status: number;
	/** The code of the refusal; null when it was accepted. */
	readonly code: string | null;
	/** What was refused; null when it was accepted. */
	readonly why: string | null;
	/** The size of the body as `Content-Length` says; null where it does not. */
	readonly bytes: number | null;
	/** The address in `X-Forwarded-For`, else the other end of the connection. */
	readonly client: string | null;
};

/** What became of a signed sample request. */
export type WebhookTested = {
	readonly connector: string;
	readonly url: string;
	/** The id it was accepted under. */
	readonly id: string;
	/** What was sent. */
	readonly body: string;
	/** The window it was gathered in, which becomes an execution at its end. */
	readonly window: {readonly start: string; readonly end: string};
};

export type Status = {
	readonly workspace: string;
	readonly daemon: DaemonState;
	readonly connectors: readonly ConnectorSummary[];
	readonly needs_you: readonly NeedsYou[];
};

export type RunRequest = {
	readonly connector: string;
	/** Path of the file, which the client opens and sends; null: the connector's source, else its sample when dry. */
	readonly input: string | null;
	/** An earlier execution whose input is read once more: the daemon kept it. Not together with `input`. */
	readonly input_of?: string | null | undefined;
	readonly mode: ExecutionMode;
	readonly diff_check: boolean;
	readonly accept_incomplete: boolean;
	readonly notify: string | null;
	/** On a production workspace: the connector's name, typed by the person. */
	readonly confirm: string | null;
};

export const failureChecks = ['first_error', 'first_skipped', 'shape', 'credentials', 'dry_run'] as const;

/** One point that whoever looks into a failed execution goes through, in the order of `failureChecks`. */
export type FailureCheck = {
	readonly check: (typeof failureChecks)[number];
	/** `ok`: nothing wrong there; `look`: here is something; `todo`: still to be done; `unknown`: cannot be told. */
	readonly state: 'ok' | 'look' | 'todo' | 'unknown';
	/** One line, such as `The file changed shape since 0199…, the last run that went well`. */
	readonly message: string;
	/** More lines, such as `column gone: price`. */
	readonly detail: readonly string[];
	/** The command that shows more, or does it. */
	readonly command: string | null;
};

export type FailureChecklist = {readonly execution: string; readonly items: readonly FailureCheck[]};

export type QueueItem = {
	readonly revision: number;
	readonly id: string;
	readonly queued_at: string;
	readonly started_by: string;
	readonly input_file: string | null;
	readonly rows: number | null;
	/** What is already committed, such as `stopped by deactivation at load:1, chunk 3 of 20`; null for one not begun. */
	readonly done: string | null;
};

export type Queue = {readonly revision: number; readonly items: readonly QueueItem[]};

export type QueueDecision = {readonly keep: 'all'} | {readonly cancel: 'all' | readonly string[]};

export type HistoryEntry = {
	readonly at: string;
	readonly who: string;
	readonly what: string;
	readonly connector: string | null;
	readonly detail: Readonly<Record<string, unknown>>;
};

export type LogLine = {
	readonly at: string;
	readonly level: 'info' | 'warning' | 'error';
	readonly stage: string | null;
	readonly message: string;
};

export type TableSummary = {readonly table: string; readonly rows: number};

/** `related`: by relationship, the records that it names; absent where there are none. */
export type RecordView = {
	readonly id: string;
	readonly archived: boolean;
	readonly fields: Readonly<Record<string, unknown>>;
	readonly related?: RelatedByField;
};

export type FoundRow = {
	readonly execution: string;
	readonly connector: string;
	readonly mode: ExecutionMode;
	readonly at: string;
	readonly table: string;
	readonly row: number;
	readonly outcome: string | null;
	readonly reason: string | null;
	readonly matched: string;
};

/** An execution with rows that hold the text: all of them are counted, `shown` are on this page. */
export type FoundRun = {
	readonly execution: string;
	readonly connector: string;
	readonly mode: ExecutionMode;
	readonly at: string;
	readonly rows: number;
	readonly shown: number;
};

/** An execution that was not searched. */
export type UnreadRun = Omit<FoundRun, 'rows' | 'shown'> & {readonly reason: string};

/** A page of found rows; `total` counts those of all executions, newest first. */
export type Found = List<FoundRow> & {readonly runs: readonly FoundRun[]; readonly unread: readonly UnreadRun[]};

export type Delivery = {
	readonly id: string;
	readonly kind: 'mail' | 'webhook' | 'automation';
	readonly to: string;
	readonly execution: string | null;
	readonly state: 'waiting' | 'delivered' | 'failed';
	readonly attempts: number;
	readonly last_error: string | null;
	readonly next_attempt_at: string | null;
	readonly created_at: string;
	/** The last fifty attempts, oldest first; `error` null: it arrived. In the list alone. */
	readonly tried?: readonly {readonly at: string; readonly error: string | null}[];
};

export type SluiceEvent =
	| {readonly type: 'execution'; readonly execution: Execution}
	| {readonly type: 'connector'; readonly connector: ConnectorSummary}
	| {readonly type: 'problems'; readonly problems: readonly Problem[]}
	| {readonly type: 'queue'; readonly connector: string; readonly revision: number}
	| {readonly type: 'log'; readonly execution: string; readonly line: LogLine}
	/** A mail or webhook was made, sent, or failed. */
	| {readonly type: 'deliveries'}
	/** Something was added to the history. */
	| {readonly type: 'history'}
	/** Records of an object were changed by hand. */
	| {readonly type: 'records'; readonly object: string}
	/** Too much happened since the `Last-Event-ID` that was sent: ask again for everything on the screen. */
	| {readonly type: 'reset'};

/** What a person typed to say that a live run or a cancel on a production workspace is meant: the connector's name. */
export type ConfirmRequest = {readonly confirm?: string | null | undefined};

export type ActivateRequest = {readonly decision?: QueueDecision | undefined; readonly revision?: number | undefined};

export type RerunRequest = ConfirmRequest & {readonly rows?: 'failed' | undefined; readonly mode?: ExecutionMode | undefined};

export const artifactNames = ['report', 'sql_output', 'input'] as const;
export type ArtifactName = (typeof artifactNames)[number];

/** `to` is the path of a file or of a folder that exists; the client writes there. */
export type ExportRequest = {readonly artifact: ArtifactName; readonly to: string; readonly safe_csv?: boolean | undefined};
export type Exported = {readonly path: string; readonly bytes: number};

/** What `sluice restore` prints with --json. `connectors` were active; all of them are inactive now. */
export type Restored = {
	readonly workspace: string;
	/** When the backup was made, and the folder of the workspace then; null in a backup of an earlier version. */
	readonly made_at: string | null;
	readonly from: string | null;
	readonly connectors: readonly string[];
	/** Executions that wait for an activation, those that ran included. */
	readonly queued: number;
	/** Webhook requests that are in no execution yet. */
	readonly requests: number;
	/** Mails and webhooks that go out when the daemon starts. */
	readonly deliveries: number;
	/** Executions whose files the backup does not hold: they have failed. */
	readonly without_input: readonly string[];
	/** Secrets that cannot be opened here, and must be set again. */
	readonly secrets: readonly string[];
};

export type ConnectorDetail = ConnectorSummary & {
	readonly description: string | null;
	readonly operation: 'import' | 'export';
	/** What still keeps it from being activated; empty when nothing does. */
	readonly lacks: readonly string[];
	/** Absolute path of `connector.yaml`. */
	readonly file: string;
	/** The connector as it was read, null while the file cannot be read. */
	readonly configuration: Connector | null;
	readonly next_runs: readonly string[];
};

/** `unreadable`: the key of this workspace does not open it, so that it must be set again. */
export type SecretView = {readonly name: string; readonly from: 'environment' | 'store'; readonly unreadable?: true | undefined};

export type ObjectSummary = {
	readonly api_name: string;
	readonly name: string;
	readonly identifier: string;
	readonly fields: readonly {readonly api_name: string; readonly name: string; readonly type: string; readonly multiple: boolean}[];
};

export type ColumnValue = {readonly value: string | null; readonly rows: number};

export type DoctorCheck = {readonly check: string; readonly ok: boolean; readonly message: string};

/** A variable that `infer` proposes: the keys of `variables` in `connector.yaml`. */
export type Proposal = Readonly<Record<string, string | number | boolean | null>>;

/** `file`: the connector's file, which the client adds them to. */
export type Proposals = {readonly read: ReadProposal; readonly items: readonly Proposal[]; readonly file: string};
