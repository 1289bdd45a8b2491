/** The styles of every workbook by name; the number is the cell's `s` attribute. */
export const cellStyle = {plain: 0, header: 1, date: 2, datetime: 3, datetimeMilliseconds: 4, title: 5, wrapped: 6, link: 7} as const;

const formats = [
	'<numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>',
	'<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/>',
	'<numFmt numFmtId="166" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss.000"/>',
];

const fonts = [
	'<font><sz val="11"/><name val="Calibri"/><family val="2"/></font>',
	'<font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font>',
	'<font><b/><sz val="14"/><name val="Calibri"/><family val="2"/></font>',
	'<font><u/><sz val="11"/><color rgb="FF0563C1"/><name val="Calibri"/><family val="2"/></font>',
];

const fills = [
	'<fill><patternFill patternType="none"/></fill>',
	'<fill><patternFill patternType="gray125"/></fill>',
	'<fill><patternFill patternType="solid"><fgColor rgb="FFE7EBF0"/><bgColor indexed="64"/></patternFill></fill>',
];

const xf = (numFmt: number, font: number, fill: number, more = '') =>
	`<xf numFmtId="${numFmt}" fontId="${font}" fillId="${fill}" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1"${more ? ` applyAlignment="1">${more}</xf>` : '/>'}`;

const wrap = '<alignment vertical="top" wrapText="1"/>';

/** In the order of `cellStyle`. */
const styles = [xf(0, 0, 0), xf(0, 1, 2), xf(164, 0, 0), xf(165, 0, 0), xf(166, 0, 0), xf(0, 2, 0), xf(0, 0, 0, wrap), xf(0, 3, 0)];

/** `xl/styles.xml`. */
export const stylesXml = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="${formats.length}">${formats.join('')}</numFmts><fonts count="${fonts.length}">${fonts.join('')}</fonts><fills count="${fills.length}">${fills.join('')}</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="${styles.length}">${styles.join('')}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;
