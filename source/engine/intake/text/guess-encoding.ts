import {commonCharacters, type Language, type LanguageGroup, languagesOf} from './letter-frequencies.js';
import {decodeText} from './text-decoder.js';

type Candidate = {
	readonly name: string;
	readonly groups: readonly LanguageGroup[];
	/** How likely the encoding is before its text is seen, as a logarithm. */
	readonly prior: number;
};

/** Encodings of one byte a character. Where two read a text alike, the first one is taken. */
const singleByte: readonly Candidate[] = [
	{name: 'windows-1252', groups: ['western'], prior: 2},
	{name: 'windows-1250', groups: ['central'], prior: 0},
	{name: 'windows-1251', groups: ['cyrillic'], prior: 0},
	{name: 'windows-1254', groups: ['turkish'], prior: 0},
	{name: 'windows-1253', groups: ['greek'], prior: 0},
	{name: 'windows-1255', groups: ['hebrew'], prior: 0},
	{name: 'windows-1256', groups: ['arabic'], prior: 0},
	{name: 'windows-1257', groups: ['baltic'], prior: -1},
	{name: 'windows-1258', groups: ['vietnamese'], prior: -4},
	{name: 'windows-874', groups: ['thai'], prior: 0},
	{name: 'macintosh', groups: ['western'], prior: -1},
	{name: 'cp850', groups: ['western'], prior: -1},
	{name: 'cp852', groups: ['central'], prior: -2},
	{name: 'cp857', groups: ['turkish'], prior: -3},
	{name: 'iso-8859-15', groups: ['western'], prior: -1},
	{name: 'iso-8859-2', groups: ['central'], prior: -1},
	{name: 'ibm866', groups: ['cyrillic'], prior: -1},
	{name: 'koi8-r', groups: ['russian'], prior: -1},
	{name: 'koi8-u', groups: ['cyrillic'], prior: -1.5},
	{name: 'x-mac-cyrillic', groups: ['cyrillic'], prior: -2},
	{name: 'iso-8859-5', groups: ['cyrillic'], prior: -2},
	{name: 'iso-8859-7', groups: ['greek'], prior: -1},
	{name: 'iso-8859-8', groups: ['hebrew'], prior: -2},
	{name: 'iso-8859-6', groups: ['arabic'], prior: -2},
	{name: 'iso-8859-13', groups: ['baltic'], prior: -2},
];

type EastAsian = {
	readonly name: string;
	readonly common: ReadonlySet<string>;
	/** First bytes of the characters that its standard calls the frequent ones. */
	readonly frequent: readonly [first: number, last: number];
	readonly trail: readonly [first: number, last: number];
};

const eastAsian: readonly EastAsian[] = [
	{name: 'shift_jis', common: commonCharacters.japanese, frequent: [0x88, 0x98], trail: [0x40, 0xfc]},
	{name: 'euc-jp', common: commonCharacters.japanese, frequent: [0xb0, 0xcf], trail: [0xa1, 0xfe]},
	{name: 'gb18030', common: commonCharacters.simplified, frequent: [0xb0, 0xd7], trail: [0xa1, 0xfe]},
	{name: 'big5', common: commonCharacters.traditional, frequent: [0xa4, 0xc6], trail: [0x40, 0xfe]},
	{name: 'euc-kr', common: commonCharacters.korean, frequent: [0xb0, 0xc8], trail: [0xa1, 0xfe]},
];

/** How likely a character is in a text, as a logarithm. */
const [strange, impossible] = [-9, -15];
/** Signs that stand in texts of every language. */
const signs = new Map([...'€–—‘’“”„«»°§£©®™…·ºª²³¿¡№½\u00a0×±•'].map((sign) => [sign, -5.5]));

/**
 * The encoding in which lines that are not UTF-8 read most like text of one of some thirty languages: each character outside ASCII is as
 * likely as its letter is frequent, in its place in the word. Never certain.
 *
 * @param lines whole lines with bytes outside ASCII
 */
