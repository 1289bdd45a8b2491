import {SluiceError} from '../../../model/errors.js';
import {nearest} from '../../../model/nearest.js';
import type {ReadOptions} from '../../../model/read-options.js';
import type {Sheet} from './workbook.js';

/** A sheet that makes no page, with the last of its rows, and the last of those with text. */
export type SheetEnd = {readonly sheet: string; readonly lastRow: number; readonly lastText: number};

/** Sheets that a message names; the others are counted. */
const mostNamed = 10;

/**
 * The sheets that are read, and the hidden ones that are not (SPEC 4). A sheet that is named is read though it is hidden.
 *
 * @throws SluiceError `intake.sheet` where the one that is named is missing
 */
export function selectSheets(
	file: string,
	all: readonly Sheet[],
	{sheet, hidden}: Pick<ReadOptions, 'sheet' | 'hidden'>,
): {readonly sheets: readonly Sheet[]; readonly leftOut: readonly Sheet[]} {
	if (sheet !== null) {
		// Excel tells no two sheets apart by case.
		const found = all.find(({name}) => name === sheet) ?? all.find(({name}) => same(name, sheet));
		if (found) return {sheets: [found], leftOut: []};
		const close = nearest(
			sheet,
			all.map(({name}) => name),
		);
		throw new SluiceError('intake.sheet', `${file} has no sheet "${sheet}"${close === undefined ? '' : `; the nearest is "${close}"`}`, {
			where: file,
			expected: `the sheet that read.sheet names; the workbook has ${listed(all)}`,
		});
	}
	return {
		sheets: all.filter((each) => hidden || !each.hidden),
		leftOut: all.filter((each) => !hidden && each.hidden),
	};
}

function same(a: string, b: string): boolean {
	return a.trim().toLowerCase() === b.trim().toLowerCase();
}

/** What becomes of a sheet without a header where one is said to be: a warning, or null for a sheet that is empty anyway. */
export function noHeaderRow({sheet, lastText}: SheetEnd, {headerRow}: Pick<ReadOptions, 'headerRow'>): string | null {
	if (typeof headerRow !== 'number' || lastText === 0) return null;
	return `${sheet} is left out: it has no text from row ${headerRow} on (read.header_row)`;
}

/** The error for a workbook without any page. */
export function emptyWorkbook(
	file: string,
	{ends, leftOut, read}: {ends: readonly SheetEnd[]; leftOut: readonly Sheet[]; read: Pick<ReadOptions, 'headerRow'>},
): SluiceError {
	const [end] = ends.filter(({lastRow}) => lastRow > 0);
	if (end && typeof read.headerRow === 'number') {
		return new SluiceError('intake.header_row', `${file} has no text from row ${read.headerRow} on, where its header is said to stand`, {
			where: `${file}, sheet ${end.sheet}, row ${end.lastRow}`,
			expected: `a header in row ${read.headerRow} (read.header_row)`,
		});
	}
	const looked = ends.length === 0 ? '' : `, only ${listed(ends.map(({sheet}) => ({name: sheet, hidden: false})))}`;
	return new SluiceError('intake.empty', `${file} has no sheet that holds anything${looked}`, {
		where: file,
		...(leftOut.length === 0
			? {}
			: {
					cure: `Left out as hidden: ${listed(leftOut.map(({name}) => ({name, hidden: false})))}. Set read: {hidden: true} to read hidden sheets.`,
				}),
	});
}

function listed(sheets: readonly Pick<Sheet, 'name' | 'hidden'>[]): string {
	const names = sheets.slice(0, mostNamed).map(({name, hidden}) => `"${name}"${hidden ? ' (hidden)' : ''}`);
	if (sheets.length > names.length) names.push(`${sheets.length - names.length} more`);
	return names.join(', ');
}
