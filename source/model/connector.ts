import type {CsvFormat} from './csv-format.js';
import type {LoadStep} from './load-step.js';
import type {ReadOptions} from './read-options.js';
import type {DatabaseKind} from './source-kind.js';
import type {AdditionalVariable, Variable} from './variable.js';
import type {WebhookIntake} from './webhook-intake.js';

export const connectorTypes = ['spreadsheet', 'webhook', 'schedule'] as const;

export type ConnectorType = (typeof connectorTypes)[number];

export type ReferenceData = {readonly object: string; readonly fields: readonly string[]; readonly filterGroup: string | null};

/** For how many days the files of executions are kept where nothing else is said (SPEC 2.2). */
export const defaultKeepDays = 90;

export type ConnectorSettings = {
	/** 0 queues and runs nothing. */
	readonly maxConcurrentExecutions: number;
	readonly chunkSize: number;
	readonly notificationEmails: readonly string[];
	readonly notifyOn: 'all' | readonly ('completed' | 'warning' | 'failed' | 'cancelled')[];
	/** The person who starts a run gets a mail however it ends, dry runs too. */
	readonly notifyStarter: boolean;
	/** Header values may hold `${secret:name}`. */
	readonly executionEndedWebhook: {
		readonly url: string;
		readonly secret: string;
		readonly headers: Readonly<Record<string, string>>;
	} | null;
	readonly stopAfter: {readonly errors: number | null; readonly percent: number | null} | null;
	readonly keepExecutionsDays: number;
};

export type Freshness = 'modified_time' | 'etag' | 'checksum' | {readonly maxTimestamp: string} | {readonly changeToken: string};

export type Retention = {
	readonly afterSuccess: 'keep' | 'move' | 'delete';
	readonly to: string | null;
	readonly keepFailed: boolean;
	readonly maskedSample: {readonly rows: number; readonly mask: readonly string[]} | null;
};

/** How a url source proves itself. Texts may hold `${secret:name}`. */
export type UrlAuth =
	| {readonly basic: {readonly user: string; readonly password: string}}
	| {
			readonly oauth2: {
				readonly tokenUrl: string;
				readonly clientId: string;
				readonly clientSecret: string;
				readonly scope: string | null;
			};
	  };

/** What is not said is left out, so that what is remembered of a source stays the same. */
export type UrlRequest = {
	readonly url: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly auth?: UrlAuth;
	readonly method?: 'POST';
	readonly body?: string;
	/** A JSON pointer to the rows within an answer. */
	readonly rows?: string;
};

/** A path or glob, and when a file of it is whole. What is not said is left out, so that what is remembered of a source stays the same. */
export type FileRequest = {
	readonly file: string;
	/** How long size and time of a file must rest before it is taken. */
	readonly settleSeconds?: number;
	/** The name of a file that says that another one is whole; `{file}` in it is that one's name. */
	readonly doneMarker?: string;
};

export type Source = (
	| FileRequest
	| UrlRequest
	| {readonly sql: string}
	/** A query in a database's own SQL, through the secret that says where the database is. */
	| {readonly database: DatabaseKind; readonly secret: string; readonly query: string}
) & {
	readonly freshness: Freshness | null;
	readonly retention: Retention | null;
};

export type Schedule =
	| {
			readonly every: 'hourly' | 'daily' | 'weekly' | 'manual_only';
			readonly on: string | null;
			readonly at: string | null;
			readonly timezone: string | null;
	  }
	| {readonly cron: string; readonly timezone: string | null}
	| {readonly cadenceSeconds: number};

export type ExportTarget = {
	readonly from:
		| {readonly object: string; readonly filterGroup: string | null; readonly fields: readonly string[]}
		/** `file` is its path as shown in errors, relative to the workspace. */
		| {readonly sql: string; readonly file: string};
	readonly format: 'csv' | 'xlsx' | 'jsonl' | 'parquet';
	/** An absolute path; what stands in braces is filled in by each execution (export-path.ts). */
	readonly to: string;
	/** How the text of a CSV is written; absent in the snapshot of an execution of an older version. */
	readonly csv?: CsvFormat;
};

/** A connector that has been read and checked: every name in it exists, every default is filled in. */
export type Connector = {
	readonly apiName: string;
	readonly name: string;
	readonly description: string | null;
	readonly operation: 'import' | 'export';
	readonly type: ConnectorType | null;
	/** The primary object. */
	readonly object: string | null;
	/** Absolute path of the reference file. */
	readonly sampleFile: string | null;
	/** How its input files are read. */
	readonly read: ReadOptions;
	/** Absent where SQL is off; `file` is its path as shown in errors, relative to the workspace. */
	readonly sql: {readonly text: string; readonly file: string} | null;
	readonly sqlParameters: Readonly<Record<string, string>>;
	readonly secrets: readonly string[];
	readonly referenceData: readonly ReferenceData[];
	readonly variables: readonly Variable[];
	readonly additionalVariables: readonly AdditionalVariable[];
	readonly diffCheck: boolean;
	readonly loadSteps: readonly LoadStep[];
	readonly settings: ConnectorSettings;
	readonly schedule: Schedule | null;
	readonly source: Source | null;
	readonly webhook: WebhookIntake | null;
	readonly export: ExportTarget | null;
	/** The engine version the connector is pinned to, such as `26.7`. */
	readonly engine: string | null;
};

/** The scopes that variables and load steps speak of, in the order they first appear in. */
export function scopesOf({variables, loadSteps}: Pick<Connector, 'variables' | 'loadSteps'>): readonly string[] {
	return [...new Set([...variables.map(({scope}) => scope), ...loadSteps.map(({scope}) => scope)])];
}

/** The objects that a run of the connector writes, or that an export reads by name. */
export function objectsOf({loadSteps, export: target}: Pick<Connector, 'loadSteps' | 'export'>): readonly string[] {
	if (target && 'object' in target.from) return [target.from.object];
	return [...new Set(loadSteps.map(({object}) => object))];
}
