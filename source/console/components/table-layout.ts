type Sized = {
	readonly width: number;
	readonly grow?: number;
	readonly most?: number;
	readonly optional?: number;
	readonly align?: 'left' | 'right';
};

export type Placed<Column> = {readonly column: Column; readonly index: number; readonly cells: number; readonly gap: number};

type Room = {readonly width: number; readonly fixed: number; readonly cursorColumn: number | null};

/**
 * Which columns stand on a line of `width` cells, and how wide. Optional columns go first, the largest number first; what still does
 * not fit is cut at the right, or, where a cursor walks through columns, moved until its column is seen. One blank stands between columns,
 * two where a number at the right of its column would touch a text at the left of the next one.
 */
export function layOut<Column extends Sized>(columns: readonly Column[], {width, fixed, cursorColumn}: Room): readonly Placed<Column>[] {
	let chosen = columns.map((column, index) => ({column, index}));
	const taken = () => chosen.reduce((sum, {column}, at) => sum + column.width + gapAfter(column, chosen[at + 1]?.column), 0);
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
	for (const [at, {column, index}] of chosen.entries()) {
		if (left <= 0) break;
		const cells = Math.min(column.width, left);
		const gap = gapAfter(column, chosen[at + 1]?.column);
		placed.push({column, index, cells, gap});
		left -= cells + gap;
	}
	return grown(placed, left);
}

function gapAfter(column: Sized, next: Sized | undefined): number {
	if (next === undefined) return 0;
	return column.align === 'right' && next.align !== 'right' ? 2 : 1;
}

function fits(chosen: readonly {column: Sized; index: number}[], cursorColumn: number, width: number): boolean {
	let used = 0;
	for (const [at, {column, index}] of chosen.entries()) {
		used += column.width;
		if (index === cursorColumn) return used <= width;
		used += gapAfter(column, chosen[at + 1]?.column);
	}
	return true;
}

function grown<Column extends Sized>(placed: readonly Placed<Column>[], spare: number): readonly Placed<Column>[] {
	const shares = placed.reduce((sum, {column}) => sum + (column.grow ?? 0), 0);
	if (spare <= 0 || shares === 0) return placed;
	let given = 0;
	let seen = 0;
	return placed.map((one) => {
		const room = (one.column.most ?? Number.POSITIVE_INFINITY) - one.cells;
		seen += one.column.grow ?? 0;
		const until = Math.floor((spare * seen) / shares);
		const more = until - given;
		given = until;
		return {...one, cells: one.cells + Math.max(0, Math.min(more, room))};
	});
}
