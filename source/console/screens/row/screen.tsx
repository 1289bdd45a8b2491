import {Box} from 'ink';
import type {ReactElement} from 'react';
import {Line} from '../../components/line.js';
import {count} from '../../text/age.js';
import {widthOf, wrap} from '../../text/fit.js';
import {wrapSpans} from '../../text/wrap-spans.js';
import type {Span} from '../../theme/paint.js';
import {type DrawProps, defineScreen} from '../screen.js';
import {noticeOf, PlainLines} from '../shared/notice.js';
import {shortId} from '../shared/words.js';
import {type Command, type State, stageOf, stagesShown, start, update} from './model.js';
import type {StageView} from './stages.js';

function Draw({state, around}: DrawProps<State>): ReactElement {
	const {width, height} = around;
	const notice = noticeOf(state.explained, `row ${state.row}`, width);
	if (notice !== null) return notice;
	const stages = stagesShown(state);
	const here = stageOf(state);
	const pair = width < 110 ? [] : pairWith(stages, here);
	const each = pair.length > 1 ? Math.floor((width - 3) / 2) : width;
	const [left = here, right] = pair;
	const drawn = (stage: StageView): ReactElement => (
		<Stage stage={stage} width={each} height={height - 2} top={stage.name === here?.name ? state.top : 0} />
	);
	return (
		<Box flexDirection="column">
			<Line width={width} spans={pathSpans(stages, here, width)} />
			<Line width={width} spans={[{text: '─'.repeat(width), tone: 'border'}]} />
			<Box>
				<Box width={each} flexShrink={0}>
					{left !== null && drawn(left)}
				</Box>
				{right !== undefined && (
					<Box width={3} flexShrink={0}>
						<PlainLines
							lines={Array.from({length: height - 2}, () => [{text: ' │ ', tone: 'border' as const}])}
							width={3}
							height={height - 2}
						/>
					</Box>
				)}
				{right !== undefined && drawn(right)}
			</Box>
		</Box>
	);
}

/** What stands side by side where there is room: the stage on the screen and the next one, or, at the end of the way, the one before. */
function pairWith(stages: readonly StageView[], here: StageView | null): readonly StageView[] {
	const at = stages.findIndex(({name}) => name === here?.name);
	if (at < 0) return [];
	const from = Math.max(0, Math.min(at, stages.length - 2));
	return stages.slice(from, from + 2);
}

/** Cells of the way from one stage on, with brackets around one of them. */
function pathLength(stages: readonly StageView[], from: number): number {
	return stages
		.slice(from)
		.reduce((sum, {title, outcome}) => sum + widthOf(title) + (outcome === '' ? 0 : widthOf(outcome) + 1) + 3, from > 0 ? 3 : -1);
}

/** `Input line 2 → SQL output → [Variables] → Vendors + created`, the stage on the screen in brackets and always in sight. */
function pathSpans(stages: readonly StageView[], here: StageView | null, width: number): readonly Span[] {
	const at = stages.findIndex(({name}) => name === here?.name);
	let from = 0;
	while (from < at - 1 && pathLength(stages, from) > width) from++;
	return stages.slice(from).flatMap((stage, index): Span[] => {
		const chosen = stage.name === here?.name;
		const outcome = stage.outcome === '' ? '' : ` ${stage.outcome}`;
		return [
			{text: index === 0 ? (from > 0 ? '… → ' : '') : ' → ', tone: 'muted'},
			chosen ? {text: `[${stage.title}${outcome}]`, tone: 'key'} : {text: `${stage.title}${outcome}`, tone: 'normal'},
		];
	});
}

function Stage({
	stage,
	width,
	height,
	top,
}: {
	readonly stage: StageView;
	readonly width: number;
	readonly height: number;
	readonly top: number;
}): ReactElement {
	const lines = stage.lines.flatMap((line) => wrapped(line, width));
	const more = lines.length - top - height + 1;
	const shown =
		more > 1
			? [...lines.slice(top, top + height - 2), [{text: `… ${more} more lines, ↓ scrolls`, tone: 'muted' as const}]]
			: lines.slice(top);
	return (
		<Box flexDirection="column" width={width}>
			<Line
				width={width}
				spans={[
					{text: stage.title, tone: 'title'},
					{text: stage.outcome === '' ? '' : `  ${stage.outcome}`, tone: 'muted'},
				]}
			/>
			<PlainLines lines={shown} width={width} height={height - 1} />
		</Box>
	);
}

/** A line whose last span is broken into more lines where it is too long: nothing of a value is lost. */
function wrapped(line: readonly Span[], width: number): readonly (readonly Span[])[] {
	const last = line.at(-1);
	const before = line.slice(0, -1).reduce((sum, {text}) => sum + widthOf(text), 0);
	if (last === undefined || before + widthOf(last.text) <= width) return [line];
	if (before > width / 2) return wrapSpans(line, width, 6);
	return wrap(last.text, width - before).map((text, index) =>
		index === 0 ? [...line.slice(0, -1), {...last, text}] : [{text: ' '.repeat(before)}, {...last, text}],
	);
}

const keys = {
	left: {type: 'turn', by: -1},
	right: {type: 'turn', by: 1},
	previousRow: {type: 'row', by: -1},
	nextRow: {type: 'row', by: 1},
	up: {type: 'scroll', by: -1},
	down: {type: 'scroll', by: 1},
	refresh: {type: 'refresh'},
} as const satisfies Readonly<Record<string, Command>>;

export const row = defineScreen<'row', State, Command>({
	name: 'row',
	scopes: ['row'],
	title: ({row: number, scope}) => `Row ${number}${scope === null ? '' : ` of ${scope}`}`,
	filter: ({execution, explained, within}) =>
		[within === null ? '' : `${count(within.at + 1)} of ${count(within.total)}`, shortId(execution), explained.asking ? 'asking …' : '']
			.filter((part) => part !== '')
			.join('  '),
	start,
	update,
	onKey: (_state, key) => (keys as Readonly<Record<string, Command>>)[key] ?? null,
	commandLine: ({execution, row: number, scope}) =>
		`sluice explain ${execution} --row ${number}${scope === null ? '' : ` --scope ${scope}`}`,
	Draw,
});
