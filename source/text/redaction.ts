/** Shorter values are no secrets: they are in every other word (SPEC 15). */
export const shortestSecret = 8;

const mark = '***';

/** A longer value is looked for in its plain forms alone: what its characters may become would be a pattern of megabytes. */
const longestPattern = 1_024;
/** Patterns are joined up to this length: engines of regular expressions refuse larger ones. */
const longestExpression = 50_000;

/**
 * Compiles a function that takes secrets out of texts, whatever spelling they come in: as they are, in other case, quoted for SQL (doubled
 * or with backslashes), as JSON, HTML or a URL escapes them, in Base64 at any place of a longer text (such as `user:secret`), in
 * hexadecimal, and in parts: the single lines of those that have several, such as a key in PEM, what an address cut off of one that was put
 * into it, and the password and the long parameters of one that is an address.
 */
export function compileRedaction(secrets: readonly string[]): (text: string) => string {
	const values = [...new Set(secrets.flatMap(partsOf).flatMap((value) => [value, ...addressParts(value)]))].filter(
		({length}) => length >= shortestSecret,
	);
	if (values.length === 0) return (text) => text;
	values.sort((a, b) => b.length - a.length);
	const plain = values.filter(({length}) => length > longestPattern).flatMap(plainForms);
	const expressions = joined(values.filter(({length}) => length <= longestPattern).flatMap(patternsOf));
	return (text) => {
		if (text.length < shortestSecret) return text;
		let cleared = text;
		for (const value of plain) cleared = cleared.replaceAll(value, mark);
		for (const expression of expressions) cleared = cleared.replaceAll(expression, mark);
		return cleared;
	};
}

/** A structure with all its texts redacted, names of members included. */
export function redactedTexts<Value>(value: Value, redact: (text: string) => string): Value {
	const cleared = (part: unknown): unknown => {
		if (typeof part === 'string') return redact(part);
		if (Array.isArray(part)) return part.map(cleared);
		if (part === null || typeof part !== 'object') return part;
		return Object.fromEntries(Object.entries(part).map(([name, member]) => [redact(name), cleared(member)]));
	};
	return cleared(value) as Value;
}

/** The value, and its lines where it has several. The frame of a PEM is in every key. */
function partsOf(value: string): readonly string[] {
	const whole = value.trim();
	const lines = whole.split(/[\r\n]+/).map((line) => line.trim());
	return lines.length === 1 ? [whole] : [whole, ...lines.filter((line) => !/^-{5}.*-{5}$/.test(line))];
}

/** Parameters of an address that are as long as this are keys and signatures. */
const shortestParameter = 16;
/** Characters at which an address is taken apart. */
const delimiters = /[/?#@\\]/g;
/** Of a secret with more of them, such as a long key in Base64, the first ones count. */
const mostDelimiters = 8;

/** What is left of a secret where a reader of addresses takes it apart. */
function addressParts(value: string): readonly string[] {
	if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) return secretsOfAddress(value);
	if (value.length > longestPattern / 4) return [];
	return [...value.matchAll(delimiters)]
		.slice(0, mostDelimiters)
		.flatMap(({index}) => [value.slice(0, index), value.slice(index + 1)])
		.filter(isTelling);
}

/** Whether a part is more than a word, such as the host of a mail address. */
function isTelling(part: string): boolean {
	if (!/[\p{L}\p{N}]/u.test(part)) return false;
	return /[^\p{L}\p{N}._-]/u.test(part) || /^(?=.*\p{L})(?=.*\p{N})[^.]*$/u.test(part);
}

function secretsOfAddress(value: string): readonly string[] {
	if (!URL.canParse(value)) return [];
	const {password, searchParams} = new URL(value);
	const parameters = [...searchParams.values()].filter(({length}) => length >= shortestParameter);
	return [decoded(password), ...parameters];
}

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

function plainForms(value: string): readonly string[] {
	const base64 = Buffer.from(value, 'utf8').toString('base64');
	return [value, JSON.stringify(value).slice(1, -1), value.replaceAll("'", "''"), encodeURIComponent(value), base64].sort(
		(a, b) => b.length - a.length,
	);
}

function patternsOf(value: string): readonly string[] {
	const bytes = Buffer.from(value, 'utf8');
	return [spelled(value), ...base64Cores(bytes).map(base64Pattern), anyCase(bytes.toString('hex'))];
}

