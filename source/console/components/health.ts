import {glyphOf, type Look} from '../theme/glyph.js';
import type {Span} from '../theme/paint.js';
import {signOf} from '../theme/signs.js';

/** The outcomes of a connector's last runs, newest at the right, as glyphs of exactly `width` cells. */
export function healthSpans(health: readonly string[], width: number, look: Look): readonly Span[] {
	const shown = health.slice(-width);
	const spans: Span[] = [];
	for (const status of shown) {
		const {tone} = signOf(status);
		const glyph = glyphOf(signOf(status), look);
		const last = spans.at(-1);
		if (last && last.tone === tone) spans[spans.length - 1] = {text: last.text + glyph, tone};
		else spans.push({text: glyph, tone});
	}
	return [{text: (look.unicode ? '·' : '.').repeat(width - shown.length), tone: 'muted'}, ...spans];
}

/** How many of the last runs ended clean, in words: `18 of 20 ok`. A cancelled one says nothing of its connector. */
export function healthText(health: readonly string[]): string {
	if (health.length === 0) return 'no runs yet';
	const ran = health.filter((status) => status !== 'cancelled');
	const clean = ran.filter((status) => status === 'completed' || status === 'warning').length;
	return `${clean} of ${ran.length} ok`;
}
