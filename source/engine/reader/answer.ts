import {access} from 'node:fs/promises';
import {unreachable} from '../../model/unreachable.js';
import {checkSubmission} from '../intake/check-submission.js';
import {placeWarnings} from '../intake/column-places.js';
import {plainLine} from '../intake/line/plain-line.js';
import {readInput} from '../intake/read-input.js';
import {refusalOf} from '../intake/refusal.js';
import {sampleBody} from '../intake/sample-body.js';
import {withSampleDelimiter} from '../intake/sample-delimiter.js';
import {severalPages} from '../intake/several-pages.js';
import {unusedOptions} from '../intake/unused-options.js';
import type {Answer, Ask, QuestionKind, ToReader} from './protocol.js';

/** Column names with more characters than this, all together, are not handed over. */
const mostColumnCharacters = 1_000_000;

const silent = {onLog: () => undefined, onWarning: () => undefined, onProgress: () => undefined};

/** @throws SluiceError `intake.*` */
export async function answerOf(question: ToReader): Promise<Answer<QuestionKind>> {
	switch (question.kind) {
		case 'check':
			return await check(question.ask);
		case 'sample':
			return await sample(question.ask);
		case 'columns':
			return await columnsOf(question.ask);
		case 'line':
			return await plainLine(question.ask.path, question.ask.line);
		case 'body':
			return await sampleBody(question.ask.path, question.ask.largestBytes);
		default:
			return unreachable(question);
	}
}

/** Whether the columns suffice is known only where the head of the file names them all. */
async function check(needs: Ask<'check'>): Promise<Answer<'check'>> {
	const {path, name, maxInputBytes} = needs;
	const read = await withSampleDelimiter(needs);
	const {pages, complete} = await checkSubmission(path, name, {maxInputBytes}, read);
	const refusal = pages && complete ? await refusalOf(pages, {...needs, read}) : null;
	if (refusal) throw refusal;
	const places = pages ? placeWarnings(pages, read.usedNames ?? []) : [];
	return [
		...unusedOptions(name, read).map((warning) => ({...warning, code: 'intake.unused_option' as const})),
		...places.map((warning) => ({...warning, code: 'intake.column_places' as const})),
	];
}

/** What only the whole file shows, such as a quote that is never closed, would fail every run on it. */
async function sample(needs: Ask<'sample'>): Promise<Answer<'sample'>> {
	const warnings = await check(needs);
	// A folder that was taken away must stay away.
	await access(needs.folder);
	const pages = await readInput({...needs, ...silent});
	if (pages.length > 1) throw severalPages(needs.name, pages);
	const refusal = await refusalOf(pages, needs);
	if (refusal) throw refusal;
	return {warnings, rows: pages.reduce((sum, {rows}) => sum + rows, 0)};
}

async function columnsOf({path, name, maxInputBytes, read}: Ask<'columns'>): Promise<Answer<'columns'>> {
	const {pages} = await checkSubmission(path, name, {maxInputBytes}, read);
	if (!pages) return null;
	const characters = pages.reduce((sum, page) => page.columns.reduce((more, column) => more + column.length, sum + page.name.length), 0);
	return characters > mostColumnCharacters ? null : pages.map((page) => ({name: page.name, columns: page.columns}));
}
