import {z} from 'zod';
import type {ErrorBody} from '../../model/errors.js';
import {type Execution, type ExecutionWarning, executionStatuses, type Stage, type StageName, stageStates} from '../../model/execution.js';
import type {Counts} from '../../model/outcome.js';
import {type Problem, severities} from '../../model/problem.js';
import type {ReadProposal} from '../../model/read-options.js';
import {sourceKinds} from '../../model/source-kind.js';
import type {ProtectedPlaces} from '../../platform/files/output-target.js';
import {
	type ColumnValue,
	type ConnectorSummary,
	connectorStatuses,
	type DaemonState,
	type Delivery,
	type DoctorCheck,
	type FailureChecklist,
	type Found,
	type FoundRow,
	failureChecks,
	type HistoryEntry,
	type LastRun,
	type ListenerState,
	type LogLine,
	type NeedsYou,
	type ObjectSummary,
	type Proposals,
	type Queue,
	type RecordView,
	type SecretView,
	type SourceTest,
	type Status,
	type TableSummary,
	type WebhookRequest,
	type WebhookTested,
} from '../contract.js';

/*
 * What the daemon answers, as schemas: OpenAPI is made of them. Each is held against the type of the contract by the compiler,
 * so neither can change without the other. Clients import the types alone, never this file.
 */

/** A schema whose values are `Shape`. */
const shape =
	<Shape>() =>
	<Schema extends z.ZodType<Shape>>(schema: Schema): Schema =>
		schema;

const text = z.string();
const maybeText = z.string().nullable();
const count = z.number().int().min(0);
const maybeCount = count.nullable();
const instant = z.string().meta({format: 'date-time', description: 'UTC with milliseconds and Z'});
const maybeInstant = instant.nullable();
const anyObject = z.record(z.string(), z.unknown());

export const errorShape = shape<Omit<ErrorBody, 'code'>>()(
	z.object({code: text, message: text, where: maybeText, expected: maybeText, cure: maybeText}),
);

export const problemShape = shape<Problem>()(
	z.object({
		file: text,
		line: count,
		column: count,
		code: text,
		message: text,
		expected: maybeText,
		severity: z.enum(severities).exactOptional(),
	}),
);

const readProposalShape = shape<ReadProposal>()(
	z.object({
		header_row: z.union([count, z.literal('none')]).exactOptional(),
		encoding: text.exactOptional(),
		delimiter: z.enum([',', ';', '|', 'tab']).exactOptional(),
		notes: z.array(text),
	}),
);

export const proposalsShape = shape<Proposals>()(
	z.object({
		read: readProposalShape,
		items: z.array(z.record(z.string(), z.union([text, z.number(), z.boolean(), z.null()]))),
		file: text,
	}),
);

const countsShape = shape<Counts>()(z.object({created: count, updated: count, skipped: count, errored: count, warnings: count}));

const stageName = z.custom<StageName>((value) => typeof value === 'string').meta({type: 'string', examples: ['intake', 'sql', 'load:1']});

const stageShape = shape<Stage>()(
	z.object({
		stage: stageName,
		name: text,
		object: maybeText,
		scope: maybeText,
		state: z.enum(stageStates),
		rows: maybeCount,
		chunks: maybeCount,
		chunks_done: maybeCount,
		created: maybeCount,
		updated: maybeCount,
		skipped: maybeCount,
		errored: maybeCount,
		warnings: maybeCount,
		started_at: maybeInstant,
		ended_at: maybeInstant,
		took_ms: maybeCount.exactOptional(),
		would_fire: z.array(z.object({automation: text, times: count})).exactOptional(),
	}),
);

const warningShape = shape<ExecutionWarning>()(z.object({stage: stageName, line: count.exactOptional(), message: text}));

export const executionShape = shape<Omit<Execution, 'error'>>()(
	z.object({
		id: text,
		connector: text,
		operation: z.enum(['import', 'export']),
		objects: z.array(text),
		mode: z.enum(['live', 'dry']),
		status: z.enum(executionStatuses),
		waiting_for: maybeText,
		input_file: maybeText,
		rows: z.object({input: maybeCount, by_scope: z.record(z.string(), count)}),
		counts: countsShape,
		stages: z.array(stageShape),
		artifacts: z.object({input: maybeText, sql_output: maybeText, report: maybeText, export: maybeText.exactOptional()}),
		queued_at: instant,
		started_at: maybeInstant,
		ended_at: maybeInstant,
		took_ms: maybeCount.exactOptional(),
		started_by: text,
		cleared_at: maybeInstant,
		engine: maybeText,
		walls: z.array(text),
		warnings: z.array(warningShape),
		error: errorShape.nullable(),
		acknowledged_at: maybeInstant,
	}),
);

const lastRunShape = shape<LastRun>()(
	z.object({
		id: text,
		mode: z.enum(['live', 'dry']),
		status: z.enum(executionStatuses),
		counts: countsShape,
		queued_at: instant,
		ended_at: maybeInstant,
		started_by: text,
	}),
);

export const connectorShape = shape<ConnectorSummary>()(
	z.object({
		api_name: text,
		name: text,
		status: z.enum(connectorStatuses),
		type: text,
		queued: count,
		running: count,
		problems: z.array(problemShape),
		last_execution: maybeText,
		last_run: lastRunShape.nullable(),
		next_run: maybeInstant,
		reason: maybeText,
		health: z.array(text),
		gathering: z.object({requests: count, bytes: count, queued_at: instant}).nullable(),
	}),
);

