import {commonCharacters, halfWidthKana} from './letter-frequencies.js';
import {decodeText} from './text-decoder.js';

type EastAsian = {
	readonly name: string;
	readonly common: ReadonlySet<string>;
	/** First bytes of the characters that its standard calls the frequent ones. */
	readonly frequent: readonly [first: number, last: number];
	readonly trail: readonly [first: number, last: number];
};

export const eastAsian: readonly EastAsian[] = [
	{name: 'shift_jis', common: commonCharacters.japanese, frequent: [0x88, 0x98], trail: [0x40, 0xfc]},
	{name: 'euc-jp', common: commonCharacters.japanese, frequent: [0xb0, 0xcf], trail: [0xa1, 0xfe]},
	{name: 'gb18030', common: commonCharacters.simplified, frequent: [0xb0, 0xd7], trail: [0xa1, 0xfe]},
	{name: 'big5', common: commonCharacters.traditional, frequent: [0xa4, 0xc6], trail: [0x40, 0xfe]},
	{name: 'euc-kr', common: commonCharacters.korean, frequent: [0xb0, 0xc8], trail: [0xa1, 0xfe]},
];

const impossible = -15;

/** How likely the characters of a text are in an encoding of East Asia, as a logarithm. */
export function eastAsianLikelihood(text: string, {name, common, frequent, trail}: EastAsian): number {
	const frequentOnes = frequentCharacters(name, frequent, trail);
	const korean = name === 'euc-kr';
	const characters = [...text];
	let sum = -1;
	for (const [at, character] of characters.entries()) {
		const code = character.codePointAt(0) ?? 0;
		if (code < 0x80) continue;
		const [before, after] = [characters[at - 1] ?? ' ', characters[at + 1] ?? ' '];
		sum += isHalfWidthKana(character)
			? halfWidthLikelihood(character, before, after)
			: eastAsianCharacter(character, code, {common, frequentOnes, korean});
	}
	return sum;
}

function eastAsianCharacter(
	character: string,
	code: number,
	{common, frequentOnes, korean}: {common: ReadonlySet<string>; frequentOnes: ReadonlySet<string>; korean: boolean},
): number {
	const japanese = common === commonCharacters.japanese;
	if (code >= 0x3040 && code <= 0x30ff) return japanese ? -4.5 : -10;
	if (common.has(character)) return -6;
	if (code >= 0xac00 && code <= 0xd7a3) return korean && frequentOnes.has(character) ? -8 : -14;
	if (code >= 0x4e00 && code <= 0x9fff) return frequentOnes.has(character) && !korean ? -8.5 : -12;
	if ((code >= 0x3000 && code <= 0x3020) || (code >= 0xff01 && code <= 0xff5e)) return -7;
	return impossible;
}

const isHalfWidthKana = (character: string) => character >= '\uff61' && character <= '\uff9f';

/** What each sign of a voiced sound comes behind, and the letters that begin no word. */
const [voiced, halfVoiced, begins] = [/[ｳｶ-ﾄﾊ-ﾎ]/, /[ﾊ-ﾎ]/, /[^ｧ-ｯｰﾝﾞﾟ]/];

/** One byte each, as in the files of Japanese banks: letters of European encodings have the same bytes, so that its place must fit. */
function halfWidthLikelihood(character: string, before: string, after: string): number {
	const share = halfWidthKana.get(character);
	if (share === undefined) return -9;
	let sum = Math.log(share / 100);
	if (character === 'ﾞ' && !voiced.test(before)) sum -= 6;
	if (character === 'ﾟ' && !halfVoiced.test(before)) sum -= 6;
	if (!isHalfWidthKana(before)) sum -= begins.test(character) ? 1 : 5;
	if (!isHalfWidthKana(before) && !isHalfWidthKana(after)) sum -= 5;
	for (const neighbour of [before, after]) if (/[a-z]/i.test(neighbour)) sum -= 4;
	return sum;
}

const frequentSets = new Map<string, ReadonlySet<string>>();

function frequentCharacters(
	name: string,
	[first, last]: readonly [number, number],
	[from, to]: readonly [number, number],
): ReadonlySet<string> {
	const known = frequentSets.get(name);
	if (known) return known;
	const bytes: number[] = [];
	for (let lead = first; lead <= last; lead++) for (let second = from; second <= to; second++) bytes.push(lead, second, 0x0a);
	const set = new Set(decodeText(Uint8Array.from(bytes), name));
	frequentSets.set(name, set);
	return set;
}
