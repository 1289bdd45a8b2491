import {identifier, literal, writtenOnce} from '../../model/sql-text.js';

/** A column as the SQL left it; `hidden` ones stand outside `SELECT *`. */
export type OutputColumn = {readonly name: string; readonly type: string; readonly hidden: boolean};

export type KeptColumn = {readonly name: string; readonly type: string};

/** The columns that every kept table begins with (docs/decisions/0001-kept-tables.md). */
const own: ReadonlySet<string> = new Set(['__row', '__line']);

export function isOwnColumn(name: string): boolean {
	return own.has(name);
}

/** A column's name in the kept table: its own, or with a number behind it where that is taken. */
function freeName(name: string, taken: ReadonlySet<string>): string {
	if (!taken.has(name)) return name;
	let number = 1;
	while (taken.has(`${name}__duplicate_${number}__`)) number++;
	return `${name}__duplicate_${number}__`;
}

/** A type of moments that names no time zone, wherever it stands in a type; no name of a member or of an option. */
const withoutZone = /(?<![\w'`"])(DateTime|DateTime64\(\d\))(?=\s*[,)]|$)/g;

/**
 * Types that a query may have and a table may not are kept as text. A moment without a zone is one of the session that made it: the zone
 * becomes part of its type, because the table is read in other sessions.
 */
export function keptType(type: string, timezone = 'UTC'): string {
	if (/\bNothing\b|^(?:Nullable\()?Interval/.test(type)) return 'Nullable(String)';
	if (timezone === 'UTC') return type;
	const zone = literal(timezone);
	return type.replace(withoutZone, (moment) => (moment === 'DateTime' ? `DateTime(${zone})` : `${moment.slice(0, -1)}, ${zone})`));
}

/**
 * The columns under which a table's rows are kept, in its order; hidden ones are left out.
 *
 * @param timezone of the session that made the table
 */
export function keptColumns(columns: readonly OutputColumn[], timezone = 'UTC'): readonly KeptColumn[] {
	const shown = columns.filter(({hidden}) => !hidden);
	const taken = new Set([...own, ...shown.map(({name}) => name).filter((name) => !own.has(name))]);
	return shown.map(({name, type}) => {
		const free = own.has(name) ? freeName(name, taken) : name;
		taken.add(free);
		return {name: free, type: keptType(type, timezone)};
	});
}

/** `CREATE TABLE` of a kept table. */
export function createKept(table: string, columns: readonly KeptColumn[]): string {
	const list = ['__row UInt64', '__line Nullable(UInt64)', ...columns.map(({name, type}) => `${identifier(name)} ${type}`)];
	return `CREATE TABLE ${table} (${list.join(', ')}) ${writtenOnce('__row')}`;
}

/** An expression that fills a kept column from the table's own. */
export function keptValue({name, type}: OutputColumn): string {
	return keptType(type, 'UTC') === type ? identifier(name) : `toString(${identifier(name)})`;
}
