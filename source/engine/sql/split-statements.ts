import {type Token, tokenise} from './tokens.js';

/** A statement of a script: its text from its first token to its last, and where that stands in the script. */
export type Statement = {
	readonly text: string;
	/** Where `text` begins, in characters of the script. */
	readonly offset: number;
	/** From 1. */
	readonly line: number;
	readonly column: number;
	readonly tokens: readonly Token[];
};

/** A place in a text; line and column count from 1. */
export type Position = {readonly line: number; readonly column: number};

/** Line and column of a character of a text. LF, CRLF and CR end a line. */
export function positionAt(text: string, offset: number): Position {
	const lines = text.slice(0, offset).split(/\r\n|\n|\r/);
	return {line: lines.length, column: (lines.at(-1) ?? '').length + 1};
}

/**
 * The statements of a script, split at the semicolons that are SQL and not part of a string, a name or a comment. Pieces that hold nothing
 * but comments are left out. An open string or comment is left in the last statement, for the engine to complain about.
 */
export function splitStatements(script: string): readonly Statement[] {
	const statements: Statement[] = [];
	let tokens: Token[] = [];
	const finish = () => {
		const [first] = tokens;
		const last = tokens.at(-1);
		if (first === undefined || last === undefined) return;
		const text = script.slice(first.offset, last.offset + last.text.length);
		statements.push({text, offset: first.offset, ...positionAt(script, first.offset), tokens});
		tokens = [];
	};
	for (const token of tokenise(script)) {
		if (token.kind === 'symbol' && token.text === ';') finish();
		else tokens.push(token);
	}
	finish();
	return statements;
}
