/** A CSV with commas, double quotes and any line end, read character by character: slow and obvious, apart from the program's own reader. */
export function parseTable(csv: string): string[][] {
	const rows: string[][] = [];
	let row: string[] = [];
	let cell = '';
	let quoted = false;
	const endCell = () => {
		row.push(cell);
		cell = '';
	};
	const endRow = () => {
		endCell();
		if (row.length > 1 || row[0] !== '') rows.push(row);
		row = [];
	};
	for (let at = 0; at < csv.length; at++) {
		const character = csv[at];
		if (quoted && character === '"' && csv[at + 1] === '"') {
			cell += '"';
			at++;
		} else if (character === '"') quoted = !quoted;
		else if (quoted) cell += character;
		else if (character === ',') endCell();
		else if (character === '\n') endRow();
		else if (character !== '\r') cell += character;
	}
	if (cell !== '' || row.length > 0) endRow();
	return rows;
}
