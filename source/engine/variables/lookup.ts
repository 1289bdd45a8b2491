import type {ColumnBlock, SqlSession} from '../../model/sql-session.js';
import {identifier, keptTable} from '../../model/sql-text.js';
import type {Locale} from '../protocol.js';
import {type Lookup, layerSettings, lookupColumns} from './compile-variables.js';
import {toE164} from './phone.js';
import type {PlannedVariable} from './planned-variable.js';
import {wallTimeNotes} from './wall-time-note.js';
import type {Zone} from './zone.js';

/** Keys answered at a time: some 10 MB, whatever the input. */
const pageRows = 20_000;

/**
 * Makes a lookup table and fills it: the distinct keys are numbered in a table of their own, read page by page, answered here and
 * written back, so that memory is flat for any number of them.
 */
export async function fillLookup(session: SqlSession, lookup: Lookup, zone: Zone, locale: Locale): Promise<void> {
	const keys = keptTable(`${lookup.table}:keys`);
	const table = keptTable(lookup.table);
	await dropLookup(session, lookup);
	const columns = [['key', 'String'], ...lookupColumns[lookup.kind]];
	await session.execute(
		`CREATE TABLE ${table} (${columns.map(([name, type]) => `${identifier(name)} ${type}`).join(', ')}) ENGINE = MergeTree ORDER BY key`,
	);
	await session.execute(`CREATE TABLE ${keys} (number UInt64, key String, elements Array(String)) ENGINE = MergeTree ORDER BY number`);
	await session.execute(
		`INSERT INTO ${keys} SELECT rowNumberInAllBlocks(), key, elements FROM (${lookup.keys}) SETTINGS ${layerSettings}, max_insert_threads = 1`,
	);
	const [counted] = await session.rows<{count: string | number}>(`SELECT count() AS count FROM ${keys}`);
	const count = Number(counted?.count ?? 0);
	const [asking] = lookup.variables;
	const answer = lookup.kind === 'day' || asking === undefined ? dayAnswer(zone) : textAnswer(elementReader(asking, zone, locale));
	const names = columns.map(([name]) => name);
	for (let from = 0; from < count; from += pageRows) {
		const page: (readonly unknown[])[] = [];
		const select = `SELECT key, elements FROM ${keys} WHERE number >= ${from} AND number < ${from + pageRows}`;
		for await (const [found = [], elements = []] of session.blocks(select)) {
			for (const [row, key] of found.entries()) page.push(answer(String(key), strings(elements[row])));
		}
		await session.insert(table, names, transposed(page, names.length));
	}
	await session.execute(`DROP TABLE ${keys} SYNC`);
}

/** Removes what `fillLookup` made: once the variables stand, nothing reads it. */
export async function dropLookup(session: SqlSession, {table}: Lookup): Promise<void> {
	await session.execute(`DROP TABLE IF EXISTS ${keptTable(table)} SYNC`);
	await session.execute(`DROP TABLE IF EXISTS ${keptTable(`${table}:keys`)} SYNC`);
}

type Answer = (key: string, elements: readonly string[]) => readonly unknown[];

function dayAnswer(zone: Zone): Answer {
	return (key) => {
		const pieces = zone.pieces(dayNumber(key));
		return [key, pieces.map(({start}) => start), pieces.map(({offset}) => offset), pieces.map(({kind}) => kind)];
	};
}

type ElementReader = {readonly array: boolean; readonly read: (element: string) => {value: string | null; note: string}};

function textAnswer({array, read}: ElementReader): Answer {
	return (key, elements) => {
		const answers = elements.map(read);
		const values = answers.flatMap(({value}) => (value === null ? [] : [value]));
		const value = values.length === 0 ? null : array ? JSON.stringify(values) : (values[0] ?? null);
		const note = answers.flatMap((answer) => (answer.note === '' ? [] : [answer.note])).join('; ');
		return [key, value, values.length < elements.length ? 1 : 0, note];
	};
}

function elementReader({type, array, name}: PlannedVariable, zone: Zone, locale: Locale): ElementReader {
	if (type === 'phone_number') return {array, read: (element) => ({value: toE164(element, locale.defaultCountry), note: ''})};
	return {
		array,
		read: (element) => {
			if (element.endsWith('Z')) return {value: element, note: ''};
			const {value, kind} = zone.resolve(element);
			if (kind === 'once' || value === null) return {value, note: ''};
			const note = `variable "${name}": ${element.slice(0, 19).replace('T', ' ')} ${wallTimeNotes[kind](zone.name)}${value}`;
			return {value, note};
		},
	};
}

/** Days since 1970 of `YYYY-MM-DD`. `Date.parse` takes every year from 0001 on. */
function dayNumber(day: string): number {
	return Date.parse(`${day}T00:00:00Z`) / 86_400_000;
}

function strings(value: unknown): readonly string[] {
	return Array.isArray(value) ? value.map(String) : [];
}

function transposed(rows: readonly (readonly unknown[])[], width: number): ColumnBlock {
	return Array.from({length: width}, (_, column) => rows.map((row) => row[column]));
}
