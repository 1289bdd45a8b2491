import * as z from 'zod';
import {filled} from './text.js';

/** How an input file is read where detection cannot know (SPEC 4). */
export const read = z.strictObject({
	encoding: filled()
		.meta({examples: ['windows-1250', 'shift_jis', 'utf-8']})
		.optional()
		.describe('The character encoding of a text file. Default: detected.'),
	delimiter: z
		.enum([',', ';', 'tab', '|', '\t'])
		.optional()
		.describe('What stands between the cells of a text file: `,` `;` `tab` or `|`. Default: detected.'),
	header_row: z
		.union([z.int().min(1), z.literal('none')])
		.optional()
		.describe('The line of a text file, or the row of a sheet, that holds the header; `none` where there is none. Default: the first row.'),
	columns: z
		.array(filled())
		.min(1)
		.optional()
		.describe('Names of the columns, by position, in place of those of the header. Without a header the default is `_1`, `_2`, ...'),
	skip_last: z.int().min(0).max(100).default(0).describe('How many of the last rows are left out.'),
	sheet: filled().optional().describe('The one sheet of a workbook that is read. Default: each that is not empty.'),
	hidden: z.boolean().default(false).describe('Whether hidden sheets of a workbook are read too.'),
});
