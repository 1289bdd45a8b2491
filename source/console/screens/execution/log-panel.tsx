import {Box} from 'ink';
import type {ReactElement} from 'react';
import type {LogLine} from '../../../api/contract.js';
import {clockText} from '../../../model/moment.js';
import {Line} from '../../components/line.js';
import {timezoneOf} from '../../live/live.js';
import type {Span} from '../../theme/paint.js';
import type {ScreenContext} from '../screen.js';
import {countOf, hasEnded} from '../shared/words.js';
import {lastTop, linesShown, type State} from './model.js';

export type LogPanelProps = {readonly state: State; readonly around: ScreenContext; readonly height: number};

/** The log under its title; followed, its end is always in sight. */
export function LogPanel({state, around, height}: LogPanelProps): ReactElement {
	if (height <= 0) return <Box />;
	const {width} = around;
	const lines = linesShown(state);
	const last = lastTop(state, around);
	const top = state.following ? last : Math.min(state.logTop, last);
	const shown = lines.slice(top, top + height - 1);
	return (
		<Box flexDirection="column" height={height}>
			<Line width={width} spans={titleOf(state, lines.length)} />
			{shown.map((line, index) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: a line is its place.
				<Line key={index} spans={spansOf(line, timezoneOf(around.live))} width={width} />
			))}
			{shown.length === 0 && <Line width={width} spans={[{text: `  ${emptyText(state)}`, tone: 'muted'}]} />}
		</Box>
	);
}

/** Nothing is added to the log of an execution that has ended: there is nothing to follow. */
function followSpans({execution, following}: State): readonly Span[] {
	if (execution.value !== null && hasEnded(execution.value)) return [];
	return [{text: following ? '  following' : '  held (f follows)', tone: following ? 'busy' : 'warning'}];
}

function titleOf(state: State, shown: number): readonly Span[] {
	const {panel, find, log} = state;
	const all = log.value?.length ?? 0;
	return [
		{text: panel === 'log' ? '▌ Log' : '── Log', tone: panel === 'log' ? 'key' : 'title'},
		{text: `  ${find === '' ? countOf(all, 'line') : `${shown} of ${all} lines hold "${find}"`}`, tone: 'muted'},
		...followSpans(state),
	];
}

function emptyText({log, find}: State): string {
	if (log.error !== null) return `The log could not be read: ${log.error.message}`;
	if (log.value === null) return 'Asking the daemon for the log …';
	return find === '' ? 'Nothing logged yet.' : `No line holds "${find}"; / with an empty text shows all.`;
}

function spansOf({at, level, stage, message}: LogLine, timezone: string): readonly Span[] {
	const tone = level === 'error' ? ('bad' as const) : level === 'warning' ? ('warning' as const) : ('normal' as const);
	return [
		{text: ` ${clockText(at, timezone).slice(11, 19)} `, tone: 'muted'},
		{text: `${level.padEnd(8)}`, tone},
		{text: `${(stage ?? '').padEnd(10)}`, tone: 'accent'},
		{text: message, tone: level === 'info' ? 'normal' : tone},
	];
}
