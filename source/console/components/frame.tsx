import {Box} from 'ink';
import type {ReactElement, ReactNode} from 'react';
import {bothEnds} from '../text/fitted.js';
import type {Span} from '../theme/paint.js';
import {Line} from './line.js';

export type FrameProps = {
	readonly width: number;
	readonly height: number;
	/** Line 1: product, workspace, environment, daemon · user, clock. */
	readonly head: readonly Span[];
	readonly headRight: readonly Span[];
	/** Line 2: breadcrumb · filter. */
	readonly crumbs: readonly Span[];
	readonly filter: readonly Span[];
	/** News, or text being typed. */
	readonly message: ReactNode;
	/** Lines the message takes; more than one lie over the end of the body. */
	readonly messageLines?: number;
	readonly keys: readonly Span[];
	readonly children: ReactNode;
};

/** Lines of the frame that are not the body. */
export const frameLines = 4;

/** The five regions of SPEC 14: line 1, line 2, body, message line, keys. */
export function Frame({
	width,
	height,
	head,
	headRight,
	crumbs,
	filter,
	message,
	messageLines = 1,
	keys,
	children,
}: FrameProps): ReactElement {
	return (
		<Box flexDirection="column" width={width} height={height}>
			<Line spans={bothEnds(head, headRight, width)} width={width} under="bar" />
			<Line spans={bothEnds(crumbs, filter, width)} width={width} />
			<Box flexDirection="column" width={width} height={height - frameLines - messageLines + 1} overflow="hidden">
				{/* What is too long for the body is cut at its end: shrunk to fit, the first lines would go. */}
				<Box flexDirection="column" flexShrink={0}>
					{children}
				</Box>
			</Box>
			{message}
			<Line spans={keys} width={width} />
		</Box>
	);
}
