/** The types of an execution variable (SPEC 6). */
export const variableTypes = ['boolean', 'date', 'datetime', 'email', 'number', 'phone_number', 'string', 'uuid'] as const;

export type VariableType = (typeof variableTypes)[number];

export const arrayDelimiters = [',', ';', '|', 'tab', '{}', '[]'] as const;

export type ArrayDelimiter = (typeof arrayDelimiters)[number];

/**
 * A typed value of a row of one scope, read from a column or fixed as a literal.
 *
 * Its value, once typed, is canonical text or null: numbers as decimal text with the scale given, booleans `true`/`false`,
 * dates `YYYY-MM-DD`, datetimes `YYYY-MM-DDTHH:mm:ss.SSSZ` in UTC, e-mail lower-cased, phone numbers E.164, UUIDs lower-case;
 * arrays are a JSON array of such texts.
 */
export type Variable = {
	readonly name: string;
	readonly scope: string;
	readonly from: {readonly column: string} | {readonly value: string};
	readonly type: VariableType;
	readonly array: boolean;
	readonly delimiter: ArrayDelimiter;
	readonly required: boolean;
	/** A named format or pattern of the type; null means the type's default. */
	readonly inputFormat: string | null;
	/** How the value becomes text when it is mapped to a text field; null means canonical text. */
	readonly outputFormat: string | null;
	readonly decimalComma: boolean;
};

export const additionalOrigins = ['execution.id', 'execution.started_at', 'execution.started_by', 'input.file_name', 'row.number'] as const;

export type AdditionalSource =
	| {readonly value: string}
	| {readonly template: string}
	| {readonly from: (typeof additionalOrigins)[number] | `parameter.${string}`};

/** A typed value that is not read from the input (SPEC 6). Available in every scope. */
export type AdditionalVariable = {
	readonly name: string;
	readonly type: VariableType;
	readonly source: AdditionalSource;
	readonly outputFormat: string | null;
};
