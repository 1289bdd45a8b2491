const palette = [
	'#1e1e2e',
	'#f38ba8',
	'#a6e3a1',
	'#f9e2af',
	'#89b4fa',
	'#cba6f7',
	'#94e2d5',
	'#bac2de',
	'#7f849c',
	'#f38ba8',
	'#a6e3a1',
	'#f9e2af',
	'#89b4fa',
	'#cba6f7',
	'#94e2d5',
	'#cdd6f4',
];
const foreground = '#cdd6f4';
const background = '#1e1e2e';
const cellWidth = 8.4;
const cellHeight = 17;
const margin = 8;

const escaped = (text) => text.replaceAll(/[&<>]/g, (sign) => ({'&': '&amp;', '<': '&lt;', '>': '&gt;'})[sign]);

/** The screen of a terminal emulator as an SVG: a text a run of cells that look alike. */
export function cellsToSvg(terminal) {
	const width = terminal.cols * cellWidth + 2 * margin;
	const height = terminal.rows * cellHeight + 2 * margin;
	const parts = [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="ui-monospace,DejaVu Sans Mono,Menlo,Consolas,monospace" font-size="14">`,
		`<rect width="100%" height="100%" rx="6" fill="${background}"/>`,
	];
	for (let y = 0; y < terminal.rows; y++) {
		for (const run of runsOf(terminal.buffer.active.getLine(terminal.buffer.active.viewportY + y), terminal.cols)) {
			const left = margin + run.from * cellWidth;
			const top = margin + y * cellHeight;
			const wide = (run.until - run.from) * cellWidth;
			if (run.look.back) parts.push(`<rect x="${left}" y="${top}" width="${wide}" height="${cellHeight}" fill="${run.look.back}"/>`);
			if (run.text.trim() === '') continue;
			const style = `${run.look.bold ? ' font-weight="700"' : ''}${run.look.dim ? ' opacity=".6"' : ''}`;
			parts.push(
				`<text x="${left}" y="${top + 13}" fill="${run.look.front}" textLength="${wide}" xml:space="preserve" unicode-bidi="bidi-override"${style}>${escaped(run.text)}</text>`,
			);
		}
	}
	return `${parts.join('\n')}\n</svg>\n`;
}

function runsOf(line, columns) {
	const runs = [];
	for (let x = 0; x < columns; x++) {
		const cell = line?.getCell(x);
		const look = lookOf(cell);
		const last = runs.at(-1);
		if (cell?.getWidth() === 0 && last) {
			last.until = x + 1;
			continue;
		}
		const text = cell?.getChars() || ' ';
		const alone = cell?.getWidth() === 2;
		if (last && !alone && !last.alone && JSON.stringify(last.look) === JSON.stringify(look)) {
			last.text += text;
			last.until = x + 1;
		} else runs.push({from: x, until: x + 1, text, look, alone});
	}
	return runs;
}

function lookOf(cell) {
	const front = !cell || cell.isFgDefault() ? foreground : (palette[cell.getFgColor()] ?? foreground);
	const back = !cell || cell.isBgDefault() ? '' : (palette[cell.getBgColor()] ?? '');
	const turned = Boolean(cell?.isInverse());
	return {
		front: turned ? back || background : front,
		back: turned ? front : back,
		bold: Boolean(cell?.isBold()),
		dim: Boolean(cell?.isDim()),
	};
}
