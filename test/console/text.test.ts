import fc from 'fast-check';
import stringWidth from 'string-width';
import {expect, test} from 'vitest';
import {edit, emptyEdit, insert} from '../../source/console/components/text-edit.js';
import {endOf, toWidth, wrapHanging} from '../../source/console/text/fit.js';
import {wrapSpans} from '../../source/console/text/wrap-spans.js';
import {visible} from '../../source/text/visible.js';

test('control characters are symbols, direction marks cannot swap a line', () => {
	expect(visible('a\u001b[31mred\u0007\r\nb\u0000\u009b2J\u202eevil')).toBe('a␛[31mred␇⏎b␀␡2J·evil');
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

test('a line of several tones is broken at blanks under its own indent, and loses nothing', () => {
	const lines = wrapSpans([{text: '✗ place  ', tone: 'bad'}, {text: 'there is no such object'}], 20, 4);
	expect(
		lines.map((line) =>
			line
				.map(({text}) => text)
				.join('')
				.trimEnd(),
		),
	).toEqual(['✗ place  there is no', '    such object']);
	expect(lines[0]?.[0]).toEqual({text: '✗ ', tone: 'bad'});
	const words = fc.array(fc.record({text: fc.string({unit: 'grapheme', maxLength: 30})}), {maxLength: 6});
	fc.assert(
		fc.property(words, fc.integer({min: 12, max: 60}), (spans, width) => {
			const safe = spans.map(({text}) => ({text: visible(text)}));
			const broken = wrapSpans(safe, width, 4);
			const letters = (given: readonly {readonly text: string}[]): string =>
				given
					.map(({text}) => text)
					.join('')
					.replaceAll(' ', '');
			expect(letters(broken.flat())).toBe(letters(safe));
			for (const line of broken)
				expect(
					stringWidth(
						line
							.map(({text}) => text)
							.join('')
							.trimEnd(),
					),
				).toBeLessThanOrEqual(width);
		}),
	);
});

test('of a path that is too long the end stays: its file, its line', () => {
	expect(endOf('connectors/price_list/connector.yaml:12:17', 24)).toBe('…st/connector.yaml:12:17');
	expect(endOf('a.yaml:1:2', 24)).toBe('a.yaml:1:2');
});

test('a paragraph with a head hangs under what follows it', () => {
	expect(wrapHanging('Why    it was never closed\nNext', 18)).toEqual(['Why    it was', '       never', '       closed', 'Next']);
});
