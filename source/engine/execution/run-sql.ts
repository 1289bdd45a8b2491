import {statSync} from 'node:fs';
import {join} from 'node:path';
import {SluiceError} from '../../model/errors.js';
import {keptTable, rowNotesTable, scopeNotesTable, writtenOnce} from '../../model/sql-text.js';
import {windowOfFile} from '../../model/webhook-window.js';
import {failpoint} from '../../platform/failpoint.js';
import {ExpansionBudget} from '../intake/expansion-budget.js';
import type {Page} from '../intake/page.js';
import {notesSelect, pageAsTable, pageSelect, surplusSelect} from '../intake/page-select.js';
import {rewriteParquet} from '../intake/parquet/read-parquet.js';
import {severalPages} from '../intake/several-pages.js';
import type {ExecutionJob} from '../protocol.js';
import {buildDatabases, createDatabases} from '../sql/databases.js';
import {dropScratch} from '../sql/drop-scratch.js';
import {checkEnginePin} from '../sql/engine-pin.js';
import {namesOfPages} from '../sql/input-tables.js';
import {keepPage} from '../sql/keep-page.js';
import type {CurrentExecution} from '../sql/meta-tables.js';
import {outputPages} from '../sql/output-pages.js';
import type {ReferenceRecords} from '../sql/reference-tables.js';
import {runScript, type ScriptListener} from '../sql/run-script.js';
import {splitStatements} from '../sql/split-statements.js';
import {type KeptOutput, keepOutputs} from '../sql/store-outputs.js';
import {keepBodyNotes} from '../sql/webhook-table.js';
import type {SqlWorker} from '../sql/worker-session.js';
import {withLeftOutSheets} from './left-out-sheets.js';
import type {ExecutionProgress} from './progress.js';
import {sampleTableNames} from './read-pages.js';

/**
 * Stage `sql`: the pages become output tables, kept as `` run.`sql:<table>` `` (SPEC 5). With SQL off the one page is the scope `input`.
 *
 * @param onChecked hears of each statement before it runs
 * @throws SluiceError `sql.*`, with the place in the script
 */
export async function transform(
	job: ExecutionJob,
	pages: readonly Page[],
	references: readonly ReferenceRecords[],
	worker: SqlWorker,
	progress: ExecutionProgress,
	onChecked?: ScriptListener['onChecked'],
): Promise<readonly KeptOutput[]> {
	const {connector} = job;
	progress.begin('sql');
	checkEnginePin(connector.engine, worker.engine);
	const outputs = connector.sql
		? await runSql(job, pages, references, worker, progress, onChecked)
		: [await keepOnlyPage(job, pages, worker, progress)];
	for (const {table, rows} of outputs) progress.scopeRows(table, rows);
	progress.end(
		'sql',
		'completed',
		outputs.reduce((sum, {rows}) => sum + rows, 0),
	);
	return outputs;
}

async function runSql(
	job: ExecutionJob,
	pages: readonly Page[],
	references: readonly ReferenceRecords[],
	worker: SqlWorker,
	progress: ExecutionProgress,
	onChecked: ScriptListener['onChecked'],
): Promise<readonly KeptOutput[]> {
	const {connector} = job;
	const script = connector.sql ?? {text: '', file: ''};
	const sample = await sampleTableNames(connector, job.limits.maxInputBytes);
	const inputPages = pages.map((page) => ({
		name: page.name,
		tableNames: page.tableNames,
		columns: page.columns,
		select: pageSelect(page),
		otherSelect: otherSelect(job, page, progress),
		checkRows: checkRows(page, progress),
		surplus: surplusSelect(page),
		// why not over the limit: of a file the engine notices that only a block later
		asTable: page.rows > job.limits.sqlRows ? null : pageAsTable(page),
	}));
	await buildDatabases(worker, {
		type: connector.type,
		pages: inputPages,
		sampleTableNames: sample,
		references,
		execution: currentExecution(job),
		parameters: connector.sqlParameters,
		script: script.text,
		onLost: (warning) => progress.warn({stage: 'sql', ...warning}),
		webhook: {
			events: connector.webhook?.events ?? 'value',
			onWarning: (warning) => progress.warn({stage: 'sql', ...warning}),
		},
	});
	if (connector.type === 'webhook') await keepBodyNotes(worker, pages[0] ? notesSelect(pages[0]) : null);
	else await keepNotes(pages, worker);
	await keepScopeNotes(pages, namesOfPages(inputPages, sample), script.text, worker);
	await runScript(worker, script, {
		onStatement: ({number, of, line}) => progress.log('info', 'sql', `statement ${number} of ${of}, ${script.file}:${line}`),
		...(onChecked && {onChecked}),
	}).catch((error: unknown) => {
		throw withLeftOutSheets(error, pages);
	});
	failpoint('runner.sql.ended');
	const outputs = await keepOutputs(worker);
	await dropScratch(worker);
	return outputs;
}