function joined(patterns: readonly string[]): readonly RegExp[] {
	const expressions: RegExp[] = [];
	let source = '';
	for (const pattern of patterns) {
		if (source !== '' && source.length + pattern.length > longestExpression) {
			expressions.push(new RegExp(source, 'gu'));
			source = '';
		}
		source = source === '' ? pattern : `${source}|${pattern}`;
	}
	expressions.push(new RegExp(source, 'gu'));
	return expressions;
}

/** Characters that escaping repeats or puts backslashes before. */
const quoting = /[\\'"`]/;
/** One character of a run of them, in any spelling. */
const quoted = '(?:[\\\\\'"`]|%(?:25)*(?:5[Cc]|27|22|60)|u00(?:5[Cc]|27|22|60)|&(?:quot|apos|#39|#34|#x27|#x22);)';

/** A pattern of all spellings of a value, character by character, so that mixtures of them are found too. */
function spelled(value: string): string {
	// A word of letters alone may be one of the language, such as "password": only as it is written it is the secret.
	const inAnyCase = value.length >= 16 || /[^\p{L}]/u.test(value);
	let pattern = '';
	let run = 0;
	const endRun = (): void => {
		// why one quantifier for a whole run: several in a row would take exponential time on a text of backslashes
		if (run > 0) pattern += `${quoted}{${run},}`;
		run = 0;
	};
	for (const character of value) {
		if (quoting.test(character)) {
			run++;
			continue;
		}
		endRun();
		pattern += spellingsOf(character, inAnyCase);
	}
	endRun();
	return pattern;
}

const named: Readonly<Record<string, string>> = {
	'\n': '\\r?\\n|\\\\+(?:r\\\\+)?n',
	'\r': '\\r|\\\\+r',
	'\t': '\\t|\\\\+t',
	' ': ' |\\+',
	'&': '&(?:amp;)?',
	'<': '<|&lt;',
	'>': '>|&gt;',
	'/': '\\\\*/',
};

function spellingsOf(character: string, inAnyCase: boolean): string {
	const cases = inAnyCase
		? [character, character.toLowerCase(), character.toUpperCase()].filter((one) => [...one].length === 1)
		: [character];
	const spellings = [...new Set(cases)].flatMap((one) => [
		(Object.hasOwn(named, one) ? named[one] : undefined) ?? escaped(one),
		percentEncoded(Buffer.from(one, 'utf8')),
		...(one > '\u007f' && one <= '\u00ff' ? [percentEncoded(Buffer.from(one, 'latin1'))] : []),
		Array.from({length: one.length}, (_, at) => `\\\\+u${anyCase(one.charCodeAt(at).toString(16).padStart(4, '0'))}`).join(''),
	]);
	return `(?:${spellings.join('|')})`;
}

/** `%25` for `%` any number of times: an address within an address. */
function percentEncoded(bytes: Uint8Array): string {
	return Array.from(bytes, (byte) => `%(?:25)*${anyCase(byte.toString(16).padStart(2, '0'))}`).join('');
}

/** Hexadecimal digits in either case. */
function anyCase(digits: string): string {
	return digits.replaceAll(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

function escaped(character: string): string {
	return character.replaceAll(/[$()*+.?[\\\]^{|}/]/g, (one) => `\\${one}`);
}

/** The part of the value's Base64 that does not depend on its neighbours, for each of the three places it may begin at. */
function base64Cores(bytes: Uint8Array): readonly string[] {
	return [0, 1, 2].map((shift) => {
		const text = Buffer.concat([Buffer.alloc(shift), bytes])
			.toString('base64')
			.replaceAll('=', '');
		const begin = Math.ceil((shift * 8) / 6);
		const end = Math.floor(((shift + bytes.length) * 8) / 6);
		return text.slice(begin, end);
	});
}

/** Also in its URL-safe form, and with percent signs; a letter and the signs behind it may hold the value's last bits. */
function base64Pattern(core: string): string {
	const characters = core.replaceAll(/[+/]/g, (one) => (one === '+' ? '(?:[+\\-]|%2[Bb])' : '(?:[\\/_]|\\\\+\\/|%2[Ff])'));
	return `[A-Za-z0-9+\\/_\\-]?${characters}[A-Za-z0-9+\\/_\\-]?(?:=|%3[Dd]){0,2}`;
}
