import type {InputText} from '../../model/input-text.js';
import {unreachable} from '../../model/unreachable.js';
import {fileBytes, inflated} from '../intake/bytes.js';
import {Parts} from '../intake/excel/parts.js';
import {ExpansionBudget} from '../intake/expansion-budget.js';
import {jsonLine} from '../intake/line/json-line.js';
import {sheetLines} from '../intake/line/sheet-line.js';
import {textLine} from '../intake/line/text-line.js';
import {type Input, openInput} from '../intake/open-input.js';
import {baseName} from '../intake/page-names.js';
import {readParquetRow} from '../intake/parquet/read-parquet.js';
import {encodeCell} from '../intake/row-writer.js';
import {entryBytes, openArchive} from '../intake/zip/archive.js';
import {csvMembers} from '../intake/zip/members.js';
import type {ShortTask} from '../protocol.js';

type LineTask = Extract<ShortTask, {task: 'line'}>;

/**
 * What the input file holds on a line, read again: each page once, streamed, and no further than the line (SPEC 0: from input line to
 * field value). Of several pages that have the line, the row's own is not known: its line is a number alone.
 *
 * @throws SluiceError `intake.*`
 */
export async function inputLine(task: LineTask): Promise<InputText> {
	const {line, limits} = task;
	const input = await openInput(task.input.path, task.input.name, limits.maxInputBytes);
	const {texts, note} = await linesOf(input, task);
	if (note !== null) return {texts, note};
	if (texts.length === 0) return {texts, note: `${input.name} has no line ${line} that holds anything`};
	if (texts.length === 1) return {texts, note: null};
	return {texts, note: `${texts.length} pages of ${input.name} have a line ${line}, and the row does not tell of which it is`};
}

async function linesOf(input: Input, task: LineTask): Promise<InputText> {
	const {path, name, kind, sizeBytes} = input;
	const {line, limits, read} = task;
	const budget = new ExpansionBudget(name, limits.maxInputBytes);
	switch (kind) {
		case 'csv':
			return only(name, await textLine(fileBytes(path, name), line, read.encoding));
		case 'gzip':
			return only(
				name,
				await textLine(inflated({path, name, kind: 'gzip', count: () => budget.counter(name, sizeBytes)}), line, read.encoding),
			);
		case 'json':
			return await jsonLine(fileBytes(path, name), name, line, read.encoding);
		case 'excel':
			return {texts: await sheetLines(await Parts.open(path, name, budget), line, read), note: null};
		case 'zip': {
			const archive = await openArchive(path, name);
			const {pages} = csvMembers(archive);
			budget.declare(pages);
			const texts: {page: string; text: string}[] = [];
			for (const entry of pages) {
				const text = await textLine(await entryBytes(archive, entry, budget), line, read.encoding);
				if (text !== null) texts.push({page: baseName(entry.name), text});
			}
			return {texts, note: null};
		}
		case 'parquet':
			return only(name, await parquetLine(input, line));
		default:
			return unreachable(kind);
	}
}

function only(page: string, text: string | null): InputText {
	return {texts: text === null ? [] : [{page, text}], note: null};
}

/** A row of a Parquet file: its cells as SQL saw them, between commas. */
async function parquetLine({path, name}: Input, line: number): Promise<string | null> {
	const cells = await readParquetRow(path, name, line);
	return cells === null ? null : cells.map((cell) => (cell === null ? '' : encodeCell(cell))).join(',');
}
