import {stripVTControlCharacters} from 'node:util';
import {renderToString} from 'ink';
import {createElement, type FunctionComponent} from 'react';
import stringWidth from 'string-width';
import type {DrawProps, ScreenContext} from '../../../../source/console/screens/screen.js';
import {LookContext} from '../../../../source/console/theme/look.js';
import {themes} from '../../../../source/console/theme/themes.js';

/** What a screen's body looks like, as plain lines without trailing blanks. Drawn without colours: glyph and word must be enough. */
export function draw<State>(Draw: FunctionComponent<DrawProps<State>>, state: State, around: ScreenContext): string {
	const plain = Object.fromEntries(Object.keys(themes.mono.sgr).map((tone) => [tone, ''])) as typeof themes.mono.sgr;
	// why wider than the screen: what is too long must be seen to be so, and not be cut by the terminal that is not there.
	const columns = around.width + 40;
	const picture = createElement(
		LookContext.Provider,
		{value: {theme: {...themes.mono, sgr: plain}, unicode: true}},
		createElement(Draw, {state, around}),
	);
	const frame = stripVTControlCharacters(renderToString(picture, {columns}));
	return frame
		.split('\n')
		.map((line) => line.trimEnd())
		.join('\n');
}

/** Lines that are wider or more than the body has room for; empty when all is well. */
export function overflow(frame: string, {width, height}: ScreenContext): readonly string[] {
	const lines = frame.split('\n');
	return [...lines.filter((line) => stringWidth(line) > width), ...lines.slice(height)];
}
