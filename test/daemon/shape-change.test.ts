import {expect, test} from 'vitest';
import {changeLines, shapeChange} from '../../source/daemon/failure/shape-change.js';

const head = (...columns: string[]) => ({name: 'page', columns});
const told = (before: ReturnType<typeof head>[], now: ReturnType<typeof head>[]) => changeLines(shapeChange(before, now), now.length > 1);

test('the same columns in another order are no change', () => {
	expect(told([head('sku', 'price', 'name')], [head('name', 'sku', 'price')])).toEqual([]);
});

test('a column that came, one that went, and one under another name are told apart', () => {
	expect(told([head('sku', 'price', 'colour', 'old')], [head('sku', 'price_eur', 'color', 'brand_new')])).toEqual([
		'column renamed: price is now price_eur',
		'column renamed: colour is now color',
		'column gone: old',
		'column added: brand_new',
	]);
});

test('two columns cannot both be the one that now stands there', () => {
	expect(told([head('name1', 'name2')], [head('name3')])).toEqual(['column renamed: name1 is now name3', 'column gone: name2']);
});

test('pages belong together by name, else by position', () => {
	const [a, b] = [
		{name: 'a', columns: ['x']},
		{name: 'b', columns: ['y']},
	];
	expect(told([a, b], [b, {name: 'c', columns: ['x', 'zeta']}])).toEqual(['c: column added: zeta']);
	expect(told([a, b], [a])).toEqual(['page gone: b']);
});
