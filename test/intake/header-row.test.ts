import {expect, test} from 'vitest';
import {findHeaderRow, type TextRow} from '../../source/engine/intake/header-row.js';

/** Rows as a person would draw them: `|` between cells, blank lines counted and left out. */
function rows(...lines: readonly string[]): readonly TextRow[] {
	return lines.flatMap((text, at) => (text.trim() === '' ? [] : [{line: at + 1, cells: text.split('|').map((cell) => cell.trim())}]));
}

const found: Readonly<Record<string, readonly [number | 'none', readonly string[]]>> = {
	'a title, and a blank row': [3, ['Sales 2024', '', 'name|city|notes', 'Ann|Rome|x', 'Bob|Oslo|y']],
	'a title padded with blank cells, as Excel writes it': [2, ['Report||', 'code|name|price', 'A|one|1.50', 'B|two|2.00']],
	'a title above two columns': [2, ['Customers', 'name|city', 'Ann|Rome', 'Bob|Oslo']],
	'a title above one row': [2, ['Stock', 'sku|name|count', 'A1|bolt|7']],
	'settings of a bank, name by name': [
		6,
		[
			'Account|DE12 3456',
			'From|01.11.2025',
			'Balance|1.234,56|EUR',
			'',
			'',
			'Date|Payee|Purpose|Amount|Currency',
			'02.11.2025|Shop|Food|-12,50|EUR',
		],
	],
	'settings, name by name, above three columns': [3, ['Account|DE12', 'From|01.05.2025', 'code|name|price', 'A|one|1,5', 'B|two|2,5']],
	'DATEV: settings of the export in one row, then the names': [
		2,
		[
			'EXTF|700|21|Buchungsstapel|7|20240130|RE|x',
			'Umsatz|Soll/Haben|WKZ|Kurs|Basis|WKZ Basis|Konto|Gegenkonto|BU|Belegdatum|Belegfeld 1|Belegfeld 2',
			'12,50|S|EUR|||  |8400|10000||3001|R1|',
			'7,00|H|EUR||||8400|10001||3001|R2|',
		],
	],
	'group names above names': [
		2,
		['||Address|||Contact', 'id|name|street|city|country|mail', '1|Ann|A 1|Rome|IT|ann@x.io', '2|Bob|B 2|Oslo|NO|bob@x.io'],
	],
	'a note of some length, with commas of its own': [
		4,
		[
			'Notes:|',
			'When you export your data| you may notice that some is missing',
			'',
			'First|Last|URL|Email|Company|Position',
			'Ann|Ng|https://x.io/a||X|CTO',
			'Bob|Ray|https://x.io/b||Y|CEO',
		],
	],
	'dates as names, under a title': [2, ['Plan', 'product|2024-01-01|2024-02-01', 'A|5|6', 'B|7|8']],
	'no header: the first row holds values as the others do': [
		'none',
		['Ann|ann@x.io|12.50', 'Bob|bob@x.io|7.00', 'Cid|cid@x.io|1.10', 'Dan|dan@x.io|3.00'],
	],
};

for (const [what, [line, lines]] of Object.entries(found)) {
	test(`the header is found: ${what}`, () => expect(findHeaderRow(rows(...lines))).toBe(line));
}

const left: Readonly<Record<string, readonly string[]>> = {
	'an ordinary file': ['code|name|price', 'A|one|1.50', 'B|two|2.00', 'C|three|3.10'],
	'text alone': ['name|city', 'Ann|Rome', 'Bob|Oslo', 'Cid|Bern'],
	'a first row with a value that is missing': ['code|price', 'A|n/a', 'B|5', 'C|6', 'D|7'],
	'names that are blank': ['|a|b', '1|x|y', '2|z|w', '3|u|v'],
	'years as names, and rows without values': ['country|2019|2020', 'Aruba|..|..', 'Spain|5|6', 'Italy|7|8'],
	'dates as names, and a row without values': ['country|2019-01-01|2020-01-01', 'Aruba|..|..', 'Spain|5|6', 'Italy|7|8'],
	'a last name that is blank': ['code|name', 'A|one|x', 'B|two|y', 'C|three|z'],
	'a last name that is blank, above values': ['code|name', 'A|one|1.5', 'B|two|2.5', 'C|three|3.5'],
	'one column': ['note', 'first', 'second', 'third'],
	'one column of texts with commas': ['note', 'a| b', 'c', 'd| e| f', 'g', 'h| i'],
	'a header alone': ['code|name|price'],
	'a title and a header alone': ['Report', 'code|name|price'],
	'sparse rows under a wide header': ['a|b|c|d|e|f', 'x|||||', 'y|z||||', 'w|||||', 'v|u|t|||'],
	'a second, wider table below the first': ['code|price', 'A|5', 'B|6', 'C|7', 'D|8', 'w|x|y|z|v', 'E|9', 'F|1', 'p|q|r|s|t'],
	'nothing at all': [],
};

for (const [what, lines] of Object.entries(left)) {
	test(`the first row stays the header: ${what}`, () => expect(findHeaderRow(rows(...lines))).toBeNull());
}

test('a header behind row 50 is not looked for', () => {
	const lines = [...Array.from({length: 50}, (_, at) => `note ${at}`), 'a|b|c', '1|2|3', '4|5|6'];
	expect(findHeaderRow(rows(...lines))).toBeNull();
	expect(findHeaderRow(rows(...lines.slice(1)))).toBe(50);
});
