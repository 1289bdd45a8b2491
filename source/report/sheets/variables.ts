import type {Connector} from '../../model/connector.js';
import type {SqlSession} from '../../model/sql-session.js';
import {identifier, keptTable} from '../../model/sql-text.js';
import type {VariableType} from '../../model/variable.js';
import {type KeptColumn, keptColumns, theirs} from '../run-tables/columns.js';
import {variableCell} from '../run-tables/record-cells.js';
import type {SheetColumn} from '../workbook/row-xml.js';
import type {SheetSource} from '../workbook/table-sheet.js';
import {listText} from './load.js';
import {keepRawTexts} from './raw-texts.js';

/** A sheet that needs a table of its own while it is built; `done` removes it. */
export type PreparedSheet = {readonly source: SheetSource; done(): Promise<void>};

/**
 * `Variables (<scope>)`: the typed values, the raw text beside a value only where it differs in more than form, and one Problems
 * column with the row's warnings (SPEC 12).
 *
 * @param options `clean`: the columns of the SQL output whose text is known to need no care
 */
export async function variablesSheet(
	session: SqlSession,
	table: string,
	connector: Connector,
	options: {readonly unchanged: boolean; readonly threads: number; readonly clean: ReadonlySet<string>},
): Promise<PreparedSheet> {
	const scope = table.slice('variables:'.length);
	const kept = await keptColumns(session, table);
	const raws = await keepRawTexts(session, {scope, connector, kept, threads: options.threads});
	const state = options.unchanged ? `if(__row IN (SELECT __row FROM ${keptTable(`diff:${scope}`)}), 'unchanged', __state)` : '__state';
	const columns: SheetColumn[] = [
		{header: 'Row', kind: 'number', sql: 'CAST(__row AS Nullable(String))', filled: 'always'},
		{header: 'Line', kind: 'number', sql: 'CAST(__line AS Nullable(String))', safe: true},
		{header: 'State', kind: 'text', sql: `CAST(${state} AS Nullable(String))`, filled: 'always'},
		{header: 'Reason', kind: 'text', sql: '__reason'},
	];
	for (const {name} of theirs(table, kept)) {
		const {type, array, from} = definitionOf(connector, scope, name);
		const value = identifier(name);
		// why: trimming and lower case make nothing of a clean text that needs care
		const safe = !array && from !== null && 'column' in from && options.clean.has(from.column);
		columns.push({
			header: name,
			kind: array ? 'text' : variableCell(type),
			sql: array ? listText(value) : value,
			safe: safe && variableCell(type) === 'text',
			canonical: true,
		});
		const raw = raws.shown.get(name);
		if (raw !== undefined) columns.push({header: `${name} (raw)`, kind: 'text', sql: raw});
	}
	columns.push({header: 'Problems', kind: 'text', sql: `CAST(arrayStringConcat(${problems(kept)}, '; ') AS Nullable(String))`});
	return {source: {title: `Variables (${scope})`, table: keptTable(table), columns}, done: raws.done};
}

/** The row's warnings as sentences, or the names and notes of tables that keep no sentences. */
function problems(kept: readonly KeptColumn[]): string {
	return kept.some(({name}) => name === '__warnings') ? '__warnings' : 'arrayConcat(__problems, __notes)';
}

function definitionOf({variables, additionalVariables}: Connector, scope: string, name: string) {
	const found = variables.find((variable) => variable.name === name && variable.scope === scope);
	if (found) return found;
	const type: VariableType = additionalVariables.find((variable) => variable.name === name)?.type ?? 'string';
	return {type, array: false, from: null};
}
