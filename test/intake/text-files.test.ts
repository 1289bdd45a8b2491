import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {onlyPage} from './support/intake.js';

/** Made by `files/make-text-files.py`, with the rows that Python's csv module reads. */
const files: readonly {name: string; bytes: string; rows: readonly (readonly string[])[]}[] = JSON.parse(
	readFileSync(new URL('./files/text-files.json', import.meta.url), 'utf8'),
);

test.each(files)('$name is read as an independent reader reads it', async ({bytes, rows: [header = [], ...expected]}) => {
	const {page, rows} = await onlyPage('x.csv', Buffer.from(bytes, 'base64'));
	expect(page.headers).toEqual(header);
	const filled = expected.map((row) => header.map((_, at) => row[at] ?? ''));
	expect(rows.map(([, ...cells]) => cells.map((cell) => cell ?? ''))).toEqual(filled);
});
