import {z} from 'zod';
import * as asks from './requests.js';
import * as shapes from './shapes.js';

/** One door of the API: what it reads, and what it answers. `:name` in a path is a parameter. */
export type Route = {
	readonly summary: string;
	readonly query?: z.ZodObject;
	readonly body?: z.ZodType;
	/** The query of a request whose body is a file (`application/octet-stream`), in place of `body`. Its values have the form of the body's. */
	readonly upload?: z.ZodObject;
	readonly answer: z.ZodType | 'text/plain' | 'text/event-stream' | 'application/octet-stream' | 'application/zip';
	readonly status?: number;
	/** The refusals a client is expected to handle, by status. */
	readonly refusals?: Readonly<Record<number, string>>;
};

const listOf = (item: z.ZodType) => z.object({items: z.array(item), total: z.number().int(), next: z.number().int().nullable()});
const itemsOf = (item: z.ZodType) => z.object({items: z.array(item)});
const anyObject = z.record(z.string(), z.unknown());
const notSoFast = {409: 'It needs a decision or a confirmation first; see `code`'};

/** Every route of the API, in the order of the contract. The daemon serves exactly these, and `openapi.json` is made of them. */
export const routes = {
	'GET /status': {summary: 'The dashboard: connectors, and what needs someone', answer: shapes.statusShape},
	'GET /connectors': {summary: 'All connectors', answer: listOf(shapes.connectorShape)},
	'GET /connectors/:name': {summary: 'One connector, and what it still lacks', answer: shapes.connectorDetailShape},
	'GET /connectors/:name/queue': {
		summary: 'The live executions that wait. Its revision counts as shown to this user',
		answer: shapes.queueShape,
	},
	'POST /connectors/:name/activate': {
		summary: 'Activate, with a decision about the queue when there is one',
		body: asks.activateBody,
		answer: shapes.connectorShape,
		refusals: {409: '`queue.decision_needed` with `queue`, `activation.decided`, or `activation.refused` with `missing` and `problems`'},
	},
	'POST /connectors/:name/deactivate': {
		summary: 'Stop all processing at once; what runs goes back to the queue',
		body: asks.noBody,
		answer: shapes.connectorShape,
	},
	'GET /connectors/:name/history': {summary: 'Who did what', query: asks.historyQuery, answer: listOf(shapes.historyShape)},
	'GET /history': {summary: 'Who did what, all connectors', query: asks.historyQuery, answer: listOf(shapes.historyShape)},
	'POST /connectors/:name/infer': {
		summary: 'Keys of `read` and variables proposed from the sample',
		body: asks.inferBody,
		answer: shapes.proposalsShape,
	},
	'GET /connectors/:name/webhook/log': {
		summary: 'The last 100 requests of a webhook connector since the daemon started, newest first',
		answer: listOf(shapes.webhookRequestShape),
	},
	'POST /connectors/:name/webhook/test': {
		summary: 'Send a signed sample request to the running listener',
		body: asks.confirmBody,
		answer: shapes.webhookTestedShape,
		refusals: {409: '`run.confirm_needed`', 422: '`webhook.listener_off`, `webhook.refused` and others that say why it was not accepted'},
	},
	'POST /connectors/:name/source/test': {
		summary: 'Try the source: credentials, freshness and first rows; nothing is taken or written',
		body: asks.noBody,
		answer: shapes.sourceTestShape,
	},
	'POST /connectors/:name/source/cancel': {
		summary: 'End the look at the source that is under way, its query included; nothing is taken',
		body: asks.noBody,
		answer: z.object({cancelled: z.number().int()}),
		refusals: {422: '`source.idle`: none is under way'},
	},
	'POST /validate': {
		summary: 'Read the files again, run the SQL on the sample, list every problem',
		body: asks.validateBody,
		answer: z.object({problems: z.array(shapes.problemShape)}),
	},
	'GET /executions': {summary: 'Executions, newest first', query: asks.executionsQuery, answer: listOf(shapes.executionShape)},
	'POST /executions': {
		summary: 'Start an execution: of a file that is the body, else of the source, else of the sample',
		body: asks.runBody,
		upload: asks.uploadQuery,
		answer: shapes.executionShape,
		status: 201,
		refusals: {409: '`run.incomplete` with `missing`, or `run.confirm_needed`'},
	},
	'GET /executions/:id': {summary: 'One execution, by id, unique prefix or `last`', answer: shapes.executionShape},
	'GET /executions/:id/log': {summary: 'Its log, oldest first', query: asks.pageQuery, answer: listOf(shapes.logLineShape)},
	'GET /executions/:id/checklist': {
		summary: 'What to look at when it failed: first error, first skipped row, shape of the file, credentials, dry run',
		answer: shapes.failureChecklistShape,
	},
	'POST /executions/:id/cancel': {
		summary: 'Cancel it; answers when it is cancelled',
		body: asks.confirmBody,
		answer: shapes.executionShape,
		refusals: {409: '`run.too_late` or `run.confirm_needed`'},
	},
	'POST /executions/:id/ack': {
		summary: 'Acknowledge a failure: it leaves the list of what needs someone',
		body: asks.noBody,
		answer: shapes.executionShape,
	},
	'POST /executions/:id/rerun': {
		summary: 'The same input once more, or its failed rows alone',
		body: asks.rerunBody,
		answer: shapes.executionShape,
		status: 201,
		refusals: notSoFast,
	},
	'GET /executions/:id/tables': {summary: 'Its tables', answer: itemsOf(shapes.tableShape)},
	'GET /executions/:id/tables/:table/rows': {
		summary: 'Rows of a table, filtered and sorted',
		query: asks.rowsQuery,
		answer: listOf(anyObject),
	},
	'GET /executions/:id/tables/:table/values': {
		summary: 'How often each value of a column occurs',
		query: asks.valuesQuery,
		answer: itemsOf(shapes.columnValueShape),
	},
	'GET /executions/:id/explain': {summary: 'One row through every stage', query: asks.explainQuery, answer: anyObject},
	'GET /executions/:id/artifacts/:artifact': {
		summary: 'One of its files, as bytes: `report`, `sql_output` or `input`',
		query: asks.artifactQuery,
		answer: 'application/octet-stream',
		refusals: {404: '`run.artifact_missing`'},
	},
	'GET /places': {summary: 'Places of the workspace that no output may be written onto', answer: shapes.protectedPlacesShape},
	'GET /find': {summary: 'Rows of past executions that hold a text', query: asks.findQuery, answer: shapes.foundShape},
	'GET /objects': {summary: 'All objects', answer: listOf(shapes.objectShape)},
	'GET /objects/:name/records': {summary: 'Records', query: asks.recordsQuery, answer: listOf(shapes.recordShape)},
	'POST /objects/:name/archive': {
		summary: 'Archive records by identifier or id',
		body: asks.identifiersBody,
		answer: z.object({archived: z.number().int()}),
	},
	'POST /objects/:name/unarchive': {
		summary: 'Bring archived records back',
		body: asks.identifiersBody,
		answer: z.object({unarchived: z.number().int()}),
	},
	'GET /deliveries': {
		summary: 'Mails, webhooks and automations with their attempts',
		query: asks.deliveriesQuery,
		answer: listOf(shapes.deliveryShape),
	},
	'POST /deliveries/:id/redeliver': {summary: 'Try once more', body: asks.noBody, answer: shapes.deliveryShape},
	'GET /secrets': {summary: 'Names of the secrets, never their values', answer: listOf(shapes.secretShape)},
	'PUT /secrets/:name': {summary: 'Keep a secret in the store', body: asks.secretBody, answer: z.object({name: z.string()})},
	'DELETE /secrets/:name': {summary: 'Remove a secret from the store', answer: z.object({removed: z.string()})},
	'POST /backup': {
		summary: 'A consistent copy of the workspace while everything runs, as a zip',
		body: asks.backupBody,
		answer: 'application/zip',
	},
	'GET /daemon': {summary: 'The daemon itself', answer: shapes.daemonShape},
	'POST /daemon/stop': {summary: 'Stop at the next chunk boundaries and end', body: asks.noBody, answer: shapes.daemonShape},
	'GET /events': {summary: 'Changes as they happen; `Last-Event-ID` resumes', answer: 'text/event-stream'},
	'GET /metrics': {summary: 'Prometheus text', answer: 'text/plain'},
	'GET /openapi.json': {summary: 'This document', answer: anyObject},
	'GET /doctor': {summary: 'Checks of this installation', answer: itemsOf(shapes.doctorShape)},
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof routes;
