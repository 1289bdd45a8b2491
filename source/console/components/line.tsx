import type {ReactElement} from 'react';
import {toWidth, widthOf} from '../text/fit.js';
import {shown} from '../text/shown.js';
import {useLook} from '../theme/look.js';
import {paint, type Span} from '../theme/paint.js';
import type {Tone} from '../theme/tones.js';
import {Painted} from './painted.js';

export type LineProps = {
	/** Texts may come from data: they are made harmless here. */
	readonly spans: readonly (Span | string)[];
	/** Exactly this many cells: cut with `…` or filled. */
	readonly width: number;
	/** The tone of the whole line, such as `selected`. */
	readonly under?: Tone | undefined;
};

/** One line of the screen, drawn as one text: a Box a cell costs a third more (console reference 1.2). */
export function Line({spans, width, under}: LineProps): ReactElement {
	const {theme} = useLook();
	return <Painted line={paint(fitted(spans, width), theme, under)} />;
}

/** Spans of exactly `width` cells, made harmless. */
export function fitted(spans: readonly (Span | string)[], width: number): Span[] {
	const out: Span[] = [];
	let left = width;
	for (const given of spans) {
		if (left <= 0) break;
		const span = typeof given === 'string' ? {text: given} : given;
		const text = shown(span.text);
		const taken = widthOf(text);
		out.push({...span, text: taken > left ? toWidth(text, left) : text});
		left -= Math.min(taken, left);
	}
	if (left > 0) out.push({text: ' '.repeat(left)});
	return out;
}