async function keepOnlyPage(
	job: ExecutionJob,
	pages: readonly Page[],
	worker: SqlWorker,
	progress: ExecutionProgress,
): Promise<KeptOutput> {
	const [page] = pages;
	if (!page || pages.length > 1) {
		throw severalPages(job.input.name, pages);
	}
	await createDatabases(worker);
	await keepNotes(pages, worker);
	return keepPage(worker, {
		columns: page.columns,
		select: pageSelect(page),
		otherSelect: otherSelect(job, page, progress),
		checkRows: checkRows(page, progress),
	});
}

/** Every row of the input is loaded: of a Parquet file as many as its footer says, of another page as many as intake wrote. */
function checkRows({name, rows, format}: Page, progress: ExecutionProgress): (loaded: number) => void {
	return (loaded) => {
		if (loaded === rows) return;
		progress.goBack('intake', 'sql');
		const [says, cure] =
			format.kind === 'parquet'
				? ['its footer says that it has', 'Write the file again with the program it comes from.']
				: ['intake has read', 'Run the file again; if it happens twice, report it with the file.'];
		throw new SluiceError('intake.corrupt', `${name}: ${says} ${rows} rows, and ${loaded} could be loaded`, {
			where: name,
			expected: `${rows} rows`,
			cure,
		});
	};
}

/** The second way to a Parquet file that the engine cannot read. What is wrong with the file is then an error of the stage `intake`. */
function otherSelect({folder, limits}: ExecutionJob, page: Page, progress: ExecutionProgress): (() => Promise<string>) | undefined {
	if (page.format.kind !== 'parquet') return undefined;
	return async () => {
		try {
			const onBytes = new ExpansionBudget(page.name, limits.maxInputBytes).counter(page.name, Number.POSITIVE_INFINITY);
			return pageSelect(await rewriteParquet(page, join(folder, 'pages', 'page-0.csv'), onBytes));
		} catch (error) {
			progress.goBack('intake', 'sql');
			throw error;
		}
	};
}

/** The warnings that stand on single rows of an input with one page, as `` run.`intake:notes` `` by line. */
async function keepNotes([page, ...others]: readonly Page[], worker: SqlWorker): Promise<void> {
	if (page && others.length === 0) await keepNotesOf(page, rowNotesTable, worker);
}

/**
 * The same for an input with several pages, as `` run.`intake:notes:<scope>` ``. A line does not tell its page there, so that only a scope whose
 * rows all come from one page has them; the run's warnings name them all the same.
 */
async function keepScopeNotes(
	pages: readonly Page[],
	names: readonly (readonly string[])[],
	script: string,
	worker: SqlWorker,
): Promise<void> {
	if (pages.length < 2 || pages.every(({notes}) => !notes)) return;
	for (const [scope, index] of outputPages(splitStatements(script), names)) {
		const page = pages[index];
		if (page) await keepNotesOf(page, scopeNotesTable(scope), worker);
	}
}

async function keepNotesOf(page: Page, table: string, worker: SqlWorker): Promise<void> {
	const select = notesSelect(page);
	if (select) await worker.execute(`CREATE TABLE ${keptTable(table)} ${writtenOnce('line')} AS ${select}`);
}

/** What `meta.current_execution` says. */
export function currentExecution({connector, id, triggeredBy, startedBy, mode, input}: ExecutionJob): CurrentExecution {
	const window = connector.type === 'webhook' ? windowOfFile(input.name) : null;
	const cadence =
		window?.seconds ??
		connector.webhook?.cadenceSeconds ??
		(connector.schedule && 'cadenceSeconds' in connector.schedule ? connector.schedule.cadenceSeconds : null);
	return {
		connectorId: connector.apiName,
		executionId: id,
		triggerType: triggeredBy,
		triggeredBy: startedBy,
		isDryRun: mode === 'dry',
		fileName: input.name,
		fileSizeBytes: input.path === '' ? 0 : statSync(input.path).size,
		cadenceSeconds: cadence,
		timeframeStart: window?.startSeconds ?? null,
	};
}
