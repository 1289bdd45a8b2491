import {SluiceError} from '../../../model/errors.js';

/** The rules of the guard, by the names that an error gives them (SPEC 5.4). */
export const rules = {
	statements: 'SQL may run SELECT, and create, fill, change, rename and drop tables and views of its own',
	functions: 'SQL may call functions that compute, none that reads the machine, the engine or the network',
	table_functions:
		'SQL may read from numbers, values, generateSeries, generateRandom, null and view, and from postgresql, mysql, s3 and url through a secret',
	structures: "a structure is one literal text of names and types, such as 'a UInt8, b String'; it holds no default and no alias",
	secrets: 'an outside source is named by a secret alone; only table, query, schema, format and structure may be given in the call',
	databases: 'SQL may read input, kizen, records, meta, connector and output, and write connector and output',
	engines: 'SQL may create tables of the engines Log, TinyLog, StripeLog, Memory and the MergeTree family',
	settings: 'SQL may change settings that shape results or lower a limit, none that lifts one or opens a way out',
	files: 'SQL may not read or write files',
	formats: 'the result of a script is its tables; FORMAT has no place in it, and a format that is named holds values alone',
	storage: 'SQL may not choose where or under which identity its tables are kept',
	grants: 'the engine itself refuses what the connector was not granted',
} as const;

export type Rule = keyof typeof rules;

/** What the guard says no to. `word` is the text that gave it away, for finding its place in the script. */
export class Refusal extends Error {
	override readonly name = 'Refusal';

	constructor(
		readonly rule: Rule,
		message: string,
		readonly word: string | undefined = undefined,
		/** The name that was given for a secret's and is none that SQL has. */
		readonly secret: string | undefined = undefined,
	) {
		super(message);
	}
}

/** A refusal as people read it: what, where, and by which rule. */
export function toForbidden(refusal: Refusal, where: string): SluiceError {
	return new SluiceError('sql.forbidden', `${refusal.message} (rule: ${refusal.rule.replaceAll('_', ' ')})`, {
		where,
		expected: rules[refusal.rule],
	});
}
