import {Box} from 'ink';
import type {ReactElement, ReactNode} from 'react';
import {widthOf} from '../text/fit.js';
import type {Span} from '../theme/paint.js';
import {fitted, Line} from './line.js';

export type FrameProps = {
	readonly width: number;
	readonly height: number;
	/** Line 1: product, workspace, environment, daemon · user, clock. */
	readonly head: readonly Span[];
	readonly headRight: readonly Span[];
	/** Line 2: breadcrumb · filter. */
	readonly crumbs: readonly Span[];
	readonly filter: readonly Span[];
	/** One line of news, or of text being typed. */
	readonly message: ReactNode;
	readonly keys: readonly Span[];
	readonly children: ReactNode;
};

/** Lines of the frame that are not the body. */
export const frameLines = 4;

/** The five regions of SPEC 14: line 1, line 2, body, message line, keys. */
export function Frame({width, height, head, headRight, crumbs, filter, message, keys, children}: FrameProps): ReactElement {
	return (
		<Box flexDirection="column" width={width} height={height}>
			<Line spans={bothEnds(head, headRight, width)} width={width} under="bar" />
			<Line spans={bothEnds(crumbs, filter, width)} width={width} />
			<Box flexDirection="column" width={width} height={height - frameLines} overflow="hidden">
				{children}
			</Box>
			{message}
			<Line spans={keys} width={width} />
		</Box>
	);
}

function bothEnds(left: readonly Span[], right: readonly Span[], width: number): readonly Span[] {
	const taken = [...left, ...right].reduce((sum, {text}) => sum + widthOf(text), 0);
	if (taken < width) return [...left, {text: ' '.repeat(width - taken)}, ...right];
	// why: the clock, and that a picture is old, stand at the right; the left end gives way
	const room = width - right.reduce((sum, {text}) => sum + widthOf(text), 1);
	return [...fitted(left, Math.max(0, room)), {text: ' '}, ...right];
}
