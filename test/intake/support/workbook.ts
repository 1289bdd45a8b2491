import JSZip from 'jszip';

export type WorkbookOptions = {
	/** The XML inside `<sheetData>`, by sheet name; or a whole worksheet when it begins with `<worksheet` or `<?xml`. */
	readonly sheets: Readonly<Record<string, string>>;
	/** The XML inside `<sst>`. */
	readonly strings?: string;
	/** Number format codes; cell style `s="n"` is the n-th of them, from 1. A number stands for a built-in format. */
	readonly formats?: readonly (string | number)[];
	readonly workbookPr?: string;
	/** Parts to add, replace or (null) leave out. */
	readonly parts?: Readonly<Record<string, string | null>>;
};

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packages = 'http://schemas.openxmlformats.org/package/2006/relationships';
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/** The bytes of an .xlsx workbook, written part by part, so that a test can write what no library would. */
export async function workbook({sheets, strings, formats = [], workbookPr = '', parts = {}}: WorkbookOptions): Promise<Uint8Array> {
	const names = Object.keys(sheets);
	const custom = formats.flatMap((format, at) =>
		typeof format === 'string' ? [`<numFmt numFmtId="${200 + at}" formatCode="${escaped(format)}"/>`] : [],
	);
	const styles = formats.map((format, at) => `<xf numFmtId="${typeof format === 'string' ? 200 + at : format}"/>`);
	const all: Record<string, string | null> = {
		'[Content_Types].xml': '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
		'_rels/.rels': `<Relationships xmlns="${packages}"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		'xl/workbook.xml': `<?xml version="1.0"?><workbook xmlns="${main}" xmlns:r="${office}"><workbookPr ${workbookPr}/><sheets>${names
			.map((name, at) => `<sheet name="${escaped(name)}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`)
			.join('')}</sheets></workbook>`,
		'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${packages}">${names
			.map((_, at) => `<Relationship Id="rId${at + 1}" Type="${office}/worksheet" Target="worksheets/sheet${at + 1}.xml"/>`)
			.join(
				'',
			)}<Relationship Id="s1" Type="${office}/styles" Target="styles.xml"/><Relationship Id="s2" Type="${office}/sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>`,
		'xl/styles.xml': `<styleSheet xmlns="${main}"><numFmts>${custom.join('')}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>${styles.join('')}</cellXfs></styleSheet>`,
		'xl/sharedStrings.xml': strings === undefined ? null : `<sst xmlns="${main}">${strings}</sst>`,
		...Object.fromEntries(names.map((name, at) => [`xl/worksheets/sheet${at + 1}.xml`, worksheet(sheets[name] ?? '')])),
		...parts,
	};
	const zip = new JSZip();
	for (const [path, xml] of Object.entries(all)) if (xml !== null) zip.file(path, xml);
	return await zip.generateAsync({type: 'uint8array', compression: 'DEFLATE'});
}

function worksheet(xml: string): string {
	if (xml.startsWith('<worksheet') || xml.startsWith('<?xml')) return xml;
	return `<worksheet xmlns="${main}"><sheetData>${xml}</sheetData></worksheet>`;
}

/** A row of inline strings. */
export function textRow(row: number, cells: readonly string[]): string {
	return `<row r="${row}">${cells.map((cell, at) => `<c r="${String.fromCharCode(65 + at)}${row}" t="inlineStr"><is><t>${escaped(cell)}</t></is></c>`).join('')}</row>`;
}
