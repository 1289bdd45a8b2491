import {SluiceError} from '../../../model/errors.js';
import type {ReadOptions} from '../../../model/read-options.js';
import {spelledOut} from '../../../text/visible.js';
import {flushBytes, maxColumns} from '../bounds.js';
import type {Bytes} from '../bytes.js';
import {cleanHeaders} from '../header.js';
import type {IntakeWarning, Page, PageHead} from '../page.js';
import {PageFile} from '../page-file.js';
import type {PageListener} from '../page-listener.js';
import {mostPlainDigits} from '../plain-number.js';
import {notesFile, RowNotes} from '../row-notes.js';
import {RowWarnings} from '../row-warnings.js';
import {RowWriter, writtenDelimiter} from '../row-writer.js';
import {headAsUtf8, readAsUtf8} from '../text/utf8-bytes.js';
import {type JsonObject, JsonObjects} from './json-objects.js';
import {type Members, membersOf} from './members.js';
import {WrappedRows} from './wrapped-rows.js';

export type JsonTarget = {
	readonly name: string;
	readonly tableNames: readonly string[];
	readonly file: string;
	readonly read: Pick<ReadOptions, 'encoding'>;
};

type Pass = {
	readonly keys: readonly string[];
	readonly complete: boolean;
	readonly rows: number;
	readonly warnings: readonly IntakeWarning[];
	readonly notes: string | null;
};

/**
 * Reads objects into a page: an array of them, one a line, or a single one (SPEC 4). Columns are the keys in the order they first appear.
 *
 * @throws SluiceError `intake.json`, `intake.truncated`, `intake.empty` without any key, `intake.too_wide`
 */
export async function readJson(source: Bytes, target: JsonTarget, listener: PageListener): Promise<Page> {
	const {keys, rows, warnings, notes} = await readAsUtf8(source, target.read.encoding, listener, async ({bytes}) => {
		// A key that first appears after rows have been written means another pass, with all keys known from the start.
		const first = await writeRows(bytes, target, [], listener);
		return first.complete ? first : await writeRows(bytes, target, first.keys, {...listener, onRows: () => {}});
	});
	if (keys.length === 0) throw empty(target.name);
	for (const warning of warnings) listener.onWarning(warning);
	if (rows === 0) listener.onWarning({message: `${target.name} has keys and no values`});
	const {name, tableNames, file} = target;
	const format = {kind: 'csv', delimiter: writtenDelimiter} as const;
	return {name, tableNames, file, headers: keys, columns: cleanHeaders(keys), rows, format, notes};
}

async function writeRows(bytes: Bytes, {name, file}: JsonTarget, known: readonly string[], {onRows, onBytes}: PageListener): Promise<Pass> {
	const objects = new JsonObjects(name);
	const keys = new Set(known);
	const repeated = new RowWarnings(`of ${name} have a key more than once`);
	const unexpanded = new RowWarnings(`of ${name} have a number that is too long without its exponent`);
	const halved = new RowWarnings(`of ${name} have half of a character`);
	const notes = new RowNotes(notesFile(file), name, onBytes);
	const wrapped = new WrappedRows(name);
	const writer = new RowWriter(name);
	let complete = true;
	let told = 0;
	const out = await PageFile.create(file, onBytes);
	try {
		for await (const piece of bytes.open()) await take(objects.write(piece));
		await take(objects.end());
		await out.write(writer.take());
		await out.finish();
		onRows(writer.rows - told);
		const warnings: IntakeWarning[] = objects.isArray ? [] : [...wrapped.warnings()];
		for (const kind of [repeated, unexpanded, halved]) kind.tell((warning) => warnings.push(warning));
		return {keys: [...keys], complete, rows: writer.rows, warnings, notes: await notes.finish()};
	} finally {
		await Promise.all([out.close(), notes.close()]);
	}

	async function take(found: Iterable<JsonObject>): Promise<void> {
		for (const object of found) {
			row(object);
			if (writer.waiting < flushBytes) continue;
			await out.write(writer.take());
			await notes.flush();
			onRows(writer.rows - told);
			told = writer.rows;
		}
	}

	function row(object: JsonObject): void {
		const members = parse(object, name);
		for (const key of members.repeated) {
			repeated.add(
				object.line,
				`${name}, line ${object.line}: the key ${spelledOut(JSON.stringify(key))} comes more than once; its last value counts`,
			);
		}
		wrapped.look(object, members);
		const before = keys.size;
		for (const key of members.cells.keys()) keys.add(key);
		if (keys.size > maxColumns) throw tooWide(name, object.line);
		if (keys.size > before && writer.rows > 0) complete = false;
		if (!complete || [...members.cells.values()].every((cell) => cell === null)) return;
		for (const key of members.unexpanded) {
			const warning = `${name}, line ${object.line}: the number of the key ${spelledOut(JSON.stringify(key))} has more than ${mostPlainDigits} digits without its exponent; it is kept as it is written`;
			unexpanded.add(object.line, warning);
			notes.warn(object.line, warning);
		}
		for (const key of members.halves) {
			const warning = `${name}, line ${object.line}: the text of the key ${spelledOut(JSON.stringify(key))} has half of a surrogate pair, which is no character; it is read as U+FFFD`;
			halved.add(object.line, warning);
			notes.warn(object.line, warning);
		}
		writer.begin(object.line);
		for (const key of keys) writer.cell(members.cells.get(key) ?? null);
		writer.end();
	}
}

/** The keys of the first object. Others may have more, so nothing is known to be missing. */
export async function peekJson(source: Bytes, {name, tableNames, read}: Omit<JsonTarget, 'file'>): Promise<PageHead | null> {
	const {head, whole} = await headAsUtf8(source, read.encoding);
	const objects = new JsonObjects(name);
	for (const object of objects.write(head)) {
		const headers = [...parse(object, name).cells.keys()];
		return {name, tableNames, headers, columns: cleanHeaders(headers)};
	}
	if (whole) for (const _ of objects.end()) break;
	return null;
}

function parse({text, line}: JsonObject, name: string): Members {
	try {
		return membersOf(text);
	} catch (error) {
		if (!(error instanceof SyntaxError)) throw error;
		throw new SluiceError(
			'intake.json',
			`${name}: the object that begins on line ${line} is not valid JSON: ${spelledOut(error.message)}`,
			{
				where: `${name}, line ${line}`,
				expected: 'JSON as RFC 8259 defines it: no NaN, no comments, no trailing commas',
			},
		);
	}
}

function empty(name: string): SluiceError {
	return new SluiceError('intake.empty', `${name} holds no object with a key, so that its columns are not known`, {
		where: name,
		expected: 'at least one object with a key',
		cure: 'Send no file where there are no rows, or a CSV, whose first line names the columns.',
	});
}

function tooWide(name: string, line: number): SluiceError {
	return new SluiceError('intake.too_wide', `${name} has more than ${maxColumns} different keys`, {
		where: `${name}, line ${line}`,
		expected: `at most ${maxColumns}`,
		cure: 'Send rows whose keys are the columns; a key a row is data.',
	});
}
