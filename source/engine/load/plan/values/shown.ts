import {spelledOut} from '../../../../text/visible.js';

const longest = 100;

/** A value as a reason or warning names it: in quotes, on one line, long text cut, characters that are not seen named. */
export function shown(text: string): string {
	const line = spelledOut(text.replaceAll(/[\t\n\v\f\r ]+/g, ' '));
	return line.length > longest ? `"${line.slice(0, longest)}…"` : `"${line}"`;
}
