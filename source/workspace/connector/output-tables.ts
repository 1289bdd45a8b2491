/** Comments and text literals, in which nothing is a name. */
const silent = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\]|\\[\s\S]|'')*'/g;
const creates =
	/\bCREATE\s+(?:OR\s+REPLACE\s+)?(?:MATERIALIZED\s+)?(?:TABLE|VIEW)\s+(?:IF\s+NOT\s+EXISTS\s+)?[`"]?output[`"]?\s*\.\s*(?:`([^`]+)`|"([^"]+)"|([A-Za-z_]\w*))/gi;

/** The scopes a script plainly makes: its tables and views of `output`, but those for errors (SPEC 5.1, 5.2). Others may come about in ways only a run shows. */
export function outputTables(sql: string): readonly string[] {
	const names = [...sql.replace(silent, ' ').matchAll(creates)].map(([, ticked, quoted, plain]) => ticked ?? quoted ?? plain ?? '');
	return [...new Set(names)].filter((name) => name !== '' && !isErrorTable(name));
}

/** SPEC 5.2: kept in the report and the zip, and goes no further. */
export function isErrorTable(name: string): boolean {
	return name.endsWith('errors');
}

/** Whether the script names it at all: a table that is not named cannot come out of it. */
export function mentions(sql: string, name: string): boolean {
	const word = name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
	return new RegExp(`(?<![\\p{L}\\p{N}_])${word}(?![\\p{L}\\p{N}_])`, 'u').test(sql.replace(silent, ' '));
}
