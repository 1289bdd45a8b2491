import {stripVTControlCharacters} from 'node:util';
import {expect, test} from 'vitest';
import {LinePlaceholders} from '../../source/console/terminal/line-placeholders.js';

test('a line stands where its character was placed', () => {
	const placeholders = new LinePlaceholders();
	const [a, b] = [placeholders.register('\u001b[31mred\u001b[0m and plain'), placeholders.register('second')];
	expect(placeholders.paint(`${a}\n${b}`)).toBe('\u001b[31mred\u001b[0m and plain\nsecond');
	expect(stripVTControlCharacters(placeholders.paint(`${a}              ${b}`))).toBe('red and plain  second');
});

test('a line that begins further right lies over the one before, with its own colours', () => {
	const placeholders = new LinePlaceholders();
	const body = placeholders.register('0123456789');
	const over = placeholders.register('\u001b[32mOVER\u001b[0m');
	const row = placeholders.paint(`${body}  ${over}`);
	expect(stripVTControlCharacters(row)).toBe('012OVER789');
	expect(row).toBe('012\u001b[0;32mOVER\u001b[0m789');
});

test('a wide character that is half covered becomes blank, so that columns stay straight', () => {
	const placeholders = new LinePlaceholders();
	const body = placeholders.register('顧客顧客');
	const over = placeholders.register('abc');
	expect(stripVTControlCharacters(placeholders.paint(`${body}${over}`))).toBe(' abc顧客');
});

test('a line that is let go makes room for another, and too many are drawn as they are', () => {
	const placeholders = new LinePlaceholders();
	const first = placeholders.register('first');
	placeholders.release(first);
	expect(placeholders.register('second')).toBe(first);
	expect(placeholders.paint(first)).toBe('second');
	for (let line = 0; line < 10_000; line++) placeholders.register(`line ${line}`);
	expect(placeholders.register('one too many')).toBe('one too many');
});
