import type {Cell, Row} from './intake.js';

/**
 * What a CSV text means, read one character at a time in the plainest way: no bytes, no pieces, no shortcuts. The first element is the
 * header. Blank rows are left out, short ones filled, surplus cells dropped.
 */
export function readPlainly(text: string, delimiter: string): {headers: string[]; rows: Row[]} {
	const records = recordsOf(text, delimiter).filter(({cells}) => cells.some(({text: cell}) => cell.replaceAll(/[ \t\r\n]/g, '') !== ''));
	const [header, ...rest] = records;
	const headers = (header?.cells ?? []).map(({text: cell}) => cell);
	const rows = rest.map(({line, cells}): Row => {
		const values = headers.map((_, at): Cell => {
			const cell = cells[at];
			return !cell || (cell.text === '' && !cell.quoted) ? null : cell.text;
		});
		return [line, ...values];
	});
	return {headers, rows};
}

type Record = {line: number; cells: {text: string; quoted: boolean}[]};

function recordsOf(text: string, delimiter: string): Record[] {
	const records: Record[] = [];
	let record: Record = {line: 1, cells: []};
	let cell = {text: '', quoted: false};
	let line = 1;
	let [inside, closed] = [false, false];
	const endCell = () => {
		record.cells.push(cell);
		cell = {text: '', quoted: false};
		closed = false;
	};
	for (let at = 0; at < text.length; at++) {
		const character = text.charAt(at);
		const endOfLine = character === '\n' || (character === '\r' && text[at + 1] !== '\n');
		if (endOfLine) line++;
		if (inside) {
			if (character !== '"') cell.text += character;
			else if (text[at + 1] === '"') {
				cell.text += '"';
				at++;
			} else [inside, closed] = [false, true];
		} else if (character === '"' && cell.text === '' && !closed) {
			inside = true;
			cell.quoted = true;
		} else if (character === delimiter) endCell();
		else if (endOfLine) {
			endCell();
			records.push(record);
			record = {line, cells: []};
		} else if (character !== '\r') cell.text += character;
	}
	if (cell.text !== '' || cell.quoted || record.cells.length > 0) {
		endCell();
		records.push(record);
	}
	return records;
}
