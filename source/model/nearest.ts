/** The number of single-character edits, swaps of neighbours included, that turn one text into the other. */
export function editDistance(a: string, b: string): number {
	const rows: number[][] = [Array.from({length: b.length + 1}, (_, column) => column)];
	for (let i = 1; i <= a.length; i++) {
		const row = [i];
		for (let j = 1; j <= b.length; j++) {
			const substitution = (rows[i - 1]?.[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
			let best = Math.min(substitution, (rows[i - 1]?.[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
			if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, (rows[i - 2]?.[j - 2] ?? 0) + 1);
			row.push(best);
		}
		rows.push(row);
	}
	return rows[a.length]?.[b.length] ?? 0;
}

/** The known name closest to a misspelt one, or undefined when none is close enough to be meant. */
export function nearest(found: string, known: Iterable<string>): string | undefined {
	const limit = Math.max(1, Math.floor(found.length / 3));
	let best: string | undefined;
	let bestDistance = limit + 1;
	for (const name of known) {
		if (Math.abs(name.length - found.length) >= bestDistance) continue;
		const distance = editDistance(found.toLowerCase(), name.toLowerCase());
		if (distance < bestDistance) [best, bestDistance] = [name, distance];
	}
	return best;
}
