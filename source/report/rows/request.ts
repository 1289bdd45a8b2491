import type {Connector} from '../../model/connector.js';
import type {ExecutionMode} from '../../model/execution.js';
import type {ObjectDefinition} from '../../model/object.js';

/** Which rows of a table; everything left out does not filter. */
export type RowsFilter = {
	/** For `load:` tables. */
	readonly outcome?: string | undefined;
	/** For `load:` and `variables:` tables: a reason as it stands, or a group of similar ones as `similarReasons` names it. */
	readonly reason?: string | undefined;
	/** For `variables:` tables: `ok`, `skipped` or `unchanged`. */
	readonly state?: string | undefined;
	/** Text that some column holds, whatever its case. */
	readonly find?: string | undefined;
	/** A column (a variable, a field, a column of the SQL, or `row`, `line`, `reason`, ...) and the text it has; null or '' is blank. */
	readonly column?: string | undefined;
	readonly value?: string | null | undefined;
};

export type RowsRequest = RowsFilter & {
	/** `sql:<table>`, `variables:<scope>` or `load:<n>`. */
	readonly table: string;
	readonly offset?: number;
	/** 200 unless given; 0 = all. */
	readonly limit?: number;
	/** A column to sort by, blanks last; default: the scope's order. */
	readonly sort?: string | undefined;
	readonly descending?: boolean | undefined;
	/** As the execution ran: a dry run shows no record ids. */
	readonly mode: ExecutionMode;
	readonly connector: Connector;
	readonly objects: readonly ObjectDefinition[];
};

/** How many rows a page has unless the request says (SPEC 13). */
export const pageRows = 200;
