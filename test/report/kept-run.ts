import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, afterEach, beforeAll, beforeEach} from 'vitest';
import type {Connector} from '../../source/model/connector.js';
import type {Execution, Stage} from '../../source/model/execution.js';
import type {FieldType} from '../../source/model/field-type.js';
import type {LoadStep} from '../../source/model/load-step.js';
import type {Field, ObjectDefinition} from '../../source/model/object.js';
import {noCounts} from '../../source/model/outcome.js';
import {defaultReadOptions} from '../../source/model/read-options.js';
import {identifier, keptTable} from '../../source/model/sql-text.js';
import type {Variable} from '../../source/model/variable.js';
import {type ChdbSession, openChdbSession} from '../support/chdb-session.js';

/** One engine a test file, its tables dropped after each test, and a folder for the execution. */
export function keptRun(): {session: ChdbSession; folder: string} {
	const used = {} as {session: ChdbSession; folder: string};
	beforeAll(async () => {
		used.session = openChdbSession();
		await used.session.execute('SET max_query_size = 1000000000, max_ast_elements = 100000');
	});
	beforeEach(() => {
		used.folder = mkdtempSync(join(tmpdir(), 'sluice-report-'));
	});
	afterEach(async () => {
		rmSync(used.folder, {recursive: true, force: true});
		for (const {name} of await used.session.rows<{name: string}>("SELECT name FROM system.tables WHERE database = 'run'"))
			await used.session.execute(`DROP TABLE ${keptTable(name)} SYNC`);
	});
	afterAll(() => used.session.close());
	return used;
}

type Value = unknown;

/** Creates a table and fills it; `columns` are `name: type`, rows stand in the columns' order. */
export async function keep(
	session: ChdbSession,
	table: string,
	columns: Readonly<Record<string, string>>,
	rows: readonly (readonly Value[])[],
): Promise<void> {
	const names = Object.keys(columns);
	await session.execute(
		`CREATE TABLE ${keptTable(table)} (${names.map((name) => `${identifier(name)} ${columns[name]}`).join(', ')}) ENGINE = MergeTree ORDER BY __row`,
	);
	if (rows.length > 0)
		await session.insert(
			keptTable(table),
			names,
			names.map((_, column) => rows.map((row) => row[column])),
		);
}

const text = 'Nullable(String)';
export const textColumns = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, text]));

/** `sql:<table>` of text columns: rows number themselves, lines start below the header. */
export async function keepSql(
	session: ChdbSession,
	table: string,
	columns: Readonly<Record<string, string>>,
	rows: readonly (readonly Value[])[],
): Promise<void> {
	await keep(
		session,
		`sql:${table}`,
		{__row: 'UInt64', __line: 'Nullable(UInt64)', ...columns},
		rows.map((row, index) => [index + 1, index + 2, ...row]),
	);
}

export type VariablesRow = {
	state?: string;
	reason?: string;
	problems?: readonly string[];
	warnings?: readonly string[];
	values: readonly (string | null)[];
};

export async function keepVariables(
	session: ChdbSession,
	scope: string,
	names: readonly string[],
	rows: readonly VariablesRow[],
): Promise<void> {
	const ours = {
		__row: 'UInt64',
		__line: 'Nullable(UInt64)',
		__state: 'String',
		__reason: text,
		__problems: 'Array(String)',
		__notes: 'Array(String)',
		__warnings: 'Array(String)',
		__hash: 'FixedString(16)',
	};
	await keep(
		session,
		`variables:${scope}`,
		{...ours, ...textColumns(...names)},
		rows.map((row, index) => [
			index + 1,
			index + 2,
			row.state ?? 'ok',
			row.reason ?? null,
			row.problems ?? [],
			[],
			row.warnings ?? [],
			'',
			...row.values,
		]),
	);
}

export type LoadRow = {
	outcome: string;
	reason?: string;
	warnings?: readonly string[];
	id?: string;
	record?: string;
	rule?: number;
	changes?: Readonly<Record<string, readonly [unknown, unknown]>>;
	line?: number | null;
	values: readonly (string | null)[];
};

