import {expect, test} from 'vitest';
import {cleanHeaders} from '../../source/engine/intake/header.js';
import {distinctTableNames, fileTableNames} from '../../source/engine/intake/page-names.js';
import {onlyPage} from './support/intake.js';

test.each<[string, string[], string[]]>([
	['lower-case', ['SKU', 'Name'], ['sku', 'name']],
	['blanks around a header do not count', ['  sku ', '\tname\u00a0'], ['sku', 'name']],
	['each other character is an underscore', ['Unit price (€)', 'a-b.c/d'], ['unit_price____', 'a_b_c_d']],
	['an accent, an emoji and a line break are one underscore each', ['prénom', '😀', 'a\nb'], ['pr_nom', '_', 'a_b']],
	['a leading digit gets an underscore', ['2024 sales', '1'], ['_2024_sales', '_1']],
	['blank headers are numbered among themselves', ['a', '', 'b', '  ', ''], ['a', '_1', 'b', '_2', '_3']],
	['repeats are numbered', ['a', 'A', ' a '], ['a', 'a__duplicate_1__', 'a__duplicate_2__']],
	['a repeat never takes a name that stands already', ['a__duplicate_1__', 'a', 'a'], ['a__duplicate_1__', 'a', 'a__duplicate_2__']],
	[
		'a generated name that comes again is a repeat',
		['a', 'a', 'a__duplicate_1__'],
		['a', 'a__duplicate_1__', 'a__duplicate_1____duplicate_1__'],
	],
	['a blank one after a header 1', ['1', ''], ['_1', '_1__duplicate_1__']],
	['the hidden column keeps its name', ['_line', 'LINE', '_Line'], ['_line__duplicate_1__', 'line', '_line__duplicate_2__']],
])('%s', (_what, headers, columns) => expect(cleanHeaders(headers)).toEqual(columns));

test('a header that cleans to _line can be read beside the line itself', async () => {
	const {page, rows} = await onlyPage('x.csv', '_line,a\n77,x\n');
	expect(page.columns).toEqual(['_line__duplicate_1__', 'a']);
	expect(rows).toEqual([[2, '77', 'x']]);
});

test.each<[string, string[]]>([
	['vendors.csv', ['vendors_csv', 'vendors']],
	['Vendors 2024.CSV', ['vendors_2024_csv', 'vendors_2024']],
	['2024.csv', ['_2024_csv', '_2024']],
	['feed.csv.gz', ['feed_csv_gz', 'feed_csv', 'feed']],
	['a.b.csv', ['a_b_csv', 'a_b']],
	['.csv', ['_csv']],
])('%s is reachable by its cleaned name with and without extension', (file, names) => expect(fileTableNames(file)).toEqual(names));

test('pages whose names clean to the same keep one each', () => {
	expect(
		distinctTableNames([
			['a_b_csv', 'a_b'],
			['a_b_csv', 'a_b'],
		]),
	).toEqual([
		['a_b_csv', 'a_b'],
		['a_b_csv__duplicate_1__', 'a_b__duplicate_1__'],
	]);
});
