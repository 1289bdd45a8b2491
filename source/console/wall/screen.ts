import blessed, {type Widgets} from 'blessed';
import contrib from 'blessed-contrib';
import {visible} from '../../text/visible.js';
import {count} from '../text/age.js';
import {toWidth, widthOf} from '../text/fit.js';
import type {Look} from '../theme/glyph.js';
import {paint, type Span} from '../theme/paint.js';
import {layOutWall, leastColumns, leastRows, type Rectangle} from './layout.js';
import {sampleMs, successOf, type Wall} from './model.js';
import {type Around, failureLines, headLine, logLines, type PanelLine, plainChart, runningLines, successText} from './panels.js';

export type WallScreen = {
	readonly draw: (wall: Wall, now: number) => void;
	/** The terminal has another size, or was away: everything is made and drawn anew. */
	readonly rebuild: () => void;
	readonly destroy: () => void;
	readonly onLeave: (leave: () => void) => void;
};

export type WallScreenOptions = {
	readonly input: NodeJS.ReadStream;
	readonly output: NodeJS.WriteStream;
	readonly look: Look;
	readonly colour: boolean;
	readonly workspace: string;
};

type Panel = {readonly box: Widgets.BoxElement; readonly inner: {readonly width: number; readonly height: number}};
type Chart = Widgets.BoxElement & {setData(given: unknown): void; options: {maxY?: number}};
type Panels = {
	readonly head: Widgets.BoxElement;
	readonly foot: Widgets.BoxElement;
	readonly running: Panel;
	readonly failures: Panel;
	readonly log: Panel;
	readonly rate: Panel | Chart;
	readonly queue: Panel | Chart;
	readonly success: Panel | Chart;
};

/** The wallboard's widgets. Texts are never parsed for blessed's tags, and go through `visible`: data cannot drive the terminal. */
export function createWallScreen({input, output, look, colour, workspace}: WallScreenOptions): WallScreen {
	const screen = blessed.screen({
		smartCSR: false,
		fullUnicode: true,
		forceUnicode: look.unicode,
		input,
		output,
		tags: false,
	} as Widgets.IScreenOptions);
	// why: SPEC 14, sixteen colours; blessed brings others down to what the terminal is said to have.
	(screen as unknown as {tput: {colors: number}}).tput.colors = 16;
	let panels: Panels | null = null;
	let built = '';

	const box = (at: Rectangle, label?: string): Widgets.BoxElement =>
		blessed.box({
			...placed(at),
			parent: screen,
			tags: false,
			wrap: false,
			...(label !== undefined && {border: {type: 'line'}, label: ` ${label} `, style: {border: {fg: 'default' as never}}}),
		});
	const panel = (at: Rectangle, label: string): Panel => ({box: box(at, label), inner: {width: at.width - 2, height: at.height - 2}});
	const line = (at: Rectangle, label: string, tone: string): Chart => {
		const chart = contrib.line({
			...placed(at),
			border: {type: 'line'},
			label: ` ${label} `,
			tags: false,
			style: {line: colour ? tone : 'normal', text: 'normal', baseline: 'normal'},
			numYLabels: 4,
			wholeNumbersOnly: true,
			minY: 0,
		} as never);
		screen.append(chart as never);
		return chart as never;
	};
	const donut = (at: Rectangle): Chart => {
		const radius = Math.max(4, Math.min(Math.floor(at.width / 2) - 4, at.height * 2 - 9));
		const chart = contrib.donut({
			...placed(at),
			border: {type: 'line'},
			label: ' success ',
			tags: false,
			radius,
			arcWidth: Math.max(2, Math.floor(radius / 3)),
			remainColor: 'normal',
			fill: 'normal',
			yPadding: 2,
		} as never);
		screen.append(chart as never);
		return chart as never;
	};
	const build = (columns: number, rows: number): void => {
		for (const child of [...screen.children]) child.destroy();
		built = `${columns}x${rows}`;
		if (columns < leastColumns || rows < leastRows) {
			panels = null;
			const text = `Terminal too small: ${columns}x${rows}. The wallboard needs at least ${leastColumns}x${leastRows}. q leaves.`;
			box({left: 0, top: 0, width: columns, height: 1}).setContent(toWidth(text, columns));
			return;
		}
		const at = layOutWall(columns, rows);
		panels = {
			head: box(at.head),
			foot: box(at.foot),
			rate: look.unicode ? line(at.rate, 'rows a minute', 'cyan') : panel(at.rate, 'rows a minute'),
			queue: look.unicode ? line(at.queue, 'queue depth', 'magenta') : panel(at.queue, 'queue depth'),
			success: look.unicode ? donut(at.success) : panel(at.success, 'success'),
			running: panel(at.running, 'running now'),
			failures: panel(at.failures, 'last failures'),
			log: panel(at.log, 'log'),
		};
	};

	return {
		draw(wall, now) {
			const {columns, rows} = output;
			if (built !== `${columns}x${rows}`) build(columns, rows);
			if (panels) {
				const around = (width: number): Around => ({now, look, workspace, width});
				panels.head.setContent(drawn([headLine(wall, around(columns))], columns, 1, look));
				panels.foot.setContent(
					drawn([[{text: ' q', tone: 'key'}, {text: ' leave   the last five minutes; the daemon goes on'}]], columns, 1, look),
				);
				fill(panels.running, runningLines(wall, around(panels.running.inner.width)), look);
				fill(panels.failures, failureLines(wall, around(panels.failures.inner.width)), look);
				fill(panels.log, logLines(wall, panels.log.inner.height), look);
				drawCharts(panels, wall, look, colour);
			}
			screen.render();
		},
		rebuild() {
			built = '';
			screen.alloc();
		},
		destroy: () => screen.destroy(),
		onLeave(leave) {
			screen.key(['q', 'Q', 'C-c', 'escape'], leave);
		},
	};
}

