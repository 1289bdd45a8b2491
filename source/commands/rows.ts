import type {List} from '../api/contract.js';
import {SluiceError} from '../model/errors.js';
import {toJson} from '../model/json.js';
import {own} from '../model/own.js';
import type {Context, Run} from './command.js';
import {eachPage} from './each-page.js';
import {numberFlag, textFlag} from './flags.js';
import {namedRelated} from './named-related.js';
import {alignedTable, shown} from './output.js';

/** Rows asked for at once; a long table is printed page by page, so that neither side holds it whole. */
const pageRows = 5000;
const defaultRows = 200;

type Row = Readonly<Record<string, unknown>>;

/** `sluice rows`: one object a line with `--json`, else a table (SPEC 13). */
export const rows: Run = async (context) => {
	const wanted = {
		offset: numberFlag(context.flags, 'offset'),
		limit: numberFlag(context.flags, 'limit') ?? defaultRows,
		pageItems: pageRows,
	};
	const printed = await eachPage(
		(page) => readPage(context, page),
		wanted,
		(items) => printPage(context, items),
	);
	if (printed === 0 && !context.json) context.print('No rows.');
	return 0;
};

async function readPage({words, flags, client}: Context, page: {offset: number; limit: number}): Promise<List<Row>> {
	const [execution = '', table = ''] = words;
	return (await client()).rows(execution, table, {
		outcome: textFlag(flags, 'outcome'),
		state: textFlag(flags, 'state'),
		reason: textFlag(flags, 'reason'),
		find: textFlag(flags, 'find'),
		...columnFilter(textFlag(flags, 'where')),
		sort: textFlag(flags, 'sort'),
		descending: flags.descending === true || undefined,
		...page,
	});
}

/** `column=value`; nothing behind the sign means blank. @throws SluiceError `usage.invalid` */
function columnFilter(where: string | undefined): {readonly column?: string; readonly value?: string} {
	if (where === undefined) return {};
	const sign = where.indexOf('=');
	if (sign <= 0) throw new SluiceError('usage.invalid', `"${where}" is not a condition`, {expected: 'column=value'});
	return {column: where.slice(0, sign), value: where.slice(sign + 1)};
}

function printPage(context: Context, items: readonly Row[]): void {
	if (context.json) {
		if (items.length > 0) context.print(...items.map(toJson));
		return;
	}
	const flat = items.map(flatten);
	const titles = [...new Set(flat.flatMap((row) => Object.keys(row)))];
	if (flat.length > 0) {
		context.print(
			...alignedTable(
				flat,
				titles.map((title) => ({title, of: (row) => shown(own(row, title))})),
			),
		);
	}
}

/** Nested values and variables become columns of their own; related records have their identifiers beside their ids. */
function flatten(row: Row): Row {
	const {values, variables, changes, related, ...own} = namedRelated(row);
	const typed = Object.entries((variables ?? {}) as Record<string, {value: unknown; problem: string | null}>).map(
		([name, {value, problem}]) => [name, problem ?? value],
	);
	return {
		...own,
		...((values ?? {}) as Row),
		...Object.fromEntries(typed),
		...(changes && Object.keys(changes).length > 0 ? {changes} : {}),
	};
}
