import {type Token, tokenise} from '../tokens.js';

/** A call of a table function that reads another database. */
export type OutsideCall = {
	readonly database: 'postgresql' | 'mysql';
	/** The call as it is in the statement. */
	readonly text: string;
	readonly start: number;
	readonly end: number;
	/** The secret's name. */
	readonly secret: string;
	/** The texts given by key, such as `table`. */
	readonly given: ReadonlyMap<string, string>;
};

/** The calls of `postgresql(secret, ...)` and `mysql(secret, ...)` in a statement that the guard has let through, as the engine renders it. */
export function outsideCalls(sql: string): readonly OutsideCall[] {
	const tokens = tokenise(sql);
	return tokens.flatMap((token, at) => {
		const database = token.value.toLowerCase();
		if (database !== 'postgresql' && database !== 'mysql') return [];
		if ((token.kind !== 'word' && token.kind !== 'name') || tokens[at + 1]?.text !== '(' || isOwnTable(tokens, at)) return [];
		const call = callAt(sql, tokens, at, database);
		return call === undefined ? [] : [call];
	});
}

/** `INSERT INTO mysql (a)`, `CREATE TABLE mysql (a UInt8)`: a table that has the name of the function. */
function isOwnTable(tokens: readonly Token[], at: number): boolean {
	return ['INTO', 'TABLE', 'EXISTS', 'VIEW', '.'].includes(tokens[at - 1]?.text.toUpperCase() ?? '');
}

function callAt(sql: string, tokens: readonly Token[], at: number, database: OutsideCall['database']): OutsideCall | undefined {
	const close = tokens.findIndex(({text}, index) => index > at && text === ')');
	const [first, last, secret] = [tokens[at], tokens[close], tokens[at + 2]];
	if (first === undefined || last === undefined || secret === undefined) return undefined;
	const given = new Map<string, string>();
	for (let index = at + 2; index < close; index++) {
		const [key, equals, value] = tokens.slice(index, index + 3);
		if (equals?.text === '=' && value?.kind === 'string') given.set(key?.value.toLowerCase() ?? '', textOf(value.text));
	}
	const end = last.offset + last.text.length;
	return {database, text: sql.slice(first.offset, end), start: first.offset, end, secret: secret.value, given};
}

const escapes: Readonly<Record<string, string>> = {n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', 0: '\0'};

function textOf(literal: string): string {
	return literal
		.slice(1, -1)
		.replaceAll("''", "'")
		.replace(/\\(.)/gs, (_, escaped: string) => escapes[escaped] ?? escaped);
}
