import type {ConnectorType} from '../../model/connector.js';
import {identifier} from '../../model/sql-text.js';
import {keptDatabase, readableDatabases} from './access.js';
import {addSchedule, type InputPage, inputNames, loadInput} from './input-tables.js';
import {type CurrentExecution, loadMeta} from './meta-tables.js';
import {loadReferences, type OnLost, type ReferenceRecords} from './reference-tables.js';
import {addWebhooks, type WebhookReading} from './webhook-table.js';
import type {SqlWorker} from './worker-session.js';

/** Everything a script finds when it begins. */
export type DatabaseContents = {
	readonly type: ConnectorType | null;
	/** The input's pages in their order; `name` is the file's or sheet's. */
	readonly pages: readonly (InputPage & {readonly name: string})[];
	/** The table names of the sample's pages, by position (SPEC 5.1); empty where there is no sample. */
	readonly sampleTableNames: readonly (readonly string[])[];
	readonly references: readonly ReferenceRecords[];
	/** Hears of values of the references that SQL cannot hold. */
	readonly onLost?: OnLost;
	readonly execution: CurrentExecution;
	readonly parameters: Readonly<Record<string, string>>;
	/** What will be run on them; without it every page is loaded. */
	readonly script?: string;
	/** How the bodies of a webhook are read; one event a body unless told otherwise. */
	readonly webhook?: Partial<Pick<WebhookReading, 'events' | 'onWarning'>>;
};

/** The tables of a connector type's one page: its rows as they came, beside the typed table that SQL is written for. */
const rawTables: Readonly<Partial<Record<ConnectorType, string>>> = {webhook: 'webhooks_raw', schedule: 'schedule_raw'};

/**
 * Empties the execution's databases and creates them anew: `input`, `kizen`, `records`, `meta`, `connector`, `output`, and `run` for what is
 * kept. The worker is in `trusted` mode.
 */
export async function createDatabases(worker: SqlWorker): Promise<void> {
	for (const name of [...readableDatabases, keptDatabase, 'run']) {
		await worker.execute(`DROP DATABASE IF EXISTS ${identifier(name)} SYNC`);
		await worker.execute(`CREATE DATABASE ${identifier(name)}`);
	}
}

/** Builds and fills the databases of SPEC 5.1. The worker is in `trusted` mode. */
export async function buildDatabases(worker: SqlWorker, contents: DatabaseContents): Promise<void> {
	await createDatabases(worker);
	const raw = contents.type === null ? undefined : rawTables[contents.type];
	const pages = raw === undefined ? contents.pages : contents.pages.map((page) => ({...page, tableNames: [raw]}));
	const sample = raw === undefined ? contents.sampleTableNames : [];
	// why not a raw table's: its typed one is made of it, which is another reading
	await loadInput(worker, pages, sample, raw === undefined ? (contents.script ?? null) : null);
	if (contents.type === 'webhook') {
		const [page] = contents.pages;
		const hasHeaders = page?.columns.includes('headers') ?? false;
		await addWebhooks(worker, {name: page?.name ?? '', hasHeaders, events: 'value', onWarning: () => undefined, ...contents.webhook});
	}
	if (contents.type === 'schedule') await addSchedule(worker);
	await loadReferences(worker, contents.references, contents.onLost ?? (() => undefined));
	const {tables, aliases} = inputNames(pages, sample);
	const files = new Map(tables.map(({main}, index) => [main, contents.pages[index]?.name ?? '']));
	const named = [...tables.map(({main}) => ({name: main, table: main})), ...aliases];
	await loadMeta(
		worker,
		contents.execution,
		contents.parameters,
		named.map(({name, table}) => ({table: name, file: files.get(table) ?? ''})),
	);
}
