/** A part of the screen, in cells from 0. */
export type Rectangle = {readonly left: number; readonly top: number; readonly width: number; readonly height: number};

/** The smallest terminal the wallboard works on, as the console's (SPEC 14). */
export const leastColumns = 80;
export const leastRows = 24;

export type WallLayout = Readonly<Record<'head' | 'foot' | 'rate' | 'queue' | 'success' | 'running' | 'failures' | 'log', Rectangle>>;

/** Charts on top, what runs and what failed below, the log at the bottom. Every cell belongs to one part. */
export function layOutWall(columns: number, rows: number): WallLayout {
	const charts = Math.max(9, Math.floor((rows - 2) * 0.4));
	const middle = Math.max(6, Math.floor((rows - 2 - charts) * 0.5));
	const below = 1 + charts;
	const rate = Math.floor(columns * 0.45);
	const queue = Math.floor(columns * 0.3);
	const running = Math.floor(columns * 0.55);
	return {
		head: {left: 0, top: 0, width: columns, height: 1},
		rate: {left: 0, top: 1, width: rate, height: charts},
		queue: {left: rate, top: 1, width: queue, height: charts},
		success: {left: rate + queue, top: 1, width: columns - rate - queue, height: charts},
		running: {left: 0, top: below, width: running, height: middle},
		failures: {left: running, top: below, width: columns - running, height: middle},
		log: {left: 0, top: below + middle, width: columns, height: rows - 1 - below - middle},
		foot: {left: 0, top: rows - 1, width: columns, height: 1},
	};
}
