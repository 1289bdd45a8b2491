import fc from 'fast-check';
import {expect, test} from 'vitest';
import {checkJson} from '../../source/engine/intake/json/check-json.js';

const holds = (check: (text: string) => unknown, text: string): boolean => {
	try {
		check(text);
		return true;
	} catch (error) {
		if (error instanceof SyntaxError) return false;
		throw error;
	}
};

test('law: what is valid for JSON.parse is valid, with any character changed or taken out', () => {
	fc.assert(
		fc.property(fc.json(), fc.nat(), fc.constantFrom('', '"', '{', ']', ',', ':', '\\', '0', '-', 'e', ' ', '\n'), (text, place, other) => {
			const at = place % (text.length + 1);
			const changed = text.slice(0, at) + other + text.slice(at + 1);
			for (const tried of [text, changed]) expect(holds(checkJson, tried)).toBe(holds(JSON.parse, tried));
		}),
		{numRuns: 2_000},
	);
});

test.each([
	'',
	' ',
	'{}',
	'[]',
	'[1,]',
	'{"a":1,}',
	'01',
	'1.',
	'-',
	'1e',
	'NaN',
	'"\\u12g4"',
	'"\\x"',
	'"a\nb"',
	'[1] 2',
	'{"a" 1}',
	'[[]',
	'nul',
])('%j is as valid as for JSON.parse', (text) => expect(holds(checkJson, text)).toBe(holds(JSON.parse, text)));

test('ten million arrays within one another are refused, and as many side by side are looked at', () => {
	expect(() => checkJson('['.repeat(10_000_000))).toThrow('nested more than');
	checkJson(`[${'[],'.repeat(2_000_000)}1]`);
});
