const blocks = ' ▁▂▃▄▅▆▇█';
const ascii = ' .:-=+*#@';

/** A row of bars, the newest value at the right end, scaled to the largest one. */
export function bars(values: readonly number[], width: number, unicode: boolean): string {
	const shown = values.slice(-width);
	const most = Math.max(1, ...shown);
	const steps = unicode ? blocks : ascii;
	return shown
		.map((value) => steps[value <= 0 ? 0 : Math.max(1, Math.round((value / most) * 8))] ?? ' ')
		.join('')
		.padStart(width);
}
