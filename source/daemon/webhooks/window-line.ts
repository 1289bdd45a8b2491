/** The header of a window's input file (SPEC 4, 25). */
export const inputHeader = 'timestamp,employee_id,querystring,body,headers\n';

export type InputLine = {
	/** UTC, ISO 8601 with milliseconds. */
	readonly at: string;
	readonly caller: string;
	/** Without its `?`, and without what proved the caller. */
	readonly query: string;
	readonly body: string;
	/** The kept headers as a JSON object; empty where none was sent. */
	readonly headers: string;
};

/** A request as a line of the input file. What was not sent is blank, everything else quoted, so that any text stays what it is. */
export function inputLine({at, caller, query, body, headers}: InputLine): string {
	return `${at},${cell(caller)},${cell(query)},${cell(body)},${cell(headers)}\n`;
}

function cell(text: string): string {
	return text === '' ? '' : `"${text.replaceAll('"', '""')}"`;
}
