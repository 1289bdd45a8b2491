import {stripVTControlCharacters} from 'node:util';
import {expect, test} from 'vitest';
import {Easel} from '../../source/console/terminal/line-placeholders.js';

test('a line stands where its character was placed', () => {
	const easel = new Easel();
	const [a, b] = [easel.hold('\u001b[31mred\u001b[0m and plain'), easel.hold('second')];
	expect(easel.paint(`${a}\n${b}`)).toBe('\u001b[31mred\u001b[0m and plain\nsecond');
	expect(stripVTControlCharacters(easel.paint(`${a}              ${b}`))).toBe('red and plain  second');
});

test('a line that begins further right lies over the one before, with its own colours', () => {
	const easel = new Easel();
	const body = easel.hold('0123456789');
	const over = easel.hold('\u001b[32mOVER\u001b[0m');
	const row = easel.paint(`${body}  ${over}`);
	expect(stripVTControlCharacters(row)).toBe('012OVER789');
	expect(row).toBe('012\u001b[0;32mOVER\u001b[0m789');
});

test('a wide character that is half covered becomes blank, so that columns stay straight', () => {
	const easel = new Easel();
	const body = easel.hold('顧客顧客');
	const over = easel.hold('abc');
	expect(stripVTControlCharacters(easel.paint(`${body}${over}`))).toBe(' abc顧客');
});

test('a line that is let go makes room for another, and too many are drawn as they are', () => {
	const easel = new Easel();
	const first = easel.hold('first');
	easel.letGo(first);
	expect(easel.hold('second')).toBe(first);
	expect(easel.paint(first)).toBe('second');
	for (let line = 0; line < 10_000; line++) easel.hold(`line ${line}`);
	expect(easel.hold('one too many')).toBe('one too many');
});
