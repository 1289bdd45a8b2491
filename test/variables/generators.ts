import fc from 'fast-check';

/** Text nobody asked for: white space of all widths, marks, emoji, control characters, digits of other scripts, the wrong language. */
const nasty = fc.oneof(
	fc.string({unit: 'grapheme', maxLength: 12}),
	fc.string({unit: fc.constantFrom(' ', '\u00a0', '\u3000', '\t', '\n', '\ufeff', '\u200b', '\v', '\u0085', '0', '-', 'a'), maxLength: 6}),
	fc.constantFrom(
		'null',
		'NULL',
		'\\N',
		'NaN',
		'Infinity',
		'1e3',
		'0x1F',
		'١٢٣',
		'１２',
		'½',
		"' OR 1=1 --",
		'=1+1',
		'\u202e12',
		'İ',
		'ß',
		'🙂',
		'`',
		'\\',
		"\\'",
	),
);

/** A text with a flaw: a character dropped, doubled, put in or exchanged. */
function flawed(texts: fc.Arbitrary<string>, with_: fc.Arbitrary<string>): fc.Arbitrary<string> {
	return fc.tuple(texts, fc.nat(40), with_, fc.nat(3)).map(([text, place, piece, how]) => {
		const characters = [...text];
		const at = characters.length === 0 ? 0 : place % (characters.length + 1);
		if (how === 0) characters.splice(at, 1);
		if (how === 1) characters.splice(at, 0, piece);
		if (how === 2) characters.splice(at, 1, piece);
		if (how === 3) characters.splice(at, 0, characters[at] ?? '');
		return characters.join('');
	});
}

/** Mostly texts of the type, some nearly so, some not at all; some with white space around them, some blank. */
function mixture(valid: fc.Arbitrary<string>, pieces: readonly string[]): fc.Arbitrary<string> {
	const core = fc.oneof(
		{arbitrary: valid, weight: 5},
		{arbitrary: flawed(valid, fc.constantFrom(...pieces)), weight: 4},
		{arbitrary: nasty, weight: 1},
	);
	const space = fc.constantFrom('', '', '', '', ' ', '\u00a0', '\t ', '\u2003');
	return fc.tuple(space, core, space).map((parts) => parts.join(''));
}

const digits = (least: number, most: number) => fc.string({unit: fc.constantFrom(...'0123456789'), minLength: least, maxLength: most});
const two = (most: number) => fc.nat(most).chain((value) => fc.constantFrom(String(value), String(value).padStart(2, '0')));
const year = fc.oneof(
	fc.integer({min: 1970, max: 2037}).map(String),
	fc.nat(9999).map((value) => String(value).padStart(4, '0')),
	fc.constantFrom('1900', '2000', '2024', '0001', '0000', '9999', '1582', '2100'),
);
const date = fc.oneof(fc.tuple(year, two(13), two(32)), fc.tuple(year, fc.constantFrom('02', '2'), fc.constantFrom('28', '29', '30')));
const offset = fc.oneof(
	fc.constantFrom('Z', 'z', ' UTC', ' GMT', '+02:00', '-0530', '+14', '+00:00', '-00:00', ' +01:00', '+24:00', '+1:00'),
	fc
		.tuple(fc.constantFrom('+', '-'), fc.integer({min: 0, max: 25}), fc.integer({min: 0, max: 61}))
		.map(([sign, h, m]) => `${sign}${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`),
);
/** Times near midnight and near the hours at which clocks change. */
const hour = fc.oneof(two(25), fc.constantFrom('00', '01', '02', '03', '23', '24'));
const minute = fc.oneof(two(61), fc.constantFrom('00', '29', '30', '59').map(String));
const fraction = fc.oneof(
	fc.constant(''),
	fc.tuple(fc.constantFrom('.', ','), digits(1, 9)).map((parts) => parts.join('')),
);
const clock = fc.oneof(
	fc.tuple(hour, minute).map((parts) => parts.join(':')),
	fc.tuple(hour, minute, minute, fraction).map(([h, m, s, f]) => `${h}:${m}:${s}${f}`),
);
const datePieces = ['-', '/', '.', ' ', '0', '9', 'T', '−', '٣', ':', 'M', 'a', 'ſ'];

const patterned = (separator: string, order: 'ymd' | 'mdy' | 'dmy') =>
	date.map(([y, m, d]) => ({ymd: [y, m, d], mdy: [m, d, y], dmy: [d, m, y]})[order].join(separator));
