import {visible} from '../../text/visible.js';
import type {Span} from '../theme/paint.js';
import {toWidth, widthOf} from './fit.js';

/** Spans of exactly `width` cells, made harmless. */
export function fitted(spans: readonly (Span | string)[], width: number): Span[] {
	const out: Span[] = [];
	let left = width;
	for (const given of spans) {
		if (left <= 0) break;
		const span = typeof given === 'string' ? {text: given} : given;
		const text = visible(span.text);
		const taken = widthOf(text);
		out.push({...span, text: taken > left ? toWidth(text, left) : text});
		left -= Math.min(taken, left);
	}
	if (left > 0) out.push({text: ' '.repeat(left)});
	return out;
}

/** Something at the left and something at the right of a line; where both do not fit the left gives way. */
export function bothEnds(left: readonly Span[], right: readonly Span[], width: number): readonly Span[] {
	const taken = [...left, ...right].reduce((sum, {text}) => sum + widthOf(text), 0);
	if (taken < width) return [...left, {text: ' '.repeat(width - taken)}, ...right];
	// why: the clock, and that a picture is old, stand at the right
	const room = width - right.reduce((sum, {text}) => sum + widthOf(text), 1);
	return [...fitted(left, Math.max(0, room)), {text: ' '}, ...right];
}
