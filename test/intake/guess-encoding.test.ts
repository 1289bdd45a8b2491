import iconv from 'iconv-lite';
import {expect, test} from 'vitest';
import {guessEncoding} from '../../source/engine/intake/text/guess-encoding.js';
import {decodeText} from '../../source/engine/intake/text/text-decoder.js';

/** A text as it is read by a guess, in as many rows. */
function guessed(text: string, encoding: string, rows: number): string {
	const bytes = iconv.encode(Array.from({length: rows}, (_, at) => `${at};${text}`).join('\n'), encoding);
	return decodeText(bytes, guessEncoding(bytes)).split('\n', 1)[0]?.slice(2) ?? '';
}

const sizes = [1, 20, 300] as const;

test.each([
	...[
		'£13.72',
		'71,50 €',
		'€ 5',
		'-£5',
		'€',
		'16\u00a0607',
		'A\u00a0B',
		'§ 5 BGB',
		'½ × ¼',
		'1½ in',
		'20 °C',
		'±5 µm',
		'm²',
		'Nº 5',
		'Ø 20',
		'99¢',
	],
	...['don’t call', 'it’s late', 'O’Neil', 'l’eau', 'aujourd’hui', 'dogs’ food', 'Mon – Fri', 'Mon–Fri', '5–7', 'word—word and'],
	...[
		'“hello” he said…',
		'‘quoted’ text',
		'„Zitat“',
		'« oui »',
		'wait…',
		'¿Que tal?',
		'• item',
		'Kleenex®',
		'©2024 ACME®',
		'™ Brand',
		'Foo™ Bar',
	],
])('a table whose only characters outside ASCII are signs is windows-1252, however long it is: %s', (text) => {
	for (const rows of sizes) expect(guessed(text, 'windows-1252', rows)).toBe(text);
});

test.each([
	['cp850', '£13.72'],
	['cp850', '16\u00a0607'],
	['macintosh', '“quote” – yes'],
	['macintosh', 'don’t'],
	['iso-8859-15', '71,50 €'],
	['windows-1250', 'Škoda – „Dvořák“'],
	['windows-1250', '10 Kč'],
	['windows-1250', '10 zł'],
	['windows-1251', '№ 5 ООО «Ромашка»'],
	['windows-1251', '100 руб.'],
	['cp850', 'Málaga,Cádiz'],
	['macintosh', 'García,León'],
])('signs of %s are known by their places: %s', (encoding, text) => {
	for (const rows of sizes) expect(guessed(text, encoding === 'macintosh' ? 'macroman' : encoding, rows)).toBe(text);
});

test.each([
	['windows-1251', 'РОМАШКА,ТОРГОВЫЙ ДОМ,МОСКВА'],
	['windows-1251', 'ТОВАРИСТВО,КИЇВ,ХАРКІВ,УКРАЇНА'],
	['windows-1251', 'СОФИЯ,ПЛОВДИВ,ДРУЖЕСТВО,ТЪРГОВИЯ'],
	['koi8-r', 'РОМАШКА,ТОРГОВЫЙ ДОМ,МОСКВА'],
	['cp866', 'РОМАШКА,ТОРГОВЫЙ ДОМ,МОСКВА'],
	['windows-1253', 'ΠΑΠΑΔΟΠΟΥΛΟΣ,ΑΘΗΝΑ,ΕΤΑΙΡΕΙΑ'],
	['iso-8859-7', 'ΠΑΠΑΔΟΠΟΥΛΟΣ,ΑΘΗΝΑ,ΕΤΑΙΡΕΙΑ'],
	['windows-1250', 'ŁÓDŹ,GDAŃSK,CZĘSTOCHOWA'],
	['windows-1254', 'İSTANBUL,ŞANLIURFA,ÇAĞLA'],
	['windows-1252', 'MÜNCHEN,KÖLN,STRASSE'],
	['shift_jis', 'ﾔﾏﾀﾞ ﾀﾛｳ,ｽｽﾞｷ ﾊﾅｺ,ｶﾌﾞｼｷｶﾞｲｼﾔ'],
])('capitals in %s, and letters of half width, are read: %s', (encoding, text) => {
	for (const rows of sizes) expect(guessed(text, encoding, rows)).toBe(text);
});

test('a word that stands in every row is no more certain than it is in one', () => {
	for (const word of ['façade', 'São Paulo', 'Ça va', 'Château', 'GARÇON']) expect(guessed(word, 'windows-1252', 300)).toBe(word);
});