const dateText = fc.oneof(
	patterned('-', 'ymd'),
	patterned('/', 'mdy'),
	patterned('/', 'dmy'),
	patterned('.', 'dmy'),
	patterned('-', 'mdy'),
	patterned('/', 'ymd'),
	fc
		.tuple(year, fc.integer({min: 1, max: 12}), fc.integer({min: 1, max: 31}))
		.map(([y, m, d]) => `${y}${String(m).padStart(2, '0')}${String(d).padStart(2, '0')}`),
);
const shortYear = fc.oneof(
	fc.nat(99).map((value) => String(value).padStart(2, '0')),
	fc.constantFrom('00', '68', '69', '99', '24'),
);
const monthWord = fc
	.tuple(
		fc.constantFrom(...'January February March April May June July August September October November December Sept Juli'.split(' ')),
		fc.boolean(),
		fc.nat(3),
	)
	.map(([name, short, how]) =>
		(short ? name.slice(0, 3) : name).replace(/.*/, (word) => [word.toLowerCase(), word.toUpperCase()][how] ?? word),
	);
const half = fc.constantFrom('AM', 'PM', 'am', 'pm', 'Am', 'pM', 'A', 'XM', '');
const halfHour = fc.oneof(two(13), fc.constantFrom('12', '12', '0', '00', '13'));
const halfClock = fc.oneof(
	fc.tuple(halfHour, minute, half).map(([h, m, a]) => `${h}:${m} ${a}`),
	fc.tuple(halfHour, minute, minute, half).map(([h, m, s, a]) => `${h}:${m}:${s}${a}`),
);
/** Dates as banks and office programs write them: short years, names of months. */
const bankText = fc.oneof(
	fc.tuple(two(32), two(13), shortYear).map((parts) => parts.join('.')),
	fc.tuple(two(13), two(32), shortYear).map((parts) => parts.join('/')),
	fc.tuple(shortYear, two(13), two(32)).map((parts) => parts.map((part) => part.padStart(2, '0')).join('')),
	fc.tuple(two(32), monthWord, year).map((parts) => parts.join(' ')),
	fc.tuple(two(32), monthWord, shortYear).map((parts) => parts.join('-')),
	fc.tuple(monthWord, two(32), year).map(([m, d, y]) => `${m} ${d}, ${y}`),
	fc.tuple(fc.constantFrom('28', '29', '30', '31', '01'), monthWord, year).map((parts) => parts.join('')),
);
const bankMoment = fc.oneof(
	fc.tuple(patterned('/', 'mdy'), halfClock).map((parts) => parts.join(' ')),
	fc.tuple(fc.tuple(two(32), two(13), shortYear), hour, minute).map(([d, h, m]) => `${d.join('.')} ${h}:${m}`),
	fc.tuple(two(32), monthWord, year, halfClock).map((parts) => parts.join(' ')),
	fc.tuple(halfHour, half, patterned('-', 'ymd')).map(([h, a, d]) => `${h}${a} ${d}`),
);

const isoText = fc
	.tuple(patterned('-', 'ymd'), fc.constantFrom('T', ' '), clock, fc.oneof(fc.constant(''), fc.constant(''), offset))
	.map((parts) => parts.join(''));
const localText = fc.tuple(patterned('/', 'dmy'), hour, minute).map(([d, h, m]) => `${d} ${h}:${m}`);
const fullText = fc.tuple(patterned('-', 'ymd'), clock, digits(3, 3), offset).map(([d, c, ms, o]) => `${d}T${c}.${ms}${o}`);
const epochText = fc.oneof(
	fc
		.tuple(
			fc.constantFrom('', '', '-'),
			digits(1, 14),
			fc.oneof(
				fc.constant(''),
				digits(1, 5).map((f) => `.${f}`),
			),
		)
		.map((parts) => parts.join('')),
	fc.integer({min: 0, max: 2_000_000_000}).map(String),
	fc.constantFrom('0', '1', '59', '60', '61', '2958465', '2958466', '253402300799', '253402300800', '-62135596800', '-62135596801'),
	fc.tuple(fc.nat(60_000), digits(1, 17)).map((parts) => parts.join('.')),
);

