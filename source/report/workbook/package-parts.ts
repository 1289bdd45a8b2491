import {filterRange} from './sheet-frame.js';
import {xmlText} from './xml-text.js';

/** A sheet as the workbook lists it; `rows` below the header where it has a filter. */
export type ListedSheet = {readonly name: string; readonly filtered: {readonly rows: number; readonly columns: number} | null};

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packages = 'http://schemas.openxmlformats.org/package/2006';
const mainType = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

export const sheetPath = (number: number) => `xl/worksheets/sheet${number}.xml`;

export function contentTypesXml(sheets: number): string {
	const overrides = Array.from(
		{length: sheets},
		(_, index) => `<Override PartName="/${sheetPath(index + 1)}" ContentType="${mainType}.worksheet+xml"/>`,
	);
	return `${declaration}<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${mainType}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${mainType}.styles+xml"/>${overrides.join('')}</Types>`;
}

export const packageRelationshipsXml = `${declaration}<Relationships xmlns="${packages}/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`;

export function workbookRelationshipsXml(sheets: number): string {
	const worksheets = Array.from(
		{length: sheets},
		(_, index) => `<Relationship Id="rId${index + 1}" Type="${office}/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`,
	);
	return `${declaration}<Relationships xmlns="${packages}/relationships">${worksheets.join('')}<Relationship Id="rId${sheets + 1}" Type="${office}/styles" Target="styles.xml"/></Relationships>`;
}

/** why the hidden names: Excel itself writes one beside each filter, and shows a filter without it as broken in some versions */
export function workbookXml(sheets: readonly ListedSheet[]): string {
	const listed = sheets.map(({name}, index) => `<sheet name="${xmlText(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`);
	const filters = sheets.flatMap(({name, filtered}, index) => {
		if (filtered === null || filtered.columns === 0) return [];
		const range = filterRange(filtered.columns, filtered.rows).replaceAll(/([A-Z]+)(\d+)/g, '$$$1$$$2');
		return [
			`<definedName name="_xlnm._FilterDatabase" localSheetId="${index}" hidden="1">${xmlText(`'${name.replaceAll("'", "''")}'!${range}`)}</definedName>`,
		];
	});
	return `${declaration}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${office}"><bookViews><workbookView/></bookViews><sheets>${listed.join('')}</sheets>${filters.length > 0 ? `<definedNames>${filters.join('')}</definedNames>` : ''}</workbook>`;
}
