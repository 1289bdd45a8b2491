import {Box} from 'ink';
import type {ReactElement} from 'react';
import type {SluiceError} from '../../../model/errors.js';
import {TitledBox} from '../../components/box.js';
import {Line} from '../../components/line.js';
import {wrap} from '../../text/fit.js';
import type {Span} from '../../theme/paint.js';
import {errorLines} from './error-lines.js';
import type {RemoteData} from './remote-data.js';

/** What stands where an answer would be: that it is asked for, or why the daemon refused. Null once there is an answer to draw. */
export function noticeOf(asked: RemoteData<unknown>, what: string, width: number): ReactElement | null {
	if (asked.value !== null) return null;
	if (asked.error !== null) return <ErrorBox title={`No ${what.replace(/^the /, '')}`} error={asked.error} width={width} />;
	return <Line spans={[{text: `  Asking the daemon for ${what} …`, tone: 'muted'}]} width={width} />;
}

export type ErrorBoxProps = {readonly title: string; readonly error: SluiceError; readonly width: number};

/** An error in full, with its cure, wrapped to the width. */
export function ErrorBox({title, error, width}: ErrorBoxProps): ReactElement {
	return <TitledBox title={title} lines={wrappedHeads(errorLines(error), width - 4)} width={width} />;
}

/** `Where:  text` lines, the text wrapped under itself. */
export function wrappedHeads(lines: readonly (readonly [head: string, text: string])[], width: number): readonly (readonly Span[])[] {
	return lines.flatMap(([head, text]) =>
		wrap(text, Math.max(10, width - head.length)).map((part, index): readonly Span[] => [
			{text: index === 0 ? head : ' '.repeat(head.length), tone: 'strong'},
			{text: part, ...(head === '' && {tone: 'bad' as const})},
		]),
	);
}

export type PlainLinesProps = {readonly lines: readonly (string | readonly Span[])[]; readonly width: number; readonly height: number};

/** Lines without a frame, exactly `height` of them at most. */
export function PlainLines({lines, width, height}: PlainLinesProps): ReactElement {
	return (
		<Box flexDirection="column">
			{lines.slice(0, Math.max(0, height)).map((line, index) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: a line is its place.
				<Line key={index} spans={typeof line === 'string' ? [line] : line} width={width} />
			))}
		</Box>
	);
}
