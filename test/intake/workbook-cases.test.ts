import {expect, test} from 'vitest';
import {onlyPage} from './support/intake.js';
import {workbook} from './support/workbook.js';
import {workbookCases} from './support/workbook-cases.js';

test.each(workbookCases)('$what', async ({workbook: options, row}) => {
	const {rows} = await onlyPage('x.xlsx', await workbook(options));
	expect(rows[0]?.slice(1)).toEqual(row);
});
