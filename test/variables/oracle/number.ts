import {currencyCodes} from '../../../source/engine/variables/types/currency-codes.js';

const gaps = [' ', '\u00a0', '\u2009', '\u202f'];
const apostrophes = ["'", '\u2019'];
const isDigit = (character: string | undefined) => character !== undefined && character >= '0' && character <= '9';

/** Reads a number as a careful person would: what stands around the digits first, then the digits and their groups. */
export function numberOf(text: string, decimalComma: boolean): string | null {
	const characters = [...text];
	const isBody = (character: string) => isDigit(character) || character === '.' || character === ',';
	const first = characters.findIndex(isBody);
	const last = characters.findLastIndex(isBody);
	if (first < 0) return null;
	const around = judge(characters.slice(0, first), characters.slice(last + 1));
	const digits = digitsOf(characters.slice(first, last + 1), decimalComma);
	if (around === null || digits === null) return null;
	return around.negative && /[1-9]/.test(digits) ? `-${digits}` : digits;
}

type Token = 'open' | 'close' | 'plus' | 'minus' | 'mark';

function judge(before: readonly string[], after: readonly string[]): {negative: boolean} | null {
	const left = tokens(before);
	const right = tokens(after);
	if (left === null || right === null) return null;
	const all = [...left, ...right];
	const count = (token: Token) => all.filter((other) => other === token).length;
	if (count('mark') > 1) return null;
	if (count('open') + count('close') > 0) {
		const opens = left.filter((token) => token === 'open').length === 1 && count('open') === 1;
		const closes = right.filter((token) => token === 'close').length === 1 && count('close') === 1;
		return opens && closes && count('plus') + count('minus') === 0 ? {negative: true} : null;
	}
	if (count('plus') + count('minus') > 1 || right.includes('plus')) return null;
	return {negative: count('minus') === 1};
}

function tokens(characters: readonly string[]): Token[] | null {
	const found: Token[] = [];
	let rest = characters.filter((character) => !gaps.includes(character)).join('');
	const solid = characters.join('');
	while (rest !== '') {
		const [token, size] = tokenAt(rest, solid);
		if (token === null) return null;
		found.push(token);
		rest = rest.slice(size);
	}
	return found;
}

function tokenAt(rest: string, solid: string): [Token | null, number] {
	const single: Readonly<Record<string, Token>> = {'(': 'open', ')': 'close', '+': 'plus', '-': 'minus', '\u2212': 'minus', '%': 'mark'};
	const [character = ''] = rest;
	const known = single[character];
	if (known !== undefined) return [known, 1];
	const code = rest.slice(0, 3);
	if (currencyCodes.includes(code) && solid.includes(code)) return ['mark', 3];
	for (const letters of [0, 1, 2]) {
		const named = rest.slice(0, letters + 1);
		if (named.length === letters + 1 && /^[A-Z]*\$$/.test(named) && solid.includes(named)) return ['mark', letters + 1];
	}
	return /^\p{Sc}$/u.test(character) ? ['mark', character.length] : [null, 0];
}

function digitsOf(body: readonly string[], decimalComma: boolean): string | null {
	const [point, comma] = decimalComma ? [',', '.'] : ['.', ','];
	const at = body.indexOf(point);
	const whole = at < 0 ? body : body.slice(0, at);
	const fraction = at < 0 ? [] : body.slice(at + 1);
	if (!fraction.every(isDigit) || (whole.length === 0 && fraction.length === 0)) return null;
	const digits = whole.length === 0 ? '0' : ungrouped(whole, comma);
	if (digits === null) return null;
	const value = BigInt(digits).toString();
	return fraction.length === 0 ? value : `${value}.${fraction.join('')}`;
}

function ungrouped(whole: readonly string[], comma: string): string | null {
	if (whole.every(isDigit)) return whole.join('');
	const families = [[comma], apostrophes, gaps];
	const family = families.find((separators) => whole.every((character) => isDigit(character) || separators.includes(character)));
	if (family === undefined) return null;
	const groups: string[] = [''];
	for (const character of whole) {
		if (family.includes(character)) groups.push('');
		else groups.push((groups.pop() ?? '') + character);
	}
	const sizes = groups.map((group) => group.length);
	const [head = 0] = sizes;
	const tail = sizes.slice(1);
	if (head === 0 || groups[0]?.startsWith('0')) return null;
	const western = head <= 3 && tail.every((size) => size === 3);
	const indian =
		family.includes(comma) && head <= 2 && tail.length > 1 && tail.at(-1) === 3 && tail.slice(0, -1).every((size) => size === 2);
	return western || indian ? groups.join('') : null;
}
