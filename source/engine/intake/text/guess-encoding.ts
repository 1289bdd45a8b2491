import {distinctCells} from './distinct-cells.js';
import {eastAsian, eastAsianLikelihood} from './east-asian-likelihood.js';
import {type LanguageGroup, languagesOf} from './letter-frequencies.js';
import {characterPlaces, likelihood} from './letter-likelihood.js';
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

/**
 * The encoding in which lines that are not UTF-8 read most like text of one of some thirty languages: each letter outside ASCII is as likely
 * as it is frequent, in its place in the word; each sign is as likely as its place is usual for it. Never certain.
 *
 * @param lines whole lines with bytes outside ASCII
 */
export function guessEncoding(lines: Uint8Array): string {
	const cells = distinctCells(lines);
	let best = {name: 'windows-1252', score: Number.NEGATIVE_INFINITY};
	for (const {name, groups, prior} of singleByte) {
		const places = characterPlaces(decodeText(cells, name));
		const scores = groups.flatMap((group) => languagesOf[group].map((language) => likelihood(places, language)));
		const score = Math.max(...scores) + prior;
		if (score > best.score) best = {name, score};
	}
	for (const candidate of eastAsian) {
		const text = decodedWhole(cells, candidate.name);
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
