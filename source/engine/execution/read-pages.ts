import {basename} from 'node:path';
import type {Connector} from '../../model/connector.js';
import {SluiceError} from '../../model/errors.js';
import {failpoint} from '../../platform/failpoint.js';
import {checkSubmission} from '../intake/check-submission.js';
import {placeWarnings} from '../intake/column-places.js';
import {neededColumns} from '../intake/needed-columns.js';
import type {Page} from '../intake/page.js';
import {readInput} from '../intake/read-input.js';
import {readingOf} from '../intake/reading.js';
import {refusalOf} from '../intake/refusal.js';
import {withSampleDelimiter} from '../intake/sample-delimiter.js';
import {withWaitCure} from '../intake/taken-too-soon.js';
import {unusedOptions} from '../intake/unused-options.js';
import type {ExecutionJob} from '../protocol.js';
import type {ExecutionProgress} from './progress.js';

/** Stage `intake`: the input file becomes pages, and lacks nothing that a variable names (SPEC 4). @throws SluiceError `intake.*` */
export async function readPages(job: ExecutionJob, progress: ExecutionProgress): Promise<readonly Page[]> {
	try {
		return await readAll(job, progress);
	} catch (error) {
		throw error instanceof SluiceError && job.triggeredBy === 'source' ? withWaitCure(error, job.connector.source) : error;
	}
}

async function readAll(job: ExecutionJob, progress: ExecutionProgress): Promise<readonly Page[]> {
	progress.begin('intake');
	const {input, connector, limits} = job;
	const sample = connector.sampleFile;
	const read = await withSampleDelimiter({...input, maxInputBytes: limits.maxInputBytes, read: readingOf(connector), sample});
	const pages = await readInput({
		path: input.path,
		name: input.name,
		read,
		folder: job.folder,
		maxInputBytes: limits.maxInputBytes,
		onLog: (line) => progress.log('info', 'intake', line),
		onWarning: (warning) => progress.warn({stage: 'intake', ...warning}),
		onProgress: ({rows}) => {
			progress.readRows(rows);
			progress.tellSoon();
		},
	});
	failpoint('runner.input.read');
	const needs = {...input, maxInputBytes: limits.maxInputBytes, read, needed: neededColumns(connector), sample};
	const refusal = await refusalOf(pages, needs);
	if (refusal) throw refusal;
	for (const {message} of unusedOptions(input.name, read)) progress.warn({stage: 'intake', message});
	if (job.mode === 'dry') {
		// A live run refuses a file where they stand otherwise.
		for (const {message, cure} of placeWarnings(pages, read.usedNames ?? []))
			progress.warn({stage: 'intake', message: `${message}; ${cure}`});
	}
	const rows = pages.reduce((sum, page) => sum + page.rows, 0);
	progress.readRows(rows);
	progress.end('intake', 'completed', rows);
	failpoint('runner.pages.written');
	return pages;
}

/** The table names of the sample's pages, by position: SQL written for the sample runs on a file of another name (SPEC 5.1). */
export async function sampleTableNames(connector: Connector, maxInputBytes: number): Promise<readonly (readonly string[])[]> {
	const {sampleFile} = connector;
	if (sampleFile === null) return [];
	try {
		const {pages} = await checkSubmission(sampleFile, basename(sampleFile), {maxInputBytes}, readingOf(connector));
		return (pages ?? []).map(({tableNames}) => tableNames);
	} catch {
		// why: a sample that cannot be read any more is told by `validate`; the input's own names still work
		return [];
	}
}
