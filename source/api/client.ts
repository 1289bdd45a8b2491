import {stat} from 'node:fs/promises';
import {basename, join} from 'node:path';
import type {Execution} from '../model/execution.js';
import type {Problem} from '../model/problem.js';
import type {ProtectedPlaces} from '../platform/files/output-target.js';
import {artifactFileName, artifactNouns} from './artifact-name.js';
import type {
	ActivateRequest,
	ColumnValue,
	ConfirmRequest,
	ConnectorDetail,
	ConnectorSummary,
	DaemonState,
	Delivery,
	DoctorCheck,
	Exported,
	ExportRequest,
	FailureChecklist,
	Found,
	HistoryEntry,
	List,
	LogLine,
	ObjectSummary,
	Proposals,
	Queue,
	RecordView,
	RerunRequest,
	RunRequest,
	SecretView,
	SourceTest,
	Status,
	TableSummary,
	WebhookRequest,
	WebhookTested,
} from './contract.js';
import {type Heard, listen} from './events.js';
import {type Call, exchange, exchangeText} from './exchange.js';
import type {Identity} from './identity.js';
import {query} from './query.js';

export type Page = {readonly offset?: number | undefined; readonly limit?: number | undefined};

export type ExecutionFilter = Page & {
	readonly connector?: string | undefined;
	readonly status?: string | undefined;
	readonly mode?: string | undefined;
	readonly object?: string | undefined;
	readonly operation?: string | undefined;
	/** A text in the file name, the id, the connector, who started it or the error. */
	readonly find?: string | undefined;
};

/** A page holds at most 10,000 rows; `next` of the answer leads on. */
export type RowFilter = Page & {
	readonly outcome?: string | undefined;
	readonly reason?: string | undefined;
	readonly state?: string | undefined;
	readonly find?: string | undefined;
	readonly column?: string | undefined;
	readonly value?: string | undefined;
	readonly sort?: string | undefined;
	readonly descending?: boolean | undefined;
};

export type RecordFilter = Page & {
	readonly find?: string | undefined;
	/** `field=value`; all must hold. */
	readonly where?: string | readonly string[] | undefined;
	readonly archived?: boolean | undefined;
};

/** Everything a client can ask of the daemon, a method a route. All throw `SluiceError`; answers with an error are `ApiError`. */
export type Client = ReturnType<typeof createClient>;

/**
 * A client of the daemon behind `socket`. It holds no connection: a daemon that is started again is simply found again.
 * Loads nothing but `node:http`, so that short commands stay fast (DESIGN 6).
 */
