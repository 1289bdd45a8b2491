import {basename} from 'node:path';
import type {Connector} from '../model/connector.js';
import {failpoint} from './failpoint.js';
import {checkSubmission} from './intake/check-submission.js';
import {missingColumns} from './intake/compatible.js';
import {neededColumns} from './intake/needed-columns.js';
import type {Page} from './intake/page.js';
import {readInput} from './intake/read-input.js';
import type {ExecutionJob} from './job.js';
import type {ExecutionProgress} from './progress.js';

/** Stage `intake`: the input file becomes pages, and lacks nothing that a variable names (SPEC 4). @throws SluiceError `intake.*` */
export async function readPages(job: ExecutionJob, progress: ExecutionProgress): Promise<readonly Page[]> {
	progress.begin('intake');
	const pages = await readInput({
		path: job.input.path,
		name: job.input.name,
		read: job.connector.read,
		folder: job.folder,
		maxInputBytes: job.limits.maxInputBytes,
		onLog: (line) => progress.log('info', 'intake', line),
		onWarning: (warning) => progress.warn({stage: 'intake', ...warning}),
		onProgress: ({rows}) => {
			progress.readRows(rows);
			progress.tellSoon();
		},
	});
	failpoint('runner.input.read');
	const incompatible = missingColumns(job.input.name, pages, neededColumns(job.connector));
	if (incompatible) throw incompatible;
	const rows = pages.reduce((sum, page) => sum + page.rows, 0);
	progress.readRows(rows);
	progress.end('intake', 'completed', rows);
	failpoint('runner.pages.written');
	return pages;
}

/** The table names of the sample's pages, by position: SQL written for the sample runs on a file of another name (SPEC 5.1). */
export async function sampleTableNames({sampleFile, read}: Connector, maxInputBytes: number): Promise<readonly (readonly string[])[]> {
	if (sampleFile === null) return [];
	try {
		const {pages} = await checkSubmission(sampleFile, basename(sampleFile), {maxInputBytes}, read);
		return (pages ?? []).map(({tableNames}) => tableNames);
	} catch {
		// why: a sample that cannot be read any more is told by `validate`; the input's own names still work
		return [];
	}
}
