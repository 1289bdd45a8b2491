import {SluiceError} from '../../../model/errors.js';
import type {Parts} from './parts.js';

const saveAsWorkbook = 'Save it as an .xlsx workbook.';

/** What a file named `.xlsx` shows itself to be by its first bytes, where it is no archive; null where that is not known. */
export function textOrOldWorkbook(head: Uint8Array, name: string): SluiceError | null {
	const bytes = Buffer.from(head.buffer, head.byteOffset, head.length);
	if (bytes.length >= 4 && bytes[0] === 0x09 && [0x00, 0x02, 0x04, 0x08].includes(bytes[1] ?? -1) && (bytes[2] ?? 0) <= 8 && bytes[3] === 0)
		return refusal(name, 'an old .xls workbook', saveAsWorkbook);
	const text = textOf(bytes);
	if (text === null) return null;
	if (/^\s*<(!doctype\s+html|html[\s>]|head[\s>]|body[\s>]|table[\s>]|meta\s)/i.test(text))
		return refusal(
			name,
			'a web page',
			'Open it in a spreadsheet program and save it as an .xlsx workbook, or download the file again; the address may ask for a login.',
		);
	if (/^\s*</.test(text) && text.includes('urn:schemas-microsoft-com:office:spreadsheet'))
		return refusal(name, 'an XML spreadsheet of Excel 2003', saveAsWorkbook);
	if (/^\s*<\?xml/.test(text)) return refusal(name, 'XML', saveAsWorkbook);
	if (/^\s*[[{]/.test(text)) return refusal(name, 'JSON, it seems', 'Rename it to .json.');
	return refusal(name, 'text', 'Rename it to .csv.');
}

/** The beginning of a file as text; null where it holds characters that no text has. */
function textOf(bytes: Buffer): string | null {
	const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
	const text = bytes
		.subarray(0, 4096)
		.toString(utf16 ? 'utf16le' : 'latin1')
		.replace(/^(\uFEFF|\u00EF\u00BB\u00BF)/, '');
	// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
	return text.length < 2 || /[\u0000-\u0008\u000E-\u001A\u001C-\u001F]/.test(text) ? null : text;
}

/** What an archive named `.xlsx` holds instead of a workbook, whose main part would be at `path`; null where it is there. */
export function otherThanWorkbook(parts: Parts, path: string): SluiceError | null {
	const {name, names} = parts;
	if (names.includes('mimetype') && names.includes('content.xml')) return refusal(name, 'an OpenDocument file', saveAsWorkbook);
	if (names.some((part) => /^Index\/.*\.iwa$|^Index\.zip$/.test(part))) return refusal(name, 'a Numbers file', saveAsWorkbook);
	if (!parts.has('[Content_Types].xml')) {
		const texts = names.some((part) => /\.csv$/i.test(part));
		return refusal(name, 'a zip archive without a workbook', texts ? 'It holds .csv files: rename it to .zip.' : undefined);
	}
	if (path.endsWith('.bin') || (!parts.has(path) && parts.has('xl/workbook.bin')))
		return refusal(name, 'a binary workbook (.xlsb)', saveAsWorkbook);
	if (!parts.has(path) || /(^|\/)(word|ppt)\//.test(path)) return refusal(name, 'an office document without a workbook', undefined);
	return null;
}

function refusal(name: string, found: string, cure: string | undefined): SluiceError {
	return new SluiceError('intake.type', `${name} is ${found}, not an .xlsx workbook`, {
		where: name,
		expected: 'an .xlsx workbook',
		...(cure === undefined ? {} : {cure}),
	});
}
