import fc from 'fast-check';
import stringWidth from 'string-width';
import {expect, test} from 'vitest';
import {edit, emptyEdit, insert} from '../../source/console/components/text-edit.js';
import {toWidth} from '../../source/console/text/fit.js';
import {shown} from '../../source/console/text/shown.js';

test('control characters are symbols, direction marks cannot swap a line', () => {
	expect(shown('a\u001b[31mred\u0007\r\nb\u0000\u009b2J\u202eevil')).toBe('a␛[31mred␇⏎b␀␡2J·evil');
});

test('any text becomes exactly as many cells as asked for, and holds nothing that drives a terminal', () => {
	fc.assert(
		fc.property(fc.string({unit: 'grapheme'}), fc.integer({min: 0, max: 40}), (text, width) => {
			const fitted = toWidth(text, width);
			expect(stringWidth(fitted)).toBe(width);
			expect(fitted).not.toMatch(/\p{Cc}/u);
		}),
	);
});

test('a wide character is never cut in half', () => {
	expect(toWidth('顧客マスタ', 6)).toBe('顧客… ');
	expect(toWidth('12', 5, 'right')).toBe('   12');
});

test('a line takes letters, a paste of several lines, and the editing keys of a shell', () => {
	let line = insert(emptyEdit, 'Straße');
	line = insert(line, ' one\ntwo');
	expect(line.text).toBe('Straße one two');
	line = edit(line, 'ctrl-w') ?? line;
	expect(line.text).toBe('Straße one ');
	line = edit(edit(line, 'home') ?? line, 'delete') ?? line;
	expect(line).toEqual({text: 'traße one ', cursor: 0});
	expect(edit(line, 'f1')).toBeNull();
});
