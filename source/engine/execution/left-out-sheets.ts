import {cleanName} from '../../model/clean-name.js';
import {SluiceError} from '../../model/errors.js';
import type {Page} from '../intake/page.js';

/** Sheets that a message names; the others are counted. */
const mostNamed = 10;

/** Names the hidden sheets of a workbook that are left out, as a part of a sentence; empty where there are none. */
export function leftOutSheets([page]: readonly Page[]): string {
	const {leftOut = []} = page ?? {};
	if (leftOut.length === 0) return '';
	const names = leftOut.slice(0, mostNamed).map((name) => `"${name}"`);
	if (leftOut.length > names.length) names.push(`${leftOut.length - names.length} more`);
	return `; hidden and left out: ${names.join(', ')}`;
}

/** An error of SQL that names the table of a sheet that is left out, with how to read it. */
export function withLeftOutSheets(error: unknown, [page]: readonly Page[]): unknown {
	if (!(error instanceof SluiceError) || page?.leftOut === undefined) return error;
	const sheet = page.leftOut.find((name) => error.message.toLowerCase().includes(`input.${cleanName(name)}'`));
	if (sheet === undefined) return error;
	const {code, message, where, expected, cause} = error;
	const cure = `The sheet "${sheet}" is hidden, and left out: set read: {hidden: true} in connector.yaml to read it.`;
	return new SluiceError(code, message, {where, expected, cause, cure});
}
