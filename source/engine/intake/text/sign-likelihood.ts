/** How likely a sign is where typography does not put it, as logarithms: one that texts have, one that they do not have, one that no text has. */
const [outOfPlace, unknown, impossible] = [-9, -11, -15];

/** What is next to a sign. */
type Neighbours = {
	readonly before: string;
	readonly after: string;
	/** How many letters come right before and after it, counted up to three. */
	readonly lettersBefore: number;
	readonly lettersAfter: number;
	/** The characters next to it but for one space. */
	readonly nearBefore: string;
	readonly nearAfter: string;
	/** The text that comes next, and the one before. */
	readonly ahead: string;
	readonly behind: string;
	readonly lineBefore: string;
	readonly lineAfter: string;
};

type Rule = (place: Neighbours) => number;

const digit = /[0-9]/;
const opens = (place: Neighbours) => place.lettersBefore === 0 && !digit.test(place.before) && /[\p{L}\p{N}]/u.test(place.after);
const closes = (place: Neighbours) => /[\p{L}\p{N}.,!?…)%]/u.test(place.before) && place.lettersAfter === 0 && !digit.test(place.after);
const betweenDigits = (place: Neighbours) => digit.test(place.nearBefore) && digit.test(place.nearAfter);
const isFree = ({before, after}: Neighbours) => !isWordCharacter(before) && !isWordCharacter(after);
const isInWord = (place: Neighbours) => place.lettersBefore > 0 && place.lettersAfter > 0;
/** Between two words: a sign that is a letter in truth has few letters on one side more often than not. */
const dividesWords = (place: Neighbours) => place.lettersBefore > 2 && place.lettersAfter > 2;
const nearDigit = (place: Neighbours) => digit.test(place.nearBefore) || digit.test(place.nearAfter);

const currency: Rule = (place) => {
	if (place.lettersBefore > 0 || place.lettersAfter > 0) return /[A-Z]/.test(place.before) && digit.test(place.after) ? -2.5 : outOfPlace;
	return nearDigit(place) || /[-+]/.test(place.after) ? -1 : -2;
};
const dash: Rule = (place) => {
	if (betweenDigits(place) || (isFree(place) && / |\u00a0/.test(place.before + place.after))) return -0.7;
	if (dividesWords(place)) return -1.2;
	if (isInWord(place)) return -7;
	return place.lettersBefore > 0 ? -5 : -3.5;
};
/** A quote has its other half on the line. */
const openingQuote =
	(closing: RegExp): Rule =>
	(place) =>
		opens(place) ? (closing.test(place.lineAfter) ? -1 : -4.5) : outOfPlace;
const closingQuote =
	(opening: RegExp): Rule =>
	(place) =>
		closes(place) ? (opening.test(place.lineBefore) ? -1 : digit.test(place.before) ? -3 : -6) : outOfPlace;
const eitherQuote =
	(one: Rule, other: Rule): Rule =>
	(place) =>
		Math.max(one(place), other(place));
const guillemet: Rule = (place) => {
	if (!opens(place) && !closes(place) && !isFree(place)) return outOfPlace;
	return /[«»‹›]/.test(place.lineBefore + place.lineAfter) ? -2 : -6;
};
/** The endings and beginnings of words that an apostrophe takes part in: `don’t`, `it’s`, `l’eau`, `O’Neil`. */
const [contraction, elision] = [/^(?:t|s|re|ve|ll|d|m|em|n)(?!\p{L})/iu, /(?:(?<!\p{L})(?:[cdjlmnst]|qu|O)|ourd)$/iu];
const apostrophe: Rule = (place) => {
	if (contraction.test(place.ahead) && place.lettersBefore > 0) return -0.5;
	if (elision.test(place.behind) && place.lettersAfter > 0) return /[aeiouyhàâéèêëîïôûA-ZÉÈÀÎ]/.test(place.after) ? -1.2 : -4;
	if (isInWord(place)) return -7;
	if (closes(place)) return /s/i.test(place.before) || /[‘‚]/.test(place.lineBefore) ? -1.2 : -4;
	return opens(place) ? -4 : outOfPlace;
};
const afterDigit: Rule = (place) => (digit.test(place.nearBefore) ? -1.5 : isFree(place) ? -3.5 : outOfPlace);
/** What is squared, cubed, or has a note. */
const units = /(?<!\p{L})(?:[cdkm]?m|ft|in|yd|[xyr])$/iu;
const raised: Rule = (place) => {
	if (place.lettersAfter > 0 || !isWordCharacter(place.before)) return outOfPlace;
	return place.lettersBefore === 0 || units.test(place.behind) ? -2 : -7;
};
const fraction: Rule = (place) => (place.lettersBefore === 0 && (place.lettersAfter === 0 || digit.test(place.before)) ? -2 : outOfPlace);
const ordinal: Rule = (place) => {
	if (place.lettersAfter > 0) return outOfPlace;
	return digit.test(place.before) || /(?<!\p{L})n\.?$/iu.test(place.behind) ? -1 : /[A-Za-z.]/.test(place.before) ? -4 : outOfPlace;
};
const operator: Rule = (place) => (place.lettersBefore > 0 || place.lettersAfter > 0 ? outOfPlace : nearDigit(place) ? -2 : -4);
const mark: Rule = (place) => {
	if (place.lettersAfter > 0) return outOfPlace;
	return place.lettersBefore > 0 ? -1.2 : digit.test(place.before) ? -2.5 : isFree(place) ? -2.5 : outOfPlace;
};
const number: Rule = (place) => (place.lettersBefore === 0 && digit.test(place.nearAfter) ? -1 : isFree(place) ? -3 : outOfPlace);
const opening =
	(closing: RegExp): Rule =>
	(place) =>
		opens(place) ? (closing.test(place.lineAfter) ? -1 : -5) : outOfPlace;
