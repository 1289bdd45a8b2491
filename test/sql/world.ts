import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach} from 'vitest';
import type {Secrets} from '../../source/engine/sql/collections.js';
import {buildDatabases, type DatabaseContents} from '../../source/engine/sql/databases.js';
import {runScript} from '../../source/engine/sql/run-script.js';
import {probeWalls} from '../../source/engine/sql/sandbox/probe-walls.js';
import type {WallKind} from '../../source/engine/sql/sandbox/wall.js';
import {type KeptOutput, keepOutputs} from '../../source/engine/sql/store-outputs.js';
import {type SqlWorker, startWorker} from '../../source/engine/sql/worker-session.js';
import {toSluiceError} from '../../source/model/errors.js';
import {defaultLimits, type Limits} from '../../source/model/limits.js';

const ends: (() => Promise<void>)[] = [];

afterEach(async () => {
	for (const end of ends.splice(0)) await end();
});

/** A folder of its own for one test, gone when the test has ended. */
export function newFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), 'sluice-sql-test-'));
	ends.push(async () => rmSync(folder, {recursive: true, force: true, maxRetries: 20, retryDelay: 100}));
	return folder;
}

/** Whether this machine can build a second wall. */
export async function canSandbox(): Promise<boolean> {
	return (await probeWalls()).standing !== null;
}

/** What the SQL of a test is held by besides the guard; `none`: nothing. */
export type Setting = WallKind | 'none';

/** The reason to skip a test that is about a wall which this machine cannot build; null when it can. */
export async function reasonToSkip(setting: Setting): Promise<string | null> {
	if (setting === 'none') return null;
	const {standing, fallen} = await probeWalls([setting]);
	return standing === null ? `This machine has no ${setting}: ${fallen.map(({reason}) => reason).join()}` : null;
}

/** A worker behind exactly this wall. */
export function walledWorker(setting: Setting, secrets: Secrets = {}, folder = newFolder()): Promise<SqlWorker> {
	if (setting === 'none') return newWorker({sqlSandbox: 'off'}, secrets, folder);
	return newWorker({sqlSandbox: 'required'}, secrets, folder, [setting]);
}

/** A worker that ends with its test. */
export async function newWorker(
	limits: Partial<Limits> = {},
	secrets: Secrets = {},
	folder = newFolder(),
	sandboxKinds?: readonly WallKind[],
	timezone = 'UTC',
): Promise<SqlWorker> {
	const worker = await startWorker({
		folder,
		limits: {...defaultLimits, ...limits},
		timezone,
		secrets,
		...(sandboxKinds ? {sandboxKinds} : {}),
	});
	ends.unshift(() => worker.kill());
	return worker;
}

/** A page from rows of text, as intake would hand it over; lines count from 2. */
export function page(name: string, columns: readonly string[], rows: readonly (readonly (string | null)[])[] = []) {
	const tuples = rows.map((row, index) => `(${[index + 2, ...row.map((cell) => (cell === null ? 'NULL' : `'${cell}'`))].join(', ')})`);
	const structure = ['_line UInt64', ...columns.map((column) => `${column} Nullable(String)`)].join(', ');
	const empty = `SELECT * FROM null('${structure}')`;
	const select = rows.length === 0 ? empty : `SELECT * FROM values('${structure}', ${tuples.join(', ')})`;
	return {name: `${name}.csv`, tableNames: [`${name}_csv`, name], columns, select};
}

export const execution: DatabaseContents['execution'] = {
	connectorId: 'vendor_products',
	executionId: '01975f3a-0000-7000-8000-000000000001',
	triggerType: 'manual',
	triggeredBy: 'ann',
	isDryRun: false,
	fileName: 'records.csv',
	fileSizeBytes: 1234,
	cadenceSeconds: null,
	timeframeStart: null,
};

export async function build(worker: SqlWorker, contents: Partial<DatabaseContents> = {}): Promise<SqlWorker> {
	const nothing = {type: 'spreadsheet', pages: [], sampleTableNames: [], references: [], parameters: {}} as const;
	await buildDatabases(worker, {...nothing, execution, ...contents});
	return worker;
}

export const file = 'connectors/vendor_products/transform.sql';

/** Runs a script and keeps its outputs. */
export async function run(worker: SqlWorker, text: string): Promise<readonly KeptOutput[]> {
	await runScript(worker, {text, file});
	return await keepOutputs(worker);
}

/** The error that a script ends with, as people get it. */
export async function failure(worker: SqlWorker, text: string) {
	try {
		await runScript(worker, {text, file});
	} catch (error) {
		return toSluiceError(error).toJSON();
	}
	throw new Error(`The script ran: ${text}`);
}

export function write(folder: string, name: string, text: string): string {
	const path = join(folder, name);
	writeFileSync(path, text);
	return path;
}
