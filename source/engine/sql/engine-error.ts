import type {ErrorCode} from '../../model/error-codes.js';
import {SluiceError} from '../../model/errors.js';
import {outsideFailure} from './outside/outside-failure.js';
import type {EngineErrorBody} from './protocol.js';

/** What the engine said, before it is put into words for people. The cause of every `SluiceError` that comes from a statement. */
export class EngineError extends Error {
	override readonly name = 'EngineError';

	constructor(
		readonly engineCode: number | null,
		text: string,
	) {
		super(text);
	}
}

/** ClickHouse's numbers for the errors that mean something of their own here. */
const codes: Readonly<Record<number, ErrorCode>> = {
	62: 'sql.syntax',
	158: 'sql.rows',
	396: 'sql.rows',
	159: 'sql.time',
	160: 'sql.time',
	241: 'sql.memory',
	452: 'sql.forbidden',
	497: 'sql.forbidden',
};

/** At most this much of an engine's text is shown; its head and tail say the most. */
const longest = 2_000;

/** The engine's text without what only the engine's makers can use: prefixes, versions, stack traces, names of its own making. */
export function cleanEngineText(text: string): string {
	const clean = text
		.replace(/,? ?Stack trace \(when copying[^\n]*(?:\s*\d+\. \S+ @ 0x[0-9a-f]+)*/gi, '')
		.replace(/\s*Stack trace:[\s\S]*$/i, '')
		.replace(/\s*\(version [^)]*\)/g, '')
		.replace(/^(?:Query failed:|Stream query failed:)\s*/i, '')
		.replace(/(?:Code: \d+\. )?(?:DB::Exception|DB::[A-Za-z]+Exception|Poco::Exception): /g, '')
		.replace(/\s*\([A-Z][A-Z0-9_]{3,}\)\s*$/, '')
		.replace(/\b__table\d+\./g, '')
		.replace(/[:,]? ?(?:query_id|while executing query|Query id)[:=]? ?'?[0-9a-f]{8}-[0-9a-f-]{27}'?/gi, '')
		// biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these must not reach a terminal or a log
		.replace(/[\u0000-\u0008\u000B-\u001F\u007F]/g, '')
		.trim();
	return clean.length <= longest ? clean : `${clean.slice(0, longest - 500)} … ${clean.slice(-400)}`;
}

/** A worker's error body as the error that `SqlSession` promises. `redact` takes secrets out of the text. */
export function toSqlError(body: EngineErrorBody, redact: (text: string) => string): SluiceError {
	const code = codes[body.engineCode ?? -1] ?? 'sql.failed';
	const text = redact(cleanEngineText(body.text));
	const cause = new EngineError(body.engineCode, redact(body.text));
	const outside = code === 'sql.failed' ? outsideFailure(body.engineCode, text) : null;
	if (outside === null) return new SluiceError(code, text, {cause});
	return new SluiceError(outside.code, outside.message, {cause, cure: outside.cure});
}
