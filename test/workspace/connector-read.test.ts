import {describe, expect, test} from 'vitest';
import {buildRead} from '../../source/workspace/connector/build-read.js';
import {connectorSchema} from '../../source/workspace/schema/connector-schema.js';
import type {Report} from '../../source/workspace/shape/report.js';
import {connector, each} from './connector-cases.js';

describe('how its input file is read', () => {
	const read = (options: string) => connector({more: `read: ${options}`});
	each([
		[
			'all options',
			read('{encoding: windows-1250, delimiter: ";", header_row: 5, columns: [a, b], skip_last: 1, sheet: Data, hidden: false}'),
		],
		['a column named twice', read('{columns: [a, b, §a]}'), ['"a" is named twice', 'a name of its own for each column']],
		[
			'columns whose names are one after cleaning',
			read('{columns: [a b, Ä, §a_b]}'),
			['"a b" and "a_b" are both the column a_b', 'a name of its own for each column'],
		],
		[
			'a header row in quotes',
			read('{header_row: §"5"}'),
			['"header_row" must be a whole number, or none, not a text: write 5 without quotes', 'a whole number, or none'],
		],
		['a header row that is no number', read('{header_row: §first}'), ['"first" is not a value of "header_row"', 'a whole number, or none']],
		['a number in quotes', read('{skip_last: §"1"}'), ['"skip_last" must be a whole number, not a text: write 1 without quotes']],
		['a truth in quotes', read('{hidden: §"true"}'), ['"hidden" must be true or false, not a text: write true without quotes']],
		['a header row before the first', read('{header_row: §0}'), ['"header_row" must be at least 1']],
		['an option that is misspelt', read('{§delimeter: ";"}'), ['Unknown key "delimeter". Did you mean "delimiter"?']],
		[
			'options of a webhook',
			'type: §webhook\nwebhook: {auth: {bearer: t}}\n§read: {skip_last: 1}\n',
			['A connector of type webhook needs SQL, and none is named'],
			['"read" says nothing for the type webhook', 'type: spreadsheet'],
		],
	]);
});

test('a tab is written as a word or as itself', () => {
	const delimiterOf = (delimiter: string) => buildRead(connectorSchema.parse({read: {delimiter}}), {} as Report).delimiter;
	expect(['tab', '\t', ';'].map(delimiterOf)).toEqual(['\t', '\t', ';']);
});
