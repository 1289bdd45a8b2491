import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {hasAsciiForm, toAscii} from '../../source/console/terminal/ascii.js';
import {widthOf} from '../../source/console/text/fit.js';

test('every sign the console draws has an ASCII form', () => {
	const folder = 'source/console';
	const signs = readdirSync(folder, {recursive: true, encoding: 'utf8'})
		.filter((name) => /\.tsx?$/.test(name))
		.flatMap((name) => [...readFileSync(join(folder, name), 'utf8')].filter((character) => character > '\u007f'));
	expect(new Set(signs).size).toBeGreaterThan(20);
	expect([...new Set(signs)].filter((sign) => !hasAsciiForm(sign))).toEqual([]);
});

test('a drawn text keeps its width, and holds ASCII alone', () => {
	fc.assert(
		fc.property(fc.string({unit: 'grapheme'}), (text) => {
			const ascii = toAscii(text, widthOf);
			expect(ascii).toMatch(/^\p{ASCII}*$/u);
			expect(toAscii(ascii, widthOf)).toBe(ascii);
		}),
	);
	for (const text of ['│ Käserei → 顧客 ✓ …', '┌─ Crêperie ─┐']) expect(widthOf(toAscii(text, widthOf))).toBe(widthOf(text));
	expect(toAscii('Käserei 顧', widthOf)).toBe('Kaserei ??');
});