export function createClient(socket: string, identity: Identity) {
	const ask = <Answer>(method: Call['method'], path: string, body?: unknown): Promise<Answer> =>
		exchange<Answer>({socket, identity, method, path, body});
	const get = <Answer>(path: string): Promise<Answer> => ask<Answer>('GET', path);
	const post = <Answer>(path: string, body: unknown = {}): Promise<Answer> => ask<Answer>('POST', path, body);
	const save = async (call: Pick<Call, 'method' | 'path' | 'body'>, to: string, what: string): Promise<Exported> => {
		const [{download}, protectedPlaces] = await Promise.all([import('./download.js'), get<ProtectedPlaces>('/places')]);
		return await download({socket, identity, ...call}, {to, what, protectedPlaces});
	};
	const name = encodeURIComponent;
	return {
		socket,
		identity,
		status: () => get<Status>('/status'),
		connectors: () => get<List<ConnectorSummary>>('/connectors'),
		connector: (connector: string) => get<ConnectorDetail>(`/connectors/${name(connector)}`),
		queue: (connector: string) => get<Queue>(`/connectors/${name(connector)}/queue`),
		activate: (connector: string, decision: ActivateRequest = {}) =>
			post<ConnectorSummary>(`/connectors/${name(connector)}/activate`, decision),
		deactivate: (connector: string) => post<ConnectorSummary>(`/connectors/${name(connector)}/deactivate`),
		history: (filter: Page & {connector?: string | undefined; find?: string | undefined} = {}) => {
			const {connector, ...page} = filter;
			return get<List<HistoryEntry>>(`${connector === undefined ? '' : `/connectors/${name(connector)}`}/history${query(page)}`);
		},
		/** Written by this process, when told to; `written` is the file then. */
		infer: async (connector: string, {write = false}: {readonly write?: boolean} = {}) => {
			const {file, read, items} = await post<Proposals>(`/connectors/${name(connector)}/infer`, {to_write: write});
			if (write) await (await import('./write-proposals.js')).writeProposals(file, read, items);
			return {read, items, written: write ? file : null};
		},
		webhookLog: (connector: string) => get<List<WebhookRequest>>(`/connectors/${name(connector)}/webhook/log`),
		testWebhook: (connector: string, request: ConfirmRequest = {}) =>
			post<WebhookTested>(`/connectors/${name(connector)}/webhook/test`, request),
		cancelSource: (connector: string) => post<{cancelled: number}>(`/connectors/${name(connector)}/source/cancel`),
		testSource: (connector: string) => post<SourceTest>(`/connectors/${name(connector)}/source/test`),
		validate: (connector?: string) => post<{problems: readonly Problem[]}>('/validate', {connector}),
		executions: (filter: ExecutionFilter = {}) => get<List<Execution>>(`/executions${query(filter)}`),
		/** The input is opened by this process, and sent. */
		run: async ({input, input_of, ...request}: RunRequest): Promise<Execution> => {
			if (input === null) return await post<Execution>('/executions', {...request, ...(input_of && {input_of})});
			const path = `/executions${query({...request, input: basename(input)})}`;
			return await (await import('./upload.js')).upload<Execution>({socket, identity, path}, input);
		},
		execution: (id: string) => get<Execution>(`/executions/${name(id)}`),
		failureChecklist: (id: string) => get<FailureChecklist>(`/executions/${name(id)}/checklist`),
		log: (id: string, page: Page = {}) => get<List<LogLine>>(`/executions/${name(id)}/log${query(page)}`),
		cancel: (id: string, request: ConfirmRequest = {}) => post<Execution>(`/executions/${name(id)}/cancel`, request),
		acknowledge: (id: string) => post<Execution>(`/executions/${name(id)}/ack`),
		rerun: (id: string, request: RerunRequest = {}) => post<Execution>(`/executions/${name(id)}/rerun`, request),
		tables: (id: string) => get<{items: readonly TableSummary[]}>(`/executions/${name(id)}/tables`),
		rows: (id: string, table: string, filter: RowFilter = {}) =>
			get<List<Readonly<Record<string, unknown>>>>(`/executions/${name(id)}/tables/${name(table)}/rows${query(filter)}`),
		/** `filter`: of which rows the values are counted; its column is the one that has its value. */
		values: (id: string, table: string, column: string, limit?: number, filter: Omit<RowFilter, 'sort' | 'descending' | 'offset'> = {}) => {
			const {column: where, ...others} = filter;
			const asked = query({...others, column, limit, ...(where !== undefined && {where})});
			return get<{items: readonly ColumnValue[]}>(`/executions/${name(id)}/tables/${name(table)}/values${asked}`);
		},
		explain: (id: string, row: number, scope?: string) =>
			get<Readonly<Record<string, unknown>>>(`/executions/${name(id)}/explain${query({row, scope})}`),
		/** Written by this process. */
		export: async (id: string, {artifact, to, safe_csv}: ExportRequest): Promise<Exported> => {
			const execution = await get<Execution>(`/executions/${name(id)}`);
			const target = (await isFolder(to)) ? join(to, artifactFileName(execution, artifact)) : to;
			const path = `/executions/${execution.id}/artifacts/${artifact}${query({safe_csv, to: target})}`;
			return await save({method: 'GET', path}, target, artifactNouns[artifact]);
		},
		find: (filter: Page & {text: string; connector?: string | undefined; since?: string | undefined}) =>
			get<Found>(`/find${query(filter)}`),
		objects: () => get<List<ObjectSummary>>('/objects'),
		records: (object: string, filter: RecordFilter = {}) => get<List<RecordView>>(`/objects/${name(object)}/records${query(filter)}`),
		archive: (object: string, identifiers: readonly string[]) =>
			post<{archived: number}>(`/objects/${name(object)}/archive`, {identifiers}),
		unarchive: (object: string, identifiers: readonly string[]) =>
			post<{unarchived: number}>(`/objects/${name(object)}/unarchive`, {identifiers}),
		deliveries: (filter: Page & {find?: string | undefined} = {}) => get<List<Delivery>>(`/deliveries${query(filter)}`),
		redeliver: (id: string) => post<Delivery>(`/deliveries/${name(id)}/redeliver`),
		secrets: () => get<List<SecretView>>('/secrets'),
		setSecret: (secret: string, value: string) => ask<{name: string}>('PUT', `/secrets/${name(secret)}`, {value}),
		removeSecret: (secret: string) => ask<{removed: string}>('DELETE', `/secrets/${name(secret)}`),
		/** Written by this process. */
		backup: (to: string): Promise<Exported> => save({method: 'POST', path: '/backup', body: {to}}, to, 'backup'),
		daemon: () => get<DaemonState>('/daemon'),
		stopDaemon: () => post<DaemonState>('/daemon/stop'),
		doctor: () => get<{items: readonly DoctorCheck[]}>('/doctor'),
		metrics: () => exchangeText({socket, identity, method: 'GET', path: '/metrics'}),
		/** Changes as they happen, with reconnection; ends when `signal` is aborted. */
		events: (signal: AbortSignal, lastEventId?: string): AsyncGenerator<Heard> => listen(() => socket, identity, {signal, lastEventId}),
	};
}

async function isFolder(path: string): Promise<boolean> {
	return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}
