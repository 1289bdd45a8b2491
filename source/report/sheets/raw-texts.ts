import type {Connector} from '../../model/connector.js';
import type {SqlSession} from '../../model/sql-session.js';
import {identifier, keptTable, literal} from '../../model/sql-text.js';
import type {Variable} from '../../model/variable.js';
import {type KeptColumn, keptColumns} from '../run-tables/columns.js';
import {columnText, engineKind} from '../run-tables/engine-type.js';
import {isFormAlone, saysMore} from '../workbook/raw-form.js';

/** The raw texts that a sheet shows: by variable, how a row reads its own (SQL); `done` removes the table behind. */
export type RawTexts = {readonly shown: ReadonlyMap<string, string>; done(): Promise<void>};

type Readable = {readonly variable: Variable; readonly raw: string; readonly name: string};

/**
 * Puts the raw texts that say more than their values beside, by row number.
 *
 * why a table in memory: few rows have any, and reading it by row number leaves the sheet's rows streaming in their order
 */
export async function keepRawTexts(
	session: SqlSession,
	{
		scope,
		connector,
		kept,
		threads,
	}: {readonly scope: string; readonly connector: Connector; readonly kept: readonly KeptColumn[]; readonly threads: number},
): Promise<RawTexts> {
	const output = await keptColumns(session, `sql:${scope}`);
	const failing = await failingVariables(session, scope);
	const readable = connector.variables.flatMap((variable, index): Readable[] => {
		const {from} = variable;
		const column = 'column' in from && variable.scope === scope ? output.find(({name}) => name === from.column) : undefined;
		if (!column || !kept.some(({name}) => name === variable.name)) return [];
		// why not all: only numbers and times can say less than their text, where the conversion did not fail
		const comparable = engineKind(column.type) === 'text' && !isFormAlone(variable);
		return comparable || failing.has(variable.name) ? [{variable, raw: columnText(column, 's'), name: `r${index}`}] : [];
	});
	const beside = `run.report_raw_${scope.replaceAll(/\W/g, '_')}`;
	const drop = () => session.execute(`DROP TABLE IF EXISTS ${beside} SYNC`);
	if (readable.length === 0) return {shown: new Map(), done: async () => {}};
	await drop();
	const columns = readable.map(({name}) => `${name} Nullable(String)`).join(', ');
	await session.execute(`CREATE TABLE ${beside} (__row UInt64, ${columns}) ENGINE = Join(ANY, LEFT, __row)`);
	await session.execute(insertion(beside, scope, readable, threads));
	const [found] = await session.rows<{counts: readonly (string | number)[]}>(
		`SELECT [${readable.map(({name}) => `count(${name})`).join(', ')}] AS counts FROM ${beside}`,
	);
	const used = readable.flatMap(({variable, name}, index): [string, string][] =>
		Number(found?.counts[index] ?? 0) > 0 ? [[variable.name, `joinGetOrNull(${literal(beside)}, ${literal(name)}, __row)`]] : [],
	);
	return {shown: new Map(used), done: drop};
}

async function failingVariables(session: SqlSession, scope: string): Promise<ReadonlySet<string>> {
	const found = await session.rows<{name: string}>(`SELECT DISTINCT arrayJoin(__problems) AS name FROM ${keptTable(`variables:${scope}`)}`);
	return new Set(found.map(({name}) => name));
}

/** Every row in which at least one raw text says more than its value. */
function insertion(beside: string, scope: string, readable: readonly Readable[], threads: number): string {
	const shown = readable.map(({variable, raw, name}) => {
		const value = `v.${identifier(variable.name)}`;
		return `if(has(v.__problems, ${literal(variable.name)}) OR ${saysMore(variable, raw, value)}, ${raw}, NULL) AS ${name}`;
	});
	const names = readable.map(({name}) => name);
	return `INSERT INTO ${beside} (__row, ${names.join(', ')})
SELECT __row, ${names.join(', ')}
FROM (
	SELECT v.__row AS __row, ${shown.join(', ')}
	FROM ${keptTable(`variables:${scope}`)} AS v
	INNER JOIN ${keptTable(`sql:${scope}`)} AS s ON v.__row = s.__row
)
WHERE ${names.map((name) => `isNotNull(${name})`).join(' OR ')}
SETTINGS join_algorithm = 'full_sorting_merge', max_threads = ${threads}`;
}