const amount = fc.tuple(
	fc.constantFrom('plain', ',', '.', ' ', "'", '\u2019', '\u202f', '\u00a0', 'indian'),
	fc.oneof(fc.bigInt({min: 0n, max: 10n ** 30n}), fc.bigInt({min: 0n, max: 99_999n})),
	fc.constantFrom('', '.', ','),
	digits(0, 6),
	fc.constantFrom('', '', '0', '00'),
);
const amountText = amount.map(([grouping, whole, point, rest, zeros]) => {
	const text = whole.toString();
	const western = text.replace(/\B(?=(\d{3})+$)/g, grouping);
	const indian = text.replace(/\B(?=(\d{2})*\d{3}$)/g, ',');
	const grouped = grouping === 'plain' ? text : grouping === 'indian' ? indian : western;
	return `${zeros}${grouped}${point}${point === '' ? '' : rest}`;
});
const mark = fc.constantFrom('$', '€', '£', '₹', 'US$', 'R$', 'EUR', 'USD', 'CHF', 'eur', 'XYZ', '%', '¥');
const gap = fc.constantFrom('', '', ' ', '\u00a0');
const sign = fc.constantFrom('', '-', '+', '\u2212');
const numberText = fc.oneof(
	amountText,
	fc.tuple(sign, amountText).map((parts) => parts.join('')),
	fc.tuple(sign, gap, mark, gap, amountText).map((parts) => parts.join('')),
	fc.tuple(mark, gap, sign, gap, amountText).map((parts) => parts.join('')),
	fc.tuple(sign, amountText, gap, mark).map((parts) => parts.join('')),
	fc.tuple(amountText, gap, sign, gap, mark).map((parts) => parts.join('')),
	fc.tuple(gap, mark, amountText).map(([g, m, a]) => `(${m}${g}${a})`),
	fc.tuple(amountText, gap, mark).map(([a, g, m]) => `(${a})${g}${m}`),
	fc.tuple(sign, amountText).map(([s, a]) => `(${s}${a})`),
);

const atom = fc.string({unit: fc.constantFrom(...'abzAZ019._-+%!ü日'), minLength: 1, maxLength: 12});
const label = fc.string({unit: fc.constantFrom(...'abzAZ09-é'), minLength: 1, maxLength: 8});
const emailText = fc.oneof(
	fc.tuple(atom, fc.array(label, {minLength: 1, maxLength: 3})).map(([local, labels]) => `${local}@${labels.join('.')}`),
	fc
		.tuple(fc.integer({min: 60, max: 66}), fc.integer({min: 60, max: 66}), fc.integer({min: 1, max: 4}))
		.map(([l, d, n]) => `${'a'.repeat(l)}@${`${'b'.repeat(d)}.`.repeat(n)}io`),
	fc.emailAddress(),
);

const uuidText = fc.tuple(fc.uuid(), fc.boolean(), fc.constantFrom('dashed', 'bare', 'braces', 'urn', 'URN')).map(([id, upper, form]) => {
	const text = upper ? id.toUpperCase() : id;
	const forms = {dashed: text, bare: text.replaceAll('-', ''), braces: `{${text}}`, urn: `urn:uuid:${text}`, URN: `URN:UUID:${text}`};
	return forms[form as keyof typeof forms];
});

const word = fc.constantFrom('true', 'false', 'yes', 'no', 'on', 'off', '1', '0', 't', 'f', 'checked', 'unchecked');
const booleanText = fc
	.tuple(word, fc.nat(3))
	.map(([text, how]) => (how === 0 ? text.toUpperCase() : how === 1 ? text[0]?.toUpperCase() + text.slice(1) : text));

/** Texts of each type, good and bad. */
export const texts = {
	boolean: mixture(booleanText, ['e', ' ', 'K', '1']),
	date: mixture(fc.oneof(dateText, bankText, isoText, epochText), datePieces),
	datetime: mixture(
		fc.oneof({arbitrary: isoText, weight: 3}, dateText, bankText, {arbitrary: bankMoment, weight: 2}, localText, fullText, epochText),
		datePieces,
	),
	email: mixture(emailText, ['@', '.', ' ', '"', '-', 'é', ',']),
	number: mixture(numberText, ['.', ',', '-', ' ', '0', 'e', '%', "'", '(', ')', '$', '٣']),
	string: mixture(fc.string({unit: 'binary', maxLength: 20}), ['\u0000', '\u001b', ' ']),
	uuid: mixture(uuidText, ['-', 'g', '0', '{']),
} as const;
