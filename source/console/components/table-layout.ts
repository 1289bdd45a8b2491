type Sized = {readonly width: number; readonly grow?: number; readonly optional?: number};

export type Placed<Column> = {readonly column: Column; readonly index: number; readonly cells: number};

type Room = {readonly width: number; readonly fixed: number; readonly cursorColumn: number | null};

/**
 * Which columns stand on a line of `width` cells, and how wide. Optional columns go first, the largest number first; what still does
 * not fit is cut at the right, or, where a cursor walks through columns, moved until its column is seen. One blank between columns.
 */
export function layOut<Column extends Sized>(columns: readonly Column[], {width, fixed, cursorColumn}: Room): readonly Placed<Column>[] {
	let chosen = columns.map((column, index) => ({column, index}));
	const taken = () => chosen.reduce((sum, {column}) => sum + column.width + 1, -1);
	while (taken() > width) {
		const least = chosen.reduce((most, {column}) => Math.max(most, column.optional ?? 0), 0);
		if (least === 0) break;
		chosen = chosen.filter(({column}) => (column.optional ?? 0) !== least);
	}
	if (cursorColumn !== null && taken() > width) {
		while (chosen.length > fixed + 1 && !fits(chosen, cursorColumn, width)) chosen.splice(fixed, 1);
	}
	const placed: Placed<Column>[] = [];
	let left = width;
	for (const {column, index} of chosen) {
		if (left <= 0) break;
		const cells = Math.min(column.width, left);
		placed.push({column, index, cells});
		left -= cells + 1;
	}
	return grown(placed, left + 1);
}

function fits(chosen: readonly {column: Sized; index: number}[], cursorColumn: number, width: number): boolean {
	let used = 0;
	for (const {column, index} of chosen) {
		used += column.width;
		if (index === cursorColumn) return used <= width;
		used += 1;
	}
	return true;
}

function grown<Column extends Sized>(placed: readonly Placed<Column>[], spare: number): readonly Placed<Column>[] {
	const shares = placed.reduce((sum, {column}) => sum + (column.grow ?? 0), 0);
	if (spare <= 0 || shares === 0) return placed;
	let given = 0;
	let seen = 0;
	return placed.map((one) => {
		seen += one.column.grow ?? 0;
		const until = Math.floor((spare * seen) / shares);
		const more = until - given;
		given = until;
		return {...one, cells: one.cells + more};
	});
}
