import {Box as InkBox} from 'ink';
import type {ReactElement} from 'react';
import {toWidth, widthOf} from '../text/fit.js';
import {fitted} from '../text/fitted.js';
import {useLook} from '../theme/look.js';
import type {Span} from '../theme/paint.js';
import {Line} from './line.js';

export type BoxProps = {
	readonly title: string;
	/** What stands in it, a line each; more than fit are cut. */
	readonly lines: readonly (string | readonly Span[])[];
	readonly width: number;
	/** With its frame; default: as many as it needs. */
	readonly height?: number;
};

/** Lines of text in a frame with a title. */
export function TitledBox({title, lines, width, height = lines.length + 2}: BoxProps): ReactElement {
	const {unicode} = useLook();
	const [across, down, ...corners] = unicode ? ['─', '│', '┌', '┐', '└', '┘'] : ['-', '|', '+', '+', '+', '+'];
	const inner = width - 4;
	const name = toWidth(title, Math.min(widthOf(title), width - 6));
	const border = 'border' as const;
	const shown = Array.from({length: Math.max(0, height - 2)}, (_, index) => lines[index] ?? '');
	return (
		<InkBox flexDirection="column" width={width}>
			<Line
				width={width}
				spans={[
					{text: `${corners[0]}${across} `, tone: border},
					{text: name, tone: 'title'},
					{text: ` ${(across ?? '').repeat(Math.max(0, width - widthOf(name) - 5))}${corners[1]}`, tone: border},
				]}
			/>
			{shown.map((line, index) => (
				<Line
					// biome-ignore lint/suspicious/noArrayIndexKey: a line is its place.
					key={index}
					width={width}
					spans={[
						{text: `${down} `, tone: border},
						...fitted(typeof line === 'string' ? [line] : line, inner),
						{text: ` ${down}`, tone: border},
					]}
				/>
			))}
			<Line width={width} spans={[{text: `${corners[2]}${(across ?? '').repeat(width - 2)}${corners[3]}`, tone: border}]} />
		</InkBox>
	);
}