function drawCharts({rate, queue, success}: Panels, wall: Wall, look: Look, colour: boolean): void {
	drawSeries(rate, 'rows a minute', wall.rate, look);
	drawSeries(queue, 'queue depth', wall.queue, look);
	const {share, clean, all} = successOf(wall.live);
	if ('inner' in success) fill(success, [[{text: successText(wall)}]], look);
	else {
		const stroke = !colour ? 'normal' : (share ?? 1) < 0.8 ? 'red' : 'green';
		success.setData(share === null ? [] : [{percent: share, label: `${clean} of ${all}`, color: stroke}]);
	}
}

function drawSeries(chart: Panel | Chart, name: string, values: readonly number[], look: Look): void {
	if ('inner' in chart) {
		fill(chart, plainChart(values, chart.inner.width), look);
		return;
	}
	chart.setLabel(` ${name}: ${count(values.at(-1) ?? 0)} `);
	// why: without a scale of its own a chart of zeros is a division of nothing by nothing, and draws nothing
	chart.options.maxY = Math.max(4, ...values) * 1.2;
	chart.setData([{x: values.map((_, index) => agoLabel(values.length - 1 - index)), y: [...values]}]);
}

/** `-1:05`: how long before now a sample was taken. */
function agoLabel(samplesAgo: number): string {
	const seconds = Math.round((samplesAgo * sampleMs) / 1000);
	return `-${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

function fill({box, inner}: Panel, lines: readonly PanelLine[], look: Look): void {
	box.setContent(drawn(lines, inner.width, inner.height, look));
}

/** Lines of exactly this width, as blessed takes them. A character whose width blessed takes for another is shown as `?`: it would bend the frame. */
function drawn(lines: readonly PanelLine[], width: number, height: number, {theme}: Look): string {
	return lines
		.slice(0, height)
		.map((spans) => paint(fitted(spans, width), theme))
		.join('\n');
}

function fitted(spans: readonly Span[], width: number): readonly Span[] {
	const out: Span[] = [];
	let left = width;
	for (const {text, tone} of spans) {
		if (left <= 0) break;
		const safe = agreed(visible(text));
		const cut = widthOf(safe) > left ? toWidth(safe, left) : safe;
		out.push({text: cut, tone});
		left -= widthOf(cut);
	}
	return out;
}

const {strWidth} = (blessed as unknown as {readonly unicode: {strWidth(text: string): number}}).unicode;
const graphemes = new Intl.Segmenter('en', {granularity: 'grapheme'});

function agreed(text: string): string {
	if (/^[\x20-\x7e]*$/.test(text)) return text;
	return Array.from(graphemes.segment(text), ({segment}) =>
		strWidth(segment) === widthOf(segment) && [...segment].length === 1 ? segment : '?',
	).join('');
}

function placed({left, top, width, height}: Rectangle): {left: number; top: number; width: number; height: number} {
	return {left, top, width, height};
}
