import {SluiceError} from '../../model/errors.js';
import {leftOutSheets} from '../execution/left-out-sheets.js';
import type {Page} from './page.js';

/** Pages that a message names; the others are counted. */
const mostNamedPages = 20;

/** The error of an input with several pages, whose connector has no SQL. */
export function severalPages(file: string, pages: readonly Page[]): SluiceError {
	const names = pages.slice(0, mostNamedPages).map(({name, hidden}) => `"${name}"${hidden ? ' (hidden)' : ''}`);
	if (pages.length > names.length) names.push(`${pages.length - names.length} more`);
	const ofWorkbook = /\.xlsx$/i.test(file);
	return new SluiceError(
		'intake.several_pages',
		`${file} has ${pages.length} pages, and the connector has no SQL to join them: ${names.join(', ')}${leftOutSheets(pages)}`,
		{
			where: file,
			expected: 'one page',
			...(ofWorkbook
				? {
						cure: 'Name the sheet to read (read: {sheet: …} in connector.yaml), give the connector a transform.sql, or send a workbook with one sheet.',
					}
				: {}),
		},
	);
}
