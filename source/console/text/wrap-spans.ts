import type {Span} from '../theme/paint.js';
import {widthOf, wrap} from './fit.js';

/** A line broken at blanks into lines of at most `width` cells; those after the first begin with `indent` blanks. Tones stay with their words. */
export function wrapSpans(spans: readonly Span[], width: number, indent: number): readonly (readonly Span[])[] {
	if (spans.reduce((sum, {text}) => sum + widthOf(text), 0) <= width) return [spans];
	const lines: Span[][] = [[]];
	let used = 0;
	const breakLine = (): void => {
		lines.push([{text: ' '.repeat(indent)}]);
		used = indent;
	};
	for (const {text, tone} of spans) {
		for (const word of text.split(/(?<= )(?! )/)) {
			const bare = widthOf(word.trimEnd());
			if (used > indent && used + bare > width) breakLine();
			const parts = bare > width - used ? wrap(word.trimEnd(), Math.max(1, width - indent)) : [word];
			for (const [index, part] of parts.entries()) {
				if (index > 0) breakLine();
				lines.at(-1)?.push({text: part, tone});
				used += widthOf(part);
			}
		}
	}
	return lines;
}