export const connectorDetailShape = connectorShape.extend({
	description: maybeText,
	operation: z.enum(['import', 'export']),
	lacks: z.array(text),
	file: text,
	configuration: anyObject.nullable(),
	next_runs: z.array(instant),
});

const listenerShape = shape<ListenerState>()(z.object({listen: maybeText, open: z.boolean(), error: maybeText}));

export const daemonShape = shape<DaemonState>()(
	z.object({
		pid: count,
		version: text,
		started_at: instant,
		running: count,
		queued: count,
		socket: text,
		environment: maybeText,
		timezone: text,
		webhooks: listenerShape,
	}),
);

const needsYouShape = shape<NeedsYou>()(
	z.object({
		kind: z.enum(['failed', 'review', 'attention', 'problem', 'waiting']),
		connector: maybeText,
		execution: maybeText,
		message: text,
		at: maybeInstant,
	}),
);

export const webhookRequestShape = shape<WebhookRequest>()(
	z.object({
		at: instant,
		method: text,
		status: count,
		code: maybeText,
		why: maybeText,
		bytes: count.nullable(),
		client: maybeText,
	}),
);

export const webhookTestedShape = shape<WebhookTested>()(
	z.object({connector: text, url: text, id: text, body: text, window: z.object({start: instant, end: instant})}),
);

export const statusShape = shape<Status>()(
	z.object({workspace: text, daemon: daemonShape, connectors: z.array(connectorShape), needs_you: z.array(needsYouShape)}),
);

export const queueShape = shape<Queue>()(
	z.object({
		revision: count,
		items: z.array(
			z.object({
				revision: count,
				id: text,
				queued_at: instant,
				started_by: text,
				input_file: maybeText,
				rows: maybeCount,
				done: maybeText,
			}),
		),
	}),
);

export const historyShape = shape<HistoryEntry>()(z.object({at: instant, who: text, what: text, connector: maybeText, detail: anyObject}));

export const logLineShape = shape<LogLine>()(
	z.object({at: instant, level: z.enum(['info', 'warning', 'error']), stage: maybeText, message: text}),
);

export const failureChecklistShape = shape<FailureChecklist>()(
	z.object({
		execution: text,
		items: z.array(
			z.object({
				check: z.enum(failureChecks),
				state: z.enum(['ok', 'look', 'todo', 'unknown']),
				message: text,
				detail: z.array(text),
				command: maybeText,
			}),
		),
	}),
);

export const tableShape = shape<TableSummary>()(z.object({table: text, rows: count}));
export const columnValueShape = shape<ColumnValue>()(z.object({value: maybeText, rows: count}));
export const protectedPlacesShape = shape<ProtectedPlaces>()(z.object({workspace: text, state: text, files: z.array(text)}));
const relatedShape = z.object({id: maybeText, record: maybeText, to_be_created: z.boolean()});

export const recordShape = shape<RecordView>()(
	z.object({id: text, archived: z.boolean(), fields: anyObject, related: z.record(z.string(), z.array(relatedShape)).exactOptional()}),
);
export const secretShape = shape<SecretView>()(
	z.object({name: text, from: z.enum(['environment', 'store']), unreadable: z.literal(true).optional()}),
);
export const sourceTestShape = shape<SourceTest>()(
	z.object({
		connector: text,
		kind: z.enum(sourceKinds),
		source: text,
		found: z.array(
			z.object({
				name: text,
				bytes: count,
				modified_at: instant,
				state: z.enum([
					'new',
					'taken',
					'being written',
					'without its marker',
					'a link: left alone',
					'a pipe: left alone',
					'a socket: left alone',
					'a device: left alone',
					'a hidden file: left alone',
					'a temporary file: left alone',
				]),
			}),
		),
		freshness: z.object({by: maybeText, changed: z.boolean().nullable(), since: maybeInstant}),
		columns: z.array(text),
		rows: z.array(z.record(z.string(), maybeText)),
		next_runs: z.array(instant),
	}),
);
export const doctorShape = shape<DoctorCheck>()(z.object({check: text, ok: z.boolean(), message: text}));

const foundIn = {execution: text, connector: text, mode: z.enum(['live', 'dry']), at: instant};

const foundRowShape = shape<FoundRow>()(
	z.object({
		...foundIn,
		table: text,
		row: count,
		outcome: maybeText,
		reason: maybeText,
		matched: text,
	}),
);

export const foundShape = shape<Found>()(
	z.object({
		items: z.array(foundRowShape),
		total: count,
		next: maybeCount,
		runs: z.array(z.object({...foundIn, rows: count, shown: count})),
		unread: z.array(z.object({...foundIn, reason: text})),
	}),
);

export const objectShape = shape<ObjectSummary>()(
	z.object({
		api_name: text,
		name: text,
		identifier: text,
		fields: z.array(z.object({api_name: text, name: text, type: text, multiple: z.boolean()})),
	}),
);

export const deliveryShape = shape<Delivery>()(
	z.object({
		id: text,
		kind: z.enum(['mail', 'webhook', 'automation']),
		to: text,
		execution: maybeText,
		state: z.enum(['waiting', 'delivered', 'failed']),
		attempts: count,
		last_error: maybeText,
		next_attempt_at: maybeInstant,
		created_at: instant,
		tried: z.array(z.object({at: instant, error: maybeText})).exactOptional(),
	}),
);
