import type {Connector} from '../../model/connector.js';
import type {NamedColumn} from '../../model/named-column.js';
import type {NeededColumn} from './compatible.js';

/** What the input of a webhook connector holds, whoever made it (SPEC 4). */
const webhookColumns = ['timestamp', 'employee_id', 'querystring', 'body'];

/**
 * The columns that an input must have before any SQL runs: a webhook's own, and with SQL off those that variables name. With SQL on those
 * that it was seen to need when it ran on the sample; it may need others (SPEC 4).
 */
export function neededColumns(
	{sql, variables, type}: Pick<Connector, 'sql' | 'variables' | 'type'>,
	ofSql: readonly NamedColumn[] = [],
): readonly NeededColumn[] {
	if (type === 'webhook') return webhookColumns.map((column) => ({table: null, column, by: 'the type webhook'}));
	if (sql) return ofSql.map((named) => ({...named, by: sql.file}));
	return variables.flatMap(({name, from}) => ('column' in from ? [{table: null, column: from.column, by: `variable ${name}`}] : []));
}
