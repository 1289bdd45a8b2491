import type {Connector} from '../../model/connector.js';
import type {ColumnBlock, SqlSession} from '../../model/sql-session.js';
import {identifier, keptTable} from '../../model/sql-text.js';
import {stepColumns, stepOf} from './columns.js';

/** Rows of one SELECT. Why ranges: joins and sorts stay small whatever the input, and other questions to the engine get their turn in between. */
const rangeRows = 200_000;

export type StepRows = {
	readonly connector: Connector;
	/** The step's number, from 1. */
	readonly step: number;
	/** Whether `diff:<scope>` exists: unchanged rows are left out then. */
	readonly diff: boolean;
};

/**
 * The SELECT of the rows over `afterRow` up to `upToRow` that a step works on: `__row`, `__warnings` (JSON text of an array, or NULL), then
 * its variables in the order of `stepColumns`. Rows that were skipped for a blank required variable or by the diff check do not appear.
 * Ids exposed by earlier steps come from their `load:<n>`, which must be merged by then.
 */
export function stepSelect({connector, step, diff}: StepRows, {afterRow, upToRow}: {afterRow: number; upToRow: number}): string {
	const {scope} = stepOf(connector, step);
	const columns = stepColumns(connector, step);
	const within = `__row > ${afterRow} AND __row <= ${upToRow}`;
	const exposers = [...new Set(columns.flatMap(({exposedBy}) => (exposedBy === null ? [] : [exposedBy])))];
	const values = columns.map(({name, exposedBy}) =>
		exposedBy === null ? `v.${identifier(name)} AS ${identifier(name)}` : `load_${exposedBy}.id AS ${identifier(name)}`,
	);
	const joins = exposers.map((number) => {
		const ids = `SELECT __row AS row, __record_id AS id FROM ${keptTable(`load:${number}`)} WHERE ${within}`;
		return `\nLEFT JOIN (${ids}) AS load_${number} ON load_${number}.row = v.__row`;
	});
	const unchanged = diff ? ` AND __row NOT IN (SELECT __row FROM ${keptTable(`diff:${scope}`)} WHERE ${within})` : '';
	return `SELECT ${['toUInt32(v.__row) AS __row', 'if(empty(v.__warnings), NULL, toJSONString(v.__warnings)) AS __warnings', ...values].join(', ')}
FROM (SELECT * FROM ${keptTable(`variables:${scope}`)} WHERE ${within} AND __state = 'ok'${unchanged}) AS v${joins.join('')}
ORDER BY v.__row`;
}

/**
 * The rows a step works on, in order, block by block: what `runLoadStep` consumes.
 *
 * @param rows the number of rows of the scope, and how many of them are done
 */
export async function* stepBlocks(
	session: Pick<SqlSession, 'blocks'>,
	of: StepRows,
	{rows, afterRow}: {rows: number; afterRow: number},
): AsyncGenerator<ColumnBlock> {
	for (let from = afterRow; from < rows; from += rangeRows)
		yield* session.blocks(stepSelect(of, {afterRow: from, upToRow: Math.min(from + rangeRows, rows)}));
}
