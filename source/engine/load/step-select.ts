import type {Connector} from '../../model/connector.js';
import {identifier, keptTable} from '../../model/sql-text.js';
import {stepColumns, stepOf} from './step-columns.js';

export type StepRows = {
	readonly connector: Connector;
	/** The step's number, from 1. */
	readonly step: number;
	/** Whether `diff:<scope>` exists: unchanged rows are left out then. */
	readonly diff: boolean;
};

/** The rows over `afterRow`, up to `upToRow`. */
export type RowRange = {readonly afterRow: number; readonly upToRow: number};

/**
 * The SELECT of the rows over `afterRow` up to `upToRow` that a step works on: `__row`, `__warnings` (JSON text of an array, or NULL), then
 * its variables in the order of `stepColumns`. Rows that were skipped for a blank required variable or by the diff check do not appear.
 * Ids exposed by earlier steps come from their `load:<n>`, which must be merged by then.
 */
export function stepSelect(of: StepRows, range: RowRange): string {
	const {connector, step} = of;
	const {afterRow, upToRow} = range;
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
	return `SELECT ${['toUInt32(v.__row) AS __row', 'if(empty(v.__warnings), NULL, toJSONString(v.__warnings)) AS __warnings', ...values].join(', ')}
FROM (SELECT * FROM ${keptTable(`variables:${scope}`)} WHERE ${rowsWithin(of, range)}) AS v${joins.join('')}
ORDER BY v.__row`;
}

/** The condition on `variables:<scope>` for the rows of a range that a step works on. */
export function rowsWithin({connector, step, diff}: StepRows, {afterRow, upToRow}: RowRange): string {
	const {scope} = stepOf(connector, step);
	const within = `__row > ${afterRow} AND __row <= ${upToRow}`;
	const unchanged = diff ? ` AND __row NOT IN (SELECT __row FROM ${keptTable(`diff:${scope}`)} WHERE ${within})` : '';
	return `${within} AND __state = 'ok'${unchanged}`;
}
