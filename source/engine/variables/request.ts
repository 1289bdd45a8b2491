import type {Connector} from '../../model/connector.js';
import type {Locale} from '../protocol.js';

/** What additional variables may tell about the execution (SPEC 6). */
export type ExecutionFacts = {
	readonly id: string;
	/** UTC, ISO 8601 with milliseconds. */
	readonly startedAt: string;
	readonly startedBy: string;
	/** The name the file came with; null where there is none. */
	readonly inputFile: string | null;
};

/** One scope whose rows are to be typed. Reads `` run.`sql:<scope>` ``, makes `` run.`variables:<scope>` ``. */
export type ScopeRequest = {
	readonly scope: string;
	readonly connector: Pick<Connector, 'variables' | 'additionalVariables' | 'sqlParameters'>;
	readonly locale: Locale;
	readonly execution: ExecutionFacts;
};

/** A column of the scope's SQL output, with its ClickHouse type. */
export type ScopeColumn = {readonly name: string; readonly type: string};
