import type {Language} from './letter-frequencies.js';
import {isLetter, signLikelihood} from './sign-likelihood.js';

/** How likely a letter is that a language does not have, as a logarithm. */
const strange = -9;

/** A letter outside ASCII, and what its place in the text tells. Likelihoods are logarithms. */
type LetterPlace = {
	readonly letter: string;
	readonly lower: string;
	/** The letter that comes before it, in lower case; empty where there is none. */
	readonly before: string;
	/** By its case beside that of its neighbours, and by its place in the word. */
	readonly form: number;
	/** By a capital in a word of capitals. */
	readonly capitals: number;
	readonly asciiNeighbours: number;
	readonly otherNeighbours: number;
	/** Where no letter is next to it: in a language that is written with ASCII letters, and in one that is not. */
	readonly alone: number;
	readonly aloneInOwnScript: number;
};

/** The characters of a text that are outside ASCII. */
export type CharacterPlaces = {readonly letters: readonly LetterPlace[]; readonly signs: number};

/** Looks at each character outside ASCII in its place, whatever the language. */
export function characterPlaces(text: string): CharacterPlaces {
	const letters: LetterPlace[] = [];
	let signs = 0;
	for (let at = 0; at < text.length; at++) {
		if (text.charCodeAt(at) < 0x80) continue;
		const sign = signLikelihood(text, at);
		if (sign === null) letters.push(letterPlace(text, at));
		else signs += sign;
	}
	return {letters, signs};
}

/** How likely the characters are in a text of a language, as a logarithm. */
export function likelihood({letters, signs}: CharacterPlaces, {letters: shares, ownScript, vowels}: Language): number {
	let [sum, capitals] = [signs, 0];
	for (const place of letters) {
		const share = shares.get(place.letter) ?? shares.get(place.lower);
		sum += share === undefined ? strange : Math.log(share / 100);
		sum += place.form + (ownScript ? place.aloneInOwnScript - 4 * place.asciiNeighbours : place.alone - 1.5 * place.otherNeighbours);
		if (vowels.size > 0 && share !== undefined) sum += turnLikelihood(vowels, place);
		capitals += place.capitals;
	}
	// However long a text of capitals is, its letters decide.
	return sum + Math.max(capitals, leastForCapitals);
}

const leastForCapitals = -3;

/** Vowels and consonants take turns. */
function turnLikelihood(vowels: ReadonlySet<string>, {lower, before}: LetterPlace): number {
	if (before < '\u0080') return 0;
	if (vowels.has(lower)) return vowels.has(before) ? -1 : 0.4;
	return vowels.has(before) ? 0.4 : -0.4;
}

function letterPlace(text: string, at: number): LetterPlace {
	const letter = text[at] ?? '';
	const [before, after] = [text[at - 1] ?? '\n', text[at + 1] ?? '\n'];
	const neighbours = [before, after].filter(isLetter);
	const asciiNeighbours = neighbours.filter((each) => each < '\u0080').length;
	const isAlone = neighbours.length === 0;
	const besideDigit = /[0-9]/.test(before) || /[0-9]/.test(after);
	return {
		letter,
		lower: letter.toLowerCase(),
		before: isLetter(before) ? before.toLowerCase() : '',
		form: caseLikelihood(text, at) + placeLikelihood(letter, before, after) + (usualWords.has(wordAround(text, at)) ? 2.5 : 0),
		capitals: isUpper(letter) && isUpper(before) && !isLower(after) ? -0.3 : 0,
		asciiNeighbours,
		otherNeighbours: neighbours.length - asciiNeighbours,
		alone: isAlone ? aloneLikelihood(letter, before, after, besideDigit) : 0,
		aloneInOwnScript: isAlone ? -2.5 : 0,
	};
}

/** Words that are often the only ones outside ASCII in a table. */
const usualWords: ReadonlySet<string> = new Set(['zł', 'Kč', 'руб', 'грн', 'лв', 'шт']);

/** The word that a letter is in, as far as it is a short one. */
function wordAround(text: string, at: number): string {
	const before = /[\p{L}\p{M}]*$/u.exec(text.slice(Math.max(0, at - 4), at))?.[0] ?? '';
	return before + (/^[\p{L}\p{M}]*/u.exec(text.slice(at, at + 5))?.[0] ?? '');
}

const cellEnds = ',;\t|"\r\n';
/** Letters that are words of their own in some language. */
const wordsOfOneLetter = 'àèéóòíáúåöæ';

/** A letter without others next to it is a word, an initial, or a sign of another encoding. */
function aloneLikelihood(letter: string, before: string, after: string, besideDigit: boolean): number {
	if (besideDigit) return -8;
	if (isUpper(letter) && after === '.') return -1;
	if (cellEnds.includes(before) && cellEnds.includes(after)) return -3;
	return wordsOfOneLetter.includes(letter.toLowerCase()) ? -2 : -7;
}

/** Capitals begin words or fill them. A word of capitals is as likely as it is in lower case. */
function caseLikelihood(text: string, at: number): number {
	const character = text[at] ?? '';
	const [before, after] = [text[at - 1] ?? ' ', text[at + 1] ?? ' '];
	if (isUpper(character)) {
		if (isLower(before)) return -6;
		if (!isUpper(before)) return -1.5;
		return isLower(after) ? -1.5 : 0;
	}
	if (!isLower(character)) return 0;
	if (isUpper(after)) return -5;
	return isUpper(before) && isUpper(text[at - 2] ?? ' ') ? -3 : 0;
}

/** Letters that only end a word, one that only stands elsewhere, and letters that begin none. */
const [endings, notAtEnd, notAtStart] = ['ςךםןףץةى', 'σ', 'ьъыЬЪЫ'];

function placeLikelihood(letter: string, before: string, after: string): number {
	if (endings.includes(letter)) return isLetter(before) && !isLetter(after) ? 0 : -4;
	if (notAtEnd.includes(letter)) return isLetter(after) ? 0 : -4;
	return notAtStart.includes(letter) && !isLetter(before) ? -4 : 0;
}

const isUpper = (character: string) => character !== character.toLowerCase();
const isLower = (character: string) => character !== character.toUpperCase();