const bullet: Rule = (place) => (isFree(place) || opens(place) ? -2 : outOfPlace);
const space: Rule = (place) => {
	if (betweenDigits(place)) return -0.7;
	if (isInWord(place)) return dividesWords(place) || /\p{Lu}/u.test(place.after) ? -3 : -6.5;
	return /\p{Ll}/u.test(place.after) && !digit.test(place.before) ? -4 : -2;
};

/** The signs of texts in any language, each with the places that typography puts it. */
const rules: ReadonlyMap<string, Rule> = new Map(
	(
		[
			['£€¥¢', currency],
			['₪฿', (place) => currency(place) - 2],
			['–—', dash],
			['„', openingQuote(/[“”]/)],
			['‚', openingQuote(/[‘’]/)],
			['“', eitherQuote(openingQuote(/”/), closingQuote(/„/))],
			['”', closingQuote(/[“„”]/)],
			['‘', eitherQuote(openingQuote(/’/), closingQuote(/‚/))],
			['’', apostrophe],
			['´', (place) => apostrophe(place) - 2],
			['«»‹›', guillemet],
			['…', (place) => (isInWord(place) ? (dividesWords(place) ? -3 : outOfPlace) : closes(place) ? -0.9 : isFree(place) ? -2.5 : -5)],
			['°‰', afterDigit],
			['¹²³', raised],
			['½¼¾', fraction],
			['ªº', ordinal],
			['×±÷≤≥≠', operator],
			['®™', mark],
			['©', (place) => Math.max(number(place), mark(place))],
			['§№¶', number],
			['¿', opening(/\?/)],
			['¡', opening(/!/)],
			['•·†‡', bullet],
			['\u00a0', space],
			['µ', (place) => (place.lettersBefore === 0 && /^[mglsAVFWHP]?(?!\p{L})/u.test(place.ahead) ? -2 : outOfPlace)],
		] satisfies [string, Rule][]
	).flatMap(([signs, rule]) => [...signs].map((sign): [string, Rule] => [sign, rule])),
);

/** How likely a character is where it stands, as a logarithm; null for a letter. The same letters and digits are next to it in any encoding. */
export function signLikelihood(text: string, at: number): number | null {
	const character = text[at] ?? '';
	const rule = rules.get(character);
	if (rule) {
		const place = surroundings(text, at);
		return rule(place) + (isOddSign(place.before) || isOddSign(place.after) ? -4 : 0);
	}
	if (isLetter(character)) return character === 'Ø' && isDiameter(text, at) ? -2 : null;
	return character === '\uFFFD' || /[\p{Cc}\p{Co}\p{Cn}]/u.test(character) ? impossible : unknown;
}

export const isLetter = (character: string) => /[\p{L}\p{M}]/u.test(character);
const isWordCharacter = (character: string) => /[\p{L}\p{M}\p{N}]/u.test(character);

/** A sign that has no other sign next to it as a rule. */
const isOddSign = (character: string) => character >= '\u0080' && !isWordCharacter(character) && !/[\u00a0“”„‘’‚«»…–—]/.test(character);

function isDiameter(text: string, at: number): boolean {
	const {before, nearAfter} = surroundings(text, at);
	return !isWordCharacter(before) && digit.test(nearAfter);
}

function surroundings(text: string, at: number): Neighbours {
	const [behind, ahead] = [text.slice(Math.max(0, at - 4), at), text.slice(at + 1, at + 5)];
	const [before, after] = [behind.at(-1) ?? ' ', ahead[0] ?? ' '];
	return {
		before,
		after,
		behind,
		ahead,
		lineBefore: text.slice(Math.max(text.lastIndexOf('\n', at) + 1, at - mostLine), at),
		lineAfter: text.slice(at + 1, at + mostLine).split('\n', 1)[0] ?? '',
		lettersBefore: /[\p{L}\p{M}]{0,3}$/u.exec(behind)?.[0].length ?? 0,
		lettersAfter: /^[\p{L}\p{M}]{0,3}/u.exec(ahead)?.[0].length ?? 0,
		nearBefore: isSpace(before) ? (behind.at(-2) ?? ' ') : before,
		nearAfter: isSpace(after) ? (ahead[1] ?? ' ') : after,
	};
}

/** How far the other half of a quote may be. */
const mostLine = 300;
const isSpace = (character: string) => character === ' ' || character === '\u00a0';
