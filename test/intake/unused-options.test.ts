import {expect, test} from 'vitest';
import {unusedOptions} from '../../source/engine/intake/unused-options.js';
import {defaultReadOptions} from '../../source/model/read-options.js';

const read = {...defaultReadOptions, headerRow: 2, columns: ['a'], skipLast: 1, encoding: 'utf-8', sheet: 'S'};

test.each([
	['x.csv', []],
	['x.xlsx', []],
	['x.zip', []],
	['x.jsonl', ['x.jsonl: read.header_row, read.columns, read.skip_last do nothing to a JSON file; all its rows are read']],
	['x.parquet', ['x.parquet: read.header_row, read.columns, read.skip_last do nothing to a Parquet file; all its rows are read']],
])('options for rows are said to do nothing to a file that has no such rows: %s', (name, messages) => {
	expect(unusedOptions(name, read).map(({message}) => message)).toEqual(messages);
	expect(unusedOptions(name, {...read, headerRow: null, columns: null, skipLast: 0})).toEqual([]);
});
