import {SluiceError} from '../../../model/errors.js';
import type {HookAnswer} from '../hook-answer.js';

const mostBytes = 1024;
/** Control, format and private characters, and halves of surrogate pairs; line ends are among them. */
const unprintable = /[\p{C}\p{Zl}\p{Zp}]/u;

/** The answer of a handshake that wants a text back: never more than 1 KiB of printable text (SPEC 25). @throws SluiceError `webhook.echo` */
export function echo(text: string): HookAnswer {
	return answered('text/plain; charset=utf-8', checked(text));
}

/** The same as a JSON object. @throws SluiceError `webhook.echo` */
export function echoJson(members: Readonly<Record<string, string>>): HookAnswer {
	return answered(
		'application/json',
		JSON.stringify(Object.fromEntries(Object.entries(members).map(([key, text]) => [key, checked(text)]))),
	);
}

/** 200 without a body. */
export const nothing: HookAnswer = {status: 200, headers: {'X-Content-Type-Options': 'nosniff'}, body: ''};

function answered(type: string, body: string): HookAnswer {
	return {status: 200, headers: {'Content-Type': type, 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store'}, body};
}

function checked(text: string): string {
	if (Buffer.byteLength(text) <= mostBytes && !unprintable.test(text)) return text;
	throw new SluiceError('webhook.echo', 'What is to be echoed is too long, or not printable', {
		expected: `at most ${mostBytes} bytes of printable text`,
	});
}
