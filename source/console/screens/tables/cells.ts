import {type RelatedRecord, relatedValue} from '../../../model/related-record.js';
import type {Cell} from '../../components/table.js';
import {valueText} from '../shared/words.js';

/** A row as the daemon gives it (SPEC 13); which members it has depends on the family of its table. */
export type Row = Readonly<Record<string, unknown>>;

export type Family = 'sql' | 'variables' | 'load';

export function familyOf(table: string): Family {
	return table.startsWith('load:') ? 'load' : table.startsWith('variables:') ? 'variables' : 'sql';
}

/** Where a family keeps the values people named, and what it tells about a row beside them. */
const shapes = {
	sql: {values: 'values', first: [], last: []},
	variables: {values: 'variables', first: ['state', 'reason'], last: []},
	load: {values: 'values', first: ['outcome', 'reason', 'warnings', 'rule'], last: ['line', 'record_id']},
} as const;

/**
 * The columns of a table, those known so far first: the row's number, the key (the record, else the first column of its own), what
 * became of it, its values. Blank fields are left out of rows, so later rows may add columns.
 */
export function columnsOf(table: string, known: readonly string[], rows: readonly Row[]): readonly string[] {
	const {values, first, last} = shapes[familyOf(table)];
	const own = new Set(known.filter((name) => name.startsWith(mark)));
	for (const row of rows) for (const name of Object.keys(membersOf(row[values]))) own.add(mark + name);
	const named = [...own];
	const [key, ...rest] = familyOf(table) === 'load' ? ['record', ...named] : named;
	return ['row', ...(key === undefined ? [] : [key]), ...first, ...rest, ...last];
}

/** Tells a value called `reason` from the reason of a row. */
const mark = '=';

/** A column as people and the daemon name it. */
export function nameOf(column: string): string {
	return column.startsWith(mark) ? column.slice(mark.length) : column;
}

const outcomeCells: Readonly<Record<string, Cell>> = {
	created: {text: '+ created', tone: 'good'},
	updated: {text: '~ updated', tone: 'busy'},
	skipped: {text: '- skipped', tone: 'muted'},
	errored: {text: '✗ errored', tone: 'bad'},
	ok: {text: '✓ ok', tone: 'good'},
	unchanged: {text: '= unchanged', tone: 'muted'},
};

/** What a cell shows: a change as `old → new`, a value that could not be typed as `! text`. */
export function cellOf(table: string, row: Row, column: string): Cell {
	if (!column.startsWith(mark)) {
		if (column === 'outcome' || column === 'state') return outcomeCells[valueText(row[column])] ?? valueText(row[column]);
		if (column === 'warnings') return {text: valueText(row.warnings), tone: 'warning'};
		return {text: valueText(row[column]), ...(column === 'row' && {tone: 'muted' as const})};
	}
	const name = nameOf(column);
	if (familyOf(table) === 'variables') {
		const {raw, value, problem} = membersOf(membersOf(row.variables)[name]);
		return problem === null || problem === undefined ? valueText(value) : {text: `! ${valueText(raw)}`, tone: 'warning'};
	}
	const change = membersOf(row.changes)[name];
	const named = (value: unknown) => valueText(relatedValue(value, relatedOf(row, name), false));
	const now = named(membersOf(row.values)[name]);
	if (row.outcome !== 'updated' || !Array.isArray(change)) return now;
	return {text: `${named(change[0]) || '(blank)'} → ${named(change[1]) || '(blank)'}`, tone: 'marked'};
}

/** The text a filter on this cell's value asks for; null for what has no single text, such as a list. */
export function filterText(table: string, row: Row, column: string): string | null {
	const holder = column.startsWith(mark) ? membersOf(row[shapes[familyOf(table)].values])[nameOf(column)] : row[column];
	const value = familyOf(table) === 'variables' && column.startsWith(mark) ? membersOf(holder).value : holder;
	return value !== null && typeof value === 'object' ? null : valueText(value);
}

/** Everything known about a cell, for reading at length. */
export function cellText(table: string, row: Row, column: string): string {
	const name = nameOf(column);
	if (column.startsWith(mark) && familyOf(table) === 'variables') {
		const {raw, value, problem} = membersOf(membersOf(row.variables)[name]);
		return [
			`Value:   ${valueText(value) || '(blank)'}`,
			`Raw:     ${valueText(raw) || '(blank)'}`,
			...(problem ? [`Problem: ${valueText(problem)}`] : []),
		].join('\n');
	}
	const change = column.startsWith(mark) ? membersOf(row.changes)[name] : undefined;
	const named = (value: unknown) => valueText(relatedValue(value, relatedOf(row, name), true)) || '(blank)';
	if (Array.isArray(change)) return [`Before: ${named(change[0])}`, `After:  ${named(change[1])}`].join('\n');
	const value = column.startsWith(mark) ? membersOf(row.values)[name] : row[column];
	return Array.isArray(value)
		? value.map(named).join('\n') || '(blank)'
		: column.startsWith(mark)
			? named(value)
			: valueText(value) || '(blank)';
}

/** The records that a relationship of the row names. */
function relatedOf(row: Row, field: string): readonly RelatedRecord[] {
	const records = membersOf(row.related)[field];
	return Array.isArray(records) ? (records as readonly RelatedRecord[]) : [];
}

export function membersOf(value: unknown): Readonly<Record<string, unknown>> {
	return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : {};
}
