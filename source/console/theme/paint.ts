import type {Theme} from './themes.js';
import type {Tone} from './tones.js';

/** A piece of a line with one meaning. */
export type Span = {readonly text: string; readonly tone?: Tone | undefined};

/** A line as a terminal takes it. `under` is the tone of the whole line, such as `selected`. Texts must be fitted or shown already. */
export function paint(spans: readonly Span[], {sgr}: Theme, under?: Tone): string {
	const base = under ? sgr[under] : '';
	let out = base === '' ? '' : `\u001b[${base}m`;
	for (const {text, tone} of spans) {
		const own = tone && under !== 'selected' && under !== 'bar' ? sgr[tone] : tone === 'strong' || tone === 'bad' ? '1' : '';
		out += own === '' ? text : `\u001b[${own}m${text}\u001b[0m${base === '' ? '' : `\u001b[${base}m`}`;
	}
	return base === '' ? out : `${out}\u001b[0m`;
}
