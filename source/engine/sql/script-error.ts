import {SluiceError} from '../../model/errors.js';
import {inMegabytes, type SqlLimits} from './access.js';
import {cleanEngineText, EngineError} from './engine-error.js';
import {type Refusal, toForbidden} from './guard/refusal.js';
import {namesLimit} from './guard/settings.js';
import {type Position, positionAt, type Statement} from './split-statements.js';

/** A script of the user, and the name of its file as people know it. */
export type Script = {readonly text: string; readonly file: string};

export function formatPosition({file}: Script, {line, column}: Position): string {
	return `${file}:${line}:${column}`;
}

/** Where in the script a word of a statement stands; where the statement begins, if it is not there as such. */
export function positionOfWord(script: Script, statement: Statement, word: string | undefined): Position {
	const wanted = word?.toLowerCase();
	const token =
		wanted === undefined ? undefined : statement.tokens.find(({value, text}) => [value, text].some((t) => t.toLowerCase() === wanted));
	return token === undefined ? statement : positionAt(script.text, token.offset);
}

/** @param unset the secrets that the connector names and that are not set: reading through one of them is not forbidden */
export function refusalError(refusal: Refusal, script: Script, statement: Statement, unset: readonly string[]): SluiceError {
	const {word, secret} = refusal;
	const where = formatPosition(script, positionOfWord(script, statement, word));
	if (secret === undefined || !unset.includes(secret)) return toForbidden(refusal, where);
	return new SluiceError('secret.missing', `${word}() reads through the secret "${secret}", which is not set`, {
		where,
		cure: `Set it with \`sluice secret set ${secret}\`.`,
	});
}

/** A syntax error, which the engine places by a byte of the statement, from 1. */
export function syntaxError(error: EngineError, script: Script, statement: Statement): SluiceError {
	const found = /failed at position (\d+)/.exec(error.message);
	const byte = found === null ? 0 : Number(found[1]) - 1;
	const before = Buffer.from(statement.text).subarray(0, byte).toString('utf8');
	const position = positionAt(script.text, statement.offset + before.length);
	const text = cleanEngineText(error.message).replace(/[:.]? ?:? ?In scope SELECT formatQuerySingleLine[\s\S]*$/, '');
	const message = text.replace(/failed at position \d+ /, 'at ').replace(/ \(line \d+, col \d+\)/, '');
	return new SluiceError('sql.syntax', message, {where: formatPosition(script, position), cause: error});
}

/** The names that an engine's text quotes, likely the ones it stumbled over. */
function quotedNames(text: string): readonly string[] {
	return [...text.matchAll(/[`'"]([^`'"]{1,200})[`'"]/g)].flatMap(([, name = '']) => [name, ...name.split('.').reverse()]);
}

function positionOfFailure(script: Script, statement: Statement, text: string): Position {
	const tokens = new Map(statement.tokens.map((token) => [token.value, token] as const).reverse());
	const found = quotedNames(text).find((name) => tokens.has(name));
	return positionOfWord(script, statement, found);
}

/** A limit that was exceeded, in plain words. `text` is the engine's. */
export function limitText(code: SluiceError['code'], limits: SqlLimits, text: string): string | undefined {
	const count = new Intl.NumberFormat('en-GB');
	switch (code) {
		case 'sql.memory':
			// The engine says so of its own limit, which counts tables in memory.
			return /\(total\) memory limit/i.test(text)
				? `The SQL and its tables in memory needed more than ${inMegabytes(limits.memoryBytes)} MB`
				: `The statement needed more than ${inMegabytes(limits.memoryBytes)} MB of memory`;
		case 'sql.time':
			return `The SQL ran longer than ${count.format(limits.timeSeconds)} s`;
		case 'sql.rows':
			return `The statement went through more than ${count.format(limits.rows)} rows`;
		case 'sql.disk':
			return `The SQL wrote more than ${inMegabytes(limits.diskBytes)} MB to disk`;
		default:
			return undefined;
	}
}

/**
 * An error of a running statement with its place in the script. Limits are said in plain words; what the engine's own grants refuse is
 * named as that rule; all else is the engine's text.
 */
export function runError(error: unknown, script: Script, statement: Statement, limits: SqlLimits): unknown {
	if (!(error instanceof SluiceError) || error.code === 'sql.crashed' || error.code === 'sql.cancelled') return error;
	const cause = error.cause instanceof EngineError ? error.cause : error;
	const limit = limitText(error.code, limits, error.message);
	const position = limit === undefined ? positionOfFailure(script, statement, error.message) : statement;
	const where = formatPosition(script, position);
	if (error.code === 'sql.forbidden') return new SluiceError('sql.forbidden', `${error.message} (rule: grants)`, {where, cause});
	// A limit that the statement lowered itself is told in the engine's words, which hold its number.
	const message = limit === undefined || namesLimit(statement.tokens) ? error.message : limit;
	return new SluiceError(error.code, message, {where, cause, cure: error.cure});
}
