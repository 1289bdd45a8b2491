import type {Connector} from '../../model/connector.js';
import type {SqlSession} from '../../model/sql-session.js';
import {identifier, keptTable, literal} from '../../model/sql-text.js';
import type {Variable} from '../../model/variable.js';
import {type KeptColumn, keptColumns, theirs} from '../kept/columns.js';
import {columnText} from '../kept/engine-type.js';
import {variableCell} from '../kept/record-cells.js';
import {saysMore} from '../workbook/raw-form.js';
import type {SheetColumn} from '../workbook/row-xml.js';
import type {SheetSource} from '../workbook/table-sheet.js';
import {listText} from './load.js';

/** A sheet that needs a table of its own while it is built; `done` removes it. */
export type PreparedSheet = {readonly source: SheetSource; done(): Promise<void>};

/**
 * `Variables (<scope>)`: the typed values, the raw text beside a value only where it differs in more than form, and one Problems
 * column with the row's warnings (SPEC 12).
 */
export async function variablesSheet(
	session: SqlSession,
	table: string,
	connector: Connector,
	options: {readonly unchanged: boolean; readonly threads: number},
): Promise<PreparedSheet> {
	const scope = table.slice('variables:'.length);
	const kept = await keptColumns(session, table);
	const raws = await rawTexts(session, scope, table, connector, kept, options.threads);
	const state = options.unchanged ? `if(__row IN (SELECT __row FROM ${keptTable(`diff:${scope}`)}), 'unchanged', __state)` : '__state';
	const columns: SheetColumn[] = [
		{header: 'Row', kind: 'number', sql: 'CAST(__row AS Nullable(String))', safe: true},
		{header: 'Line', kind: 'number', sql: 'CAST(__line AS Nullable(String))', safe: true},
		{header: 'State', kind: 'text', sql: `CAST(${state} AS Nullable(String))`, safe: true},
		{header: 'Reason', kind: 'text', sql: '__reason'},
	];
	for (const {name} of theirs(table, kept)) {
		const {type, array} = definitionOf(connector, scope, name);
		const value = identifier(name);
		columns.push({header: name, kind: array ? 'text' : variableCell(type), sql: array ? listText(value) : value});
		const raw = raws.get(name);
		if (raw !== undefined) columns.push({header: `${name} (raw)`, kind: 'text', sql: raw});
	}
	columns.push({header: 'Problems', kind: 'text', sql: `CAST(arrayStringConcat(${problems(kept)}, '; ') AS Nullable(String))`});
	return {source: {title: `Variables (${scope})`, table: keptTable(table), columns}, done: raws.done};
}

/** The row's warnings as sentences, or the names and notes of tables that keep no sentences. */
function problems(kept: readonly KeptColumn[]): string {
	return kept.some(({name}) => name === '__warnings') ? '__warnings' : 'arrayConcat(__problems, __notes)';
}

function definitionOf({variables, additionalVariables}: Connector, scope: string, name: string): Pick<Variable, 'type' | 'array'> {
	const found = variables.find((variable) => variable.name === name && variable.scope === scope);
	if (found) return found;
	return {type: additionalVariables.find((variable) => variable.name === name)?.type ?? 'string', array: false};
}

/**
 * Keeps the raw texts that the sheet shows in a table beside, and tells for each variable that has any how a row reads its own.
 *
 * why a table in memory: few rows need one, and reading it by row number leaves the sheet's rows streaming in their order
 */
async function rawTexts(
	session: SqlSession,
	scope: string,
	table: string,
	connector: Connector,
	kept: readonly KeptColumn[],
	threads: number,
) {
	const output = await keptColumns(session, `sql:${scope}`);
	const readable = connector.variables.flatMap((variable) => {
		const {from} = variable;
		const column = 'column' in from && variable.scope === scope ? output.find(({name}) => name === from.column) : undefined;
		return column && kept.some(({name}) => name === variable.name) ? [{variable, raw: columnText(column, 's')}] : [];
	});
	const beside = `run.report_raw_${scope.replaceAll(/\W/g, '_')}`;
	const drop = () => session.execute(`DROP TABLE IF EXISTS ${beside} SYNC`);
	if (readable.length === 0) return Object.assign(new Map<string, string>(), {done: async () => {}});
	await drop();
	const names = readable.map((_, index) => `r${index}`);
	await session.execute(
		`CREATE TABLE ${beside} (__row UInt64, ${names.map((name) => `${name} Nullable(String)`).join(', ')}) ENGINE = Join(ANY, LEFT, __row)`,
	);
	const shown = readable.map(({variable, raw}) => {
		const value = `v.${identifier(variable.name)}`;
		return `if(has(v.__problems, ${literal(variable.name)}) OR ${saysMore(variable, raw, value)}, ${raw}, NULL)`;
	});
	// every row in which at least one raw text says more than its value
	await session.execute(`INSERT INTO ${beside}
SELECT * FROM (
	SELECT v.__row AS __row, ${shown.map((expression, index) => `${expression} AS r${index}`).join(', ')}
	FROM ${keptTable(table)} AS v
	INNER JOIN ${keptTable(`sql:${scope}`)} AS s ON v.__row = s.__row
)
WHERE ${names.map((name) => `isNotNull(${name})`).join(' OR ')}
SETTINGS join_algorithm = 'full_sorting_merge', max_threads = ${threads}`);
	const [found] = await session.rows<{counts: readonly (string | number)[]}>(
		`SELECT [${names.map((name) => `count(${name})`).join(', ')}] AS counts FROM ${beside}`,
	);
	const used = readable.flatMap(({variable}, index): [string, string][] =>
		Number(found?.counts[index] ?? 0) > 0 ? [[variable.name, `joinGetOrNull(${literal(beside)}, 'r${index}', __row)`]] : [],
	);
	return Object.assign(new Map(used), {done: drop});
}
