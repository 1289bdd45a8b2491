import type {NeededColumn} from '../../engine/intake/compatible.js';
import type {Connector} from '../../model/connector.js';

/** The columns of the input that a connector without SQL needs; with SQL only the engine can tell (SPEC 4). */
export function neededColumns({sql, variables}: Pick<Connector, 'sql' | 'variables'>): readonly NeededColumn[] {
	if (sql) return [];
	return variables.flatMap(({name, from}) => ('column' in from ? [{table: null, column: from.column, by: `variable ${name}`}] : []));
}
