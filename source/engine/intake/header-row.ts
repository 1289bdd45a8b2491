/** A row of a table of which nothing is known yet: where it stands, from 1, and the texts of its cells. Blank rows are left out. */
export type TextRow = {readonly line: number; readonly cells: readonly string[]};

/** Rows in which a header is looked for, by their number in the file (SPEC 4). */
export const linesSearched = 50;

/** Rows that are enough to see what the table under a header looks like. */
export const rowsCompared = 200;

/** Rows that must agree before a row is called data. */
const fewestRows = 3;

/** Which share of the filled cells of a column must have one shape for it to count as that shape. */
const mostly = 0.8;

/**
 * Finds the row that holds the header. The table's width is how many cells its fullest rows fill. The header is the first row that fills
 * more than half of them, reaches the last, and holds names: no dates, numbers or addresses. A first such row that does hold some (the settings of an export,
 * as DATEV writes them) is passed over where a later row holds names alone and fills more cells than every row above it.
 *
 * Nothing is found where the rows above look like rows of the table: then the first row is the header, or there is none.
 *
 * @param rows the first rows, up to `rowsCompared`
 * @returns the line of the header; `none` where the first row is data like all others; null where the first row is the header, or all is doubtful
 */
export function findHeaderRow(rows: readonly TextRow[]): number | 'none' | null {
	const width = tableWidth(rows);
	if (width < 2) return null;
	const at = headerIndex(rows, width);
	if (at === null) return firstRowIsData(rows) ? 'none' : null;
	const header = rows[at];
	if (at === 0 || !header) return null;
	const below = rows.slice(at + 1);
	const shapesBelow = columnShapes(below);
	if (!isTable(header, below, width) || rows.slice(0, at).some((row) => looksLike(row, shapesBelow))) return null;
	return header.line;
}

/** How many cells the fullest rows fill: the second most, so that one broken row does not count. */
function tableWidth(rows: readonly TextRow[]): number {
	const [most = 0, second = most] = rows.map(filled).sort((a, b) => b - a);
	return second;
}

function headerIndex(rows: readonly TextRow[], width: number): number | null {
	const first = rows.findIndex((row) => row.line <= linesSearched && isWide(row, width) && row.cells.length >= width);
	const row = rows[first];
	if (!row) return null;
	// A shorter row above may be the header, its last names blank, unless the rows below hold values under names.
	const doubtful = rows.slice(0, first).some((above) => isWide(above, width));
	if (doubtful && !namesValues(row, columnShapes(rows.slice(first + 1)))) return null;
	if (!holdsValues(row)) return first;
	const above = Math.max(...rows.slice(0, first + 1).map(filled));
	const later = rows.findIndex(
		(each, at) => at > first && each.line <= linesSearched && filled(each) > above && !holdsValues(each) && areDistinct(each),
	);
	if (later > 0) return later;
	// Names may look like values, such as months; but then the rows below hold something else.
	return sharedShapes(row, columnShapes(rows.slice(first + 1))) === 0 ? first : null;
}

function isWide(row: TextRow, width: number): boolean {
	return filled(row) > width / 2;
}

/** Whether a column has a name in a row, and values below. */
function namesValues({cells}: TextRow, below: ColumnShapes): boolean {
	return cells.some((cell, column) => cell.trim() !== '' && shapeOf(cell) === null && (below.shapes[column] ?? null) !== null);
}

/** Whether what follows a header is a table: most of its rows are as wide. */
function isTable(header: TextRow, below: readonly TextRow[], width: number): boolean {
	const wide = below.filter((row) => isWide(row, width) || row.cells.length === header.cells.length).length;
	if (below.length === 0 || wide < below.length * mostly) return false;
	// Two cells are made by one comma in a text. More is wanted there: each row has two, and no row has more.
	return width > 2 || below.every((row) => filled(row) === 2);
}

function firstRowIsData(rows: readonly TextRow[]): boolean {
	const [first, ...below] = rows;
	return first !== undefined && looksLike(first, columnShapes(below));
}

/** Whether a row looks like most of the rows below: more than half of the cells that could tell have the shape of their column. */
function looksLike(row: TextRow, below: ColumnShapes): boolean {
	if (below.rows < fewestRows) return false;
	const telling = row.cells.filter((cell, column) => cell.trim() !== '' && (below.shapes[column] ?? null) !== null).length;
	return telling > 0 && sharedShapes(row, below) > telling / 2;
}

/** How many cells of a row have the shape that their column has below. */
function sharedShapes(row: TextRow, {shapes: known}: ColumnShapes): number {
	return row.cells.filter((cell, column) => {
		const shape = known[column] ?? null;
		return shape !== null && shape === shapeOf(cell);
	}).length;
}

/** The shape of most values of each column; null for text, and for a column that is blank. `rows`: how many show it. */
type ColumnShapes = {readonly rows: number; readonly shapes: readonly (Shape | null)[]};

/** Columns whose values are looked at. */
const mostColumns = 500;

function columnShapes(rows: readonly TextRow[]): ColumnShapes {
	const columns = Math.min(mostColumns, Math.max(0, ...rows.map(({cells}) => cells.length)));
	const found: (Shape | null)[] = [];
	for (let column = 0; column < columns; column++) found.push(columnShape(rows, column));
	return {rows: rows.length, shapes: found};
}

function columnShape(rows: readonly TextRow[], column: number): Shape | null {
	const times = new Map<Shape | null, number>();
	let texts = 0;
	for (const {cells} of rows) {
		const cell = cells[column] ?? '';
		if (cell.trim() === '') continue;
		texts++;
		const shape = shapeOf(cell);
		times.set(shape, (times.get(shape) ?? 0) + 1);
	}
	for (const [shape, count] of times) if (count >= texts * mostly) return shape;
	return null;
}

type Shape = 'year' | 'number' | 'date' | 'address';

/** What is a value and not a name. A year is both, so it is a shape of its own: columns of reports are called by years. */
const shapes: readonly {readonly shape: Shape; readonly pattern: RegExp}[] = [
	{shape: 'year', pattern: /^(?:19|20)\d\d$/},
	{shape: 'number', pattern: /^(?!(?:19|20)\d\d$)[-+(]?[€$£¥]? ?\d[\d.,' \u00a0\u202f]*(?:[eE][-+]?\d+)?\)?(?: ?(?:[%€$£¥]|[A-Z]{3}))?$/u},
	{
		shape: 'date',
		pattern: /^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{1,2}[- ][A-Za-z]{3}[- ]\d{2,4})(?:[T ].*)?$/,
	},
	{shape: 'address', pattern: /^(?:[^@\s]+@[^@\s]+\.\w+|https?:\/\/\S+)$/},
];

/** No value has more characters. */
const longestValue = 100;

function shapeOf(cell: string): Shape | null {
	const text = cell.trim();
	if (text.length > longestValue) return null;
	return shapes.find(({pattern}) => pattern.test(text))?.shape ?? null;
}

function holdsValues({cells}: TextRow): boolean {
	return cells.some((cell) => {
		const shape = shapeOf(cell);
		return shape !== null && shape !== 'year';
	});
}

/** Whether names repeat at most here and there. */
function areDistinct({cells}: TextRow): boolean {
	const names = cells.map((cell) => cell.trim().toLowerCase()).filter((name) => name !== '');
	return new Set(names).size > names.length * 0.75;
}

function filled({cells}: TextRow): number {
	return cells.filter((cell) => cell.trim() !== '').length;
}
