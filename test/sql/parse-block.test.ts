import fc from 'fast-check';
import {expect, test} from 'vitest';
import {parseBlock} from '../../source/engine/sql/parse-block.js';

/** A block as the engine writes it: a column a line, a blank behind each comma or none. */
function written(columns: readonly (readonly unknown[])[], between: string): string {
	const lines = columns.map((column) => `\t[${column.map((value) => JSON.stringify(value)).join(between)}]`);
	return `[\n${lines.join(',\n')}\n]\n`;
}

const value = fc.oneof(fc.string({unit: 'binary'}), fc.constant(null), fc.constantFrom('"', '\\', '\\"', '],[', '", "', 'null', '\n'));
const other = fc.oneof(value, fc.integer(), fc.boolean(), fc.array(value), fc.dictionary(fc.string(), value));

test('a block is read as JSON.parse would read it, whatever its texts hold', () => {
	const column = fc.oneof(fc.array(value), fc.array(other));
	fc.assert(
		fc.property(fc.array(column), fc.constantFrom(',', ', '), (columns, between) => {
			const document = written(columns, between);
			expect(parseBlock(document)).toEqual(JSON.parse(document));
		}),
		{numRuns: 2_000},
	);
});

test('a block without columns or rows is empty', () => {
	expect(parseBlock('[\n\n]\n')).toEqual([]);
	expect(parseBlock(written([[], []], ', '))).toEqual([[], []]);
});
