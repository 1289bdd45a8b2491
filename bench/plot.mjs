/** The middle one of the values. */
export function median(values) {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Processor microseconds a row of a first load, Sluice and floor, by the number of rows of the standard shape. */
function costPerRow(results) {
	return results.flatMap(({rows, shape, runs}) => {
		const created = shape === 'standard' ? runs.filter(({kind}) => kind === 'created') : [];
		if (created.length === 0) return [];
		const perRow = (pick) => (median(created.map(pick)) / rows) * 1e6;
		return [{rows, sluice: perRow(({cpu}) => cpu), floor: perRow(({floor}) => floor?.cpu ?? 0)}];
	});
}

/** The same as lines of text, a bar each. */
export function plotInTerminal(results) {
	const points = costPerRow(results);
	const most = Math.max(1, ...points.map(({sluice}) => sluice));
	const bar = (name, value) => `${name.padStart(20)} ${'█'.repeat(Math.max(1, Math.round((value / most) * 40)))} ${value.toFixed(1)}`;
	return [
		'\nmicroseconds of processor a row, first load',
		...points.flatMap(({rows, sluice, floor}) => [bar(`${rows.toLocaleString('en-GB')} rows, Sluice`, sluice), bar('floor', floor)]),
	].join('\n');
}

/** The same as an SVG, both on scales that fit. */
export function plot(results) {
	const points = costPerRow(results);
	const [width, height, left, bottom] = [640, 320, 60, 280];
	const top = Math.max(1, ...points.map(({sluice}) => sluice)) * 1.1;
	const exponents = points.map(({rows}) => Math.log10(rows));
	const [least, most] = [Math.min(...exponents), Math.max(...exponents)];
	const x = (rows) => left + ((Math.log10(rows) - least) / (most - least || 1)) * (width - left - 90);
	const y = (value) => bottom - (value / top) * (bottom - 20);
	const path = (key) => points.map((point, at) => `${at ? 'L' : 'M'}${x(point.rows).toFixed(1)} ${y(point[key]).toFixed(1)}`).join(' ');
	const marks = (key, colour) =>
		points
			.map(
				(point) =>
					`<circle cx="${x(point.rows).toFixed(1)}" cy="${y(point[key]).toFixed(1)}" r="3" fill="${colour}"/><text x="${x(point.rows).toFixed(1)}" y="${(y(point[key]) - 8).toFixed(1)}" text-anchor="middle">${point[key].toFixed(1)}</text>`,
			)
			.join('');
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="#555">
<title>Processor microseconds per row of a first load, by number of rows</title>
<path d="M${left} 20V${bottom}H${width - 20}" fill="none" stroke="#999"/>
<text x="${left}" y="12">microseconds of processor a row</text>
${points.map(({rows}) => `<text x="${x(rows).toFixed(1)}" y="${bottom + 18}" text-anchor="middle">${rows.toLocaleString('en-GB')}</text>`).join('\n')}
<path d="${path('sluice')}" fill="none" stroke="#0969da" stroke-width="2"/>${marks('sluice', '#0969da')}
<path d="${path('floor')}" fill="none" stroke="#999" stroke-width="2"/>${marks('floor', '#999')}
<text x="${width - 84}" y="${y(points.at(-1)?.sluice ?? 0).toFixed(1)}" fill="#0969da">Sluice</text>
<text x="${width - 84}" y="${y(points.at(-1)?.floor ?? 0).toFixed(1)}">floor (sqlite3)</text>
</svg>
`;
}
