import {readdir} from 'node:fs/promises';
import {join} from 'node:path';
import type {Connector} from '../../model/connector.js';
import {type Counts, noCounts} from '../../model/outcome.js';
import type {SqlSession} from '../../model/sql-session.js';
import {identifier, keptTable, literal} from '../../model/sql-text.js';
import {stepOf} from './columns.js';
import {segmentColumns, segmentFolder, segmentName} from './segment.js';
import type {StepRows} from './select.js';

/** Files of one INSERT. Why bounded: the engine opens them together. */
const filesAtOnce = 200;

/**
 * Makes `load:<n>` anew, as docs/decisions/0001-kept-tables.md has it: the rows of the segments up to `upToChunk`, and the rows that
 * were skipped before the step, with their reason. Segments of later chunks were never committed, and do not count.
 *
 * @param folder the execution's folder, absolute, as the session sees it too
 */
export async function mergeSegments(session: SqlSession, folder: string, of: StepRows, upToChunk: number): Promise<void> {
	const {connector, step, diff} = of;
	const {scope} = stepOf(connector, step);
	const fields = fieldsOf(connector, step);
	const table = keptTable(`load:${step}`);
	const columns = [...segmentColumns, ...fields.map((field) => [field, 'Nullable(String)'] as const)];
	const names = columns.map(([name]) => identifier(name));
	await session.execute(`DROP TABLE IF EXISTS ${table} SYNC`);
	await session.execute(
		`CREATE TABLE ${table} (__row UInt64, __line Nullable(UInt64), ${columns
			.slice(1)
			.map(([name, type]) => `${identifier(name)} ${type}`)
			.join(', ')}) ENGINE = MergeTree ORDER BY __row`,
	);
	const structure = columns.map(([name, type]) => `${identifier(name)} ${type}`).join(', ');
	const [first, ...others] = names;
	for (const {pattern, fromRow, toRow} of await segmentsOf(folder, of, upToChunk)) {
		const lines = `SELECT __row AS row, __line FROM ${keptTable(`variables:${scope}`)} WHERE __row > ${fromRow} AND __row <= ${toRow}`;
		await session.execute(
			`INSERT INTO ${table} (__row, __line, ${others.join(', ')})
SELECT s.${first}, l.__line, ${others.map((name) => `s.${name}`).join(', ')}
FROM file(${literal(join(segmentFolder(folder, step), pattern))}, 'JSONCompactColumns', ${literal(structure)}) AS s
INNER JOIN (${lines}) AS l ON l.row = s.__row`,
		);
	}
	await session.execute(`INSERT INTO ${table} (__row, __line, __outcome, __reason, __warnings) ${skippedRows(scope, diff)}`);
}

/** How many rows were skipped before a step, and how many of them carry warnings: counted in each step of their scope (SPEC 8.3). */
export async function countSkippedBefore(session: SqlSession, {connector, step, diff}: StepRows): Promise<Counts> {
	const {scope} = stepOf(connector, step);
	const [counted] = await session.rows<{rows: string | number; warned: string | number}>(
		`SELECT count() AS rows, countIf(notEmpty(warnings)) AS warned FROM (${skippedRows(scope, diff)})`,
	);
	return {...noCounts, skipped: Number(counted?.rows ?? 0), warnings: Number(counted?.warned ?? 0)};
}

/** The rows of a scope that no step works on: those without a required value, and those that the diff check found unchanged. */
function skippedRows(scope: string, diff: boolean): string {
	const invalid = `SELECT __row AS row, __line AS line, 'skipped' AS outcome, __reason AS reason, __warnings AS warnings
FROM ${keptTable(`variables:${scope}`)}
WHERE __state != 'ok'`;
	if (!diff) return invalid;
	return `${invalid}
UNION ALL
SELECT v.__row, v.__line, 'skipped', concat('unchanged since ', d.__since), v.__warnings
FROM ${keptTable(`variables:${scope}`)} AS v
INNER JOIN ${keptTable(`diff:${scope}`)} AS d ON d.__row = v.__row
WHERE v.__state = 'ok'`;
}

/** The api names of the mapped fields, in the order of their columns in segments and `load:<n>`. */
export function fieldsOf(connector: Connector, step: number): readonly string[] {
	return stepOf(connector, step).mapping.map(({field}) => field);
}

type Segments = {readonly pattern: string; readonly fromRow: number; readonly toRow: number};

async function segmentsOf(folder: string, {connector, step}: StepRows, upToChunk: number): Promise<readonly Segments[]> {
	const {chunkSize} = connector.settings;
	const chunks = (await readdir(segmentFolder(folder, step)).catch(noFolder))
		.filter((name) => /^\d{8}\.json$/.test(name))
		.map((name) => Number.parseInt(name, 10))
		.filter((chunk) => chunk <= upToChunk)
		.sort((a, b) => a - b);
	return Array.from({length: Math.ceil(chunks.length / filesAtOnce)}, (_, part) => {
		const some = chunks.slice(part * filesAtOnce, (part + 1) * filesAtOnce);
		const names = some.map(segmentName);
		return {
			pattern: names.length === 1 ? (names[0] ?? '') : `{${names.join(',')}}`,
			fromRow: ((some[0] ?? 1) - 1) * chunkSize,
			toRow: (some.at(-1) ?? 0) * chunkSize,
		};
	});
}

/** A step that did not begin has no segments. */
function noFolder(error: NodeJS.ErrnoException): string[] {
	if (error.code === 'ENOENT') return [];
	throw error;
}