export async function keepLoad(session: ChdbSession, step: number, fields: readonly string[], rows: readonly LoadRow[]): Promise<void> {
	const ours = {
		__row: 'UInt64',
		__line: 'Nullable(UInt64)',
		__outcome: 'LowCardinality(String)',
		__reason: text,
		__warnings: 'Array(String)',
		__record_id: text,
		__record: text,
		__rule: 'Nullable(UInt16)',
		__changes: 'String',
	};
	await keep(
		session,
		`load:${step}`,
		{...ours, ...textColumns(...fields)},
		rows.map((row, index) => [
			index + 1,
			row.line === undefined ? index + 2 : row.line,
			row.outcome,
			row.reason ?? null,
			row.warnings ?? [],
			row.id ?? null,
			row.record ?? null,
			row.rule ?? null,
			row.changes ? JSON.stringify(row.changes) : '',
			...row.values,
		]),
	);
}

export function field(apiName: string, type: FieldType, more: Partial<Field> = {}): Field {
	const multiple = type === 'checkboxes' || type === 'dynamic_tags';
	return {apiName, name: apiName, type, identifier: false, required: false, unique: false, options: [], object: null, multiple, ...more};
}

export const contacts: ObjectDefinition = {
	apiName: 'contacts',
	name: 'Contacts',
	fields: [
		field('email', 'email', {identifier: true}),
		field('name', 'text'),
		field('age', 'integer'),
		field('balance', 'money'),
		field('active', 'checkbox'),
		field('born', 'date'),
		field('seen', 'datetime'),
		field('topics', 'dynamic_tags'),
		field('tier', 'dropdown'),
	],
	filterGroups: [],
};

export function variable(name: string, type: Variable['type'] = 'string', more: Partial<Variable> = {}): Variable {
	const base = {scope: 'people', from: {column: name}, array: false, delimiter: ',', required: false} as const;
	return {name, type, ...base, inputFormat: null, outputFormat: null, decimalComma: false, ...more};
}

export function step(more: Partial<LoadStep> = {}): LoadStep {
	return {
		name: 'Contacts',
		object: 'contacts',
		scope: 'people',
		matching: [
			{
				field: 'email',
				variable: 'email',
				noMatch: 'create_new',
				singleMatch: 'update_current',
				multipleMatch: 'do_not_upload',
				archivedMatch: 'unarchive_and_update',
			},
		],
		mapping: [{field: 'email', variables: ['email'], join: ' ', conflict: 'overwrite', createOptions: false}],
		exposeAs: null,
		automations: {onCreate: [], onUpdate: [], suppressTriggers: false},
		...more,
	};
}

export function connector(more: Partial<Connector> = {}): Connector {
	return {
		apiName: 'people_file',
		name: 'People file',
		description: null,
		operation: 'import',
		type: 'spreadsheet',
		object: 'contacts',
		sampleFile: null,
		read: defaultReadOptions,
		sql: {text: 'SELECT 1', file: 'connectors/people_file/transform.sql'},
		sqlParameters: {},
		secrets: [],
		referenceData: [],
		variables: [variable('email')],
		additionalVariables: [],
		diffCheck: false,
		loadSteps: [step()],
		settings: {
			maxConcurrentExecutions: 1,
			chunkSize: 5000,
			notificationEmails: [],
			notifyOn: ['failed', 'warning'],
			notifyStarter: true,
			executionEndedWebhook: null,
			stopAfter: null,
			keepExecutionsDays: 90,
		},
		schedule: null,
		source: null,
		webhook: null,
		export: null,
		engine: null,
		...more,
	};
}

export function stage(name: Stage['stage'], more: Partial<Stage> = {}): Stage {
	const blank = {object: null, scope: null, rows: null, chunks: null, chunks_done: null, created: null, updated: null, skipped: null};
	return {stage: name, name, ...blank, state: 'completed', errored: null, warnings: null, started_at: null, ended_at: null, ...more};
}

export function execution(more: Partial<Execution> = {}): Execution {
	return {
		id: '01939f3e-0000-7000-8000-000000000001',
		connector: 'people_file',
		operation: 'import',
		objects: ['contacts'],
		mode: 'live',
		status: 'completed',
		waiting_for: null,
		input_file: 'people.csv',
		rows: {input: 3, by_scope: {people: 3}},
		counts: noCounts,
		stages: [],
		artifacts: {input: null, sql_output: null, report: null},
		queued_at: '2026-11-20T10:00:00.000Z',
		started_at: '2026-11-20T10:00:01.000Z',
		ended_at: '2026-11-20T10:00:03.500Z',
		started_by: 'ann',
		cleared_at: null,
		engine: 'chdb 26.7.2.1',
		walls: ['guard', 'sandbox'],
		warnings: [],
		error: null,
		acknowledged_at: null,
		...more,
	};
}