export function guessEncoding(lines: Uint8Array): string {
	let best = {name: 'windows-1252', score: Number.NEGATIVE_INFINITY};
	for (const {name, groups, prior} of singleByte) {
		const text = decodeText(lines, name);
		const scores = groups.flatMap((group) => languagesOf[group].map((language) => likelihood(text, language)));
		const score = Math.max(...scores) + prior;
		if (score > best.score) best = {name, score};
	}
	for (const candidate of eastAsian) {
		const text = decodedWhole(lines, candidate.name);
		const score = text === null ? Number.NEGATIVE_INFINITY : eastAsianLikelihood(text, candidate);
		if (score > best.score) best = {name: candidate.name, score};
	}
	return best.name;
}

/** The text where every byte of it is of the encoding, but for a few at the end: the last line may be cut off. */
function decodedWhole(lines: Uint8Array, name: string): string | null {
	const text = decodeText(lines, name);
	const stray = text.indexOf('\uFFFD');
	return stray >= 0 && stray < text.length - 2 ? null : text;
}

function likelihood(text: string, {letters, ownScript}: Language): number {
	let sum = 0;
	for (let at = 0; at < text.length; at++) {
		if (text.charCodeAt(at) < 0x80) continue;
		const character = text[at] ?? '';
		const [before, after] = [text[at - 1] ?? ' ', text[at + 1] ?? ' '];
		if (!isLetter(character)) {
			sum += signLikelihood(character, before, after);
			continue;
		}
		const lower = character.toLowerCase();
		const share = letters.get(character) ?? letters.get(lower);
		sum += share === undefined ? strange : Math.log(share / 100);
		sum += caseLikelihood(character, before, after, text[at - 2] ?? ' ');
		for (const neighbour of [before, after]) {
			if (neighbour < '\u0080' ? ownScript && isLetter(neighbour) : !ownScript && isLetter(neighbour)) sum -= ownScript ? 4 : 1.5;
		}
	}
	return sum;
}

function signLikelihood(character: string, before: string, after: string): number {
	if (character === '\uFFFD' || /[\p{Cc}\p{Co}\p{Cn}]/u.test(character)) return impossible;
	const known = signs.get(character);
	if (known === undefined) return strange - 2;
	const insideWord = isLetter(before) && isLetter(after) && character !== '’';
	return insideWord ? strange - 1 : known;
}

/** Capitals begin words or fill them. */
function caseLikelihood(character: string, before: string, after: string, beforeThat: string): number {
	if (isUpper(character)) {
		if (isLower(before)) return -6;
		return -1.5;
	}
	if (!isLower(character)) return 0;
	if (isUpper(before) && (isUpper(beforeThat) || isUpper(after))) return -3;
	return !isLetter(before) && isUpper(after) ? -5 : 0;
}

const isLetter = (character: string) => /[\p{L}\p{M}]/u.test(character);
const isUpper = (character: string) => character !== character.toLowerCase();
const isLower = (character: string) => character !== character.toUpperCase();

function eastAsianLikelihood(text: string, {name, common, frequent, trail}: EastAsian): number {
	const frequentOnes = frequentCharacters(name, frequent, trail);
	const korean = name === 'euc-kr';
	let sum = -1;
	let before = ' ';
	for (const character of text) {
		const code = character.codePointAt(0) ?? 0;
		if (code >= 0x80) sum += eastAsianCharacter(character, code, before, {common, frequentOnes, korean});
		before = character;
	}
	return sum;
}

function eastAsianCharacter(
	character: string,
	code: number,
	before: string,
	{common, frequentOnes, korean}: {common: ReadonlySet<string>; frequentOnes: ReadonlySet<string>; korean: boolean},
): number {
	const japanese = common === commonCharacters.japanese;
	if (code >= 0x3040 && code <= 0x30ff) return japanese ? -4.5 : -10;
	if (code >= 0xff61 && code <= 0xff9f) return /[\uff61-\uff9f]/.test(before) ? -6 : -9;
	if (common.has(character)) return -6;
	if (code >= 0xac00 && code <= 0xd7a3) return korean && frequentOnes.has(character) ? -8 : -14;
	if (code >= 0x4e00 && code <= 0x9fff) return frequentOnes.has(character) && !korean ? -8.5 : -12;
	if ((code >= 0x3000 && code <= 0x3020) || (code >= 0xff01 && code <= 0xff5e)) return -7;
	return impossible;
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
