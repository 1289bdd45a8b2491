import {Box} from 'ink';
import type {ReactElement} from 'react';
import type {QueueItem} from '../../../api/contract.js';
import {dayOf, daysOf, type QueueDay} from '../../../api/queue-days.js';
import {Line} from '../../components/line.js';
import {isListMove} from '../../components/list.js';
import {type Cell, type Column, Table} from '../../components/table.js';
import {timezoneOf} from '../../live/live.js';
import {ageText, count} from '../../text/age.js';
import type {Span} from '../../theme/paint.js';
import {type DrawProps, defineScreen, type ScreenContext} from '../screen.js';
import {ErrorBox, noticeOf, PlainLines} from '../shared/notice.js';
import {countOf, shortId} from '../shared/words.js';
import {type Command, canActivate, itemsOf, type State, start, update, visibleRows} from './model.js';

function Draw({state, around}: DrawProps<State>): ReactElement {
	const {width, height} = around;
	const notice = noticeOf(state.queue, 'queue', width);
	if (notice !== null) return notice;
	const items = itemsOf(state);
	const rows = visibleRows(around);
	const days = daysOf(items, timezoneOf(around.live));
	return (
		<Box flexDirection="column">
			<Line width={width} spans={headSpans(state, days)} />
			<Table
				columns={columnsOf(state, around, days)}
				total={items.length}
				rowAt={(index) => items[index]}
				cursor={state.list.cursor}
				top={state.list.top}
				width={width}
				height={Math.min(rows, Math.max(1, items.length)) + 1}
				empty="Nothing waits: it can be activated without a decision."
			/>
			<Line width={width} spans={[{text: placeText(state, rows), tone: 'muted'}]} />
			{state.refusal === null ? (
				<PlainLines lines={gateLines(state)} width={width} height={height - rows - 3} />
			) : (
				<ErrorBox title="Not activated" error={state.refusal} width={width} />
			)}
		</Box>
	);
}

/** Which of the queue are on the screen, where it holds more. */
function placeText(state: State, rows: number): string {
	const total = itemsOf(state).length;
	if (total <= rows) return '';
	const {cursor, top} = state.list;
	return ` ${cursor + 1} of ${total}; lines ${top + 1} to ${Math.min(total, top + rows)} are shown, PgDn and G lead on`;
}

/** Windows of a webhook that piled up, in one sentence; nothing for other queues. */
function windowsText(days: readonly QueueDay[]): string {
	const windows = days.reduce((sum, day) => sum + day.windows, 0);
	const requests = days.reduce((sum, day) => sum + day.requests, 0);
	return windows === 0 ? '' : ` on ${countOf(days.length, 'day')}, ${countOf(requests, 'request')}`;
}

function headSpans(state: State, days: readonly QueueDay[]): readonly Span[] {
	const items = itemsOf(state);
	const kept = items.filter(({id}) => state.decisions[id] === 'keep').length;
	const cancelled = items.filter(({id}) => state.decisions[id] === 'cancel').length;
	return [
		{text: ` ${items.length} waiting${windowsText(days)}`, tone: 'strong'},
		{text: `   keep ${kept}`, tone: 'good'},
		{text: `   cancel ${cancelled}`, tone: cancelled > 0 ? 'bad' : 'muted'},
		{text: `   undecided ${items.length - kept - cancelled}`, tone: items.length > kept + cancelled ? 'warning' : 'muted'},
		{text: `   queue revision ${state.queue.value?.revision ?? '-'}`, tone: 'muted'},
	];
}

/** Windows of webhook requests stand in groups, a day each: its name is on its first line, and on the first of the screen. */
function dayColumn({list: {top}}: State, days: readonly QueueDay[], timezone: string): readonly Column<QueueItem>[] {
	if (days.every(({windows}) => windows === 0)) return [];
	const firsts = new Map(days.map(({day, items}) => [items[0]?.id, day]));
	const cell = (item: QueueItem, index: number): Cell => firsts.get(item.id) ?? (index === top ? dayOf(item, timezone) : '');
	return [{key: 'day', title: 'day', width: 10, cell}];
}

function columnsOf(state: State, {now, live}: ScreenContext, days: readonly QueueDay[]): readonly Column<QueueItem>[] {
	return [
		...dayColumn(state, days, timezoneOf(live)),
		{key: 'decision', title: 'decision', width: 11, cell: ({id}) => decisionCell(state, id)},
		{key: 'queued', title: 'queued', width: 11, cell: ({queued_at: at}) => ageText(at, now)},
		{key: 'by', title: 'by', width: 10, cell: ({started_by: by}) => by},
		{key: 'input', title: 'input', width: 14, grow: 1, cell: ({input_file: file}) => file ?? '-'},
		{key: 'rows', title: 'rows', width: 8, align: 'right', cell: ({rows}) => count(rows)},
		{
			key: 'done',
			title: 'already done',
			width: 18,
			grow: 2,
			cell: ({done}) => (done === null ? {text: 'not begun', tone: 'muted'} : {text: done, tone: 'warning'}),
		},
		{key: 'id', title: 'execution', width: 13, optional: 1, cell: ({id}) => ({text: shortId(id), tone: 'muted'})},
	];
}

function decisionCell({decisions, arrived}: State, id: string): Cell {
	if (arrived.includes(id)) return {text: '! NEW', tone: 'warning'};
	const decision = decisions[id];
	if (decision === undefined) return {text: '? undecided', tone: 'warning'};
	return decision === 'keep' ? {text: '✓ keep', tone: 'good'} : {text: '✗ cancel', tone: 'bad'};
}

/** What stands between this queue and an active connector, a line each; then whether `a` works. */
function gateLines(state: State): readonly (readonly Span[])[] {
	const {detail} = state;
	const lacks = detail.value?.lacks ?? [];
	const possible = canActivate(state);
	const gate = (ok: boolean, text: string): readonly Span[] => [{text: ok ? '  ✓ ' : '  ✗ ', tone: ok ? 'good' : 'bad'}, {text}];
	const items = itemsOf(state);
	const open = items.filter(({id}) => state.decisions[id] === undefined).length;
	return [
		[{text: ' Before it can be activated', tone: 'title'}],
		gate(open === 0, open === 0 ? 'every execution has a decision' : `${items.length - open} of ${items.length} have a decision`),
		...(state.arrived.length > 0 ? [gate(false, `${state.arrived.length} arrived since you looked: decide on each`)] : []),
		...(detail.value === null
			? [gate(false, detail.error?.message ?? 'asking the daemon what it lacks …')]
			: lacks.length === 0
				? [gate(true, 'its configuration is complete and its SQL validated')]
				: lacks.map((lack) => gate(false, lack))),
		'no' in possible
			? [{text: ` a activate: not yet, ${possible.no}`, tone: 'warning'}]
			: [{text: ' a activates with exactly this decision', tone: 'key'}],
	];
}

export const review = defineScreen<'review', State, Command>({
	name: 'review',
	scopes: ['review'],
	title: ({connector}) => `Activate ${connector}`,
	filter: ({sent}) => (sent ? 'the daemon is activating …' : ''),
	start,
	update,
	onKey(_state, key) {
		if (isListMove(key)) return {type: 'move', how: key};
		switch (key) {
			case 'keep':
				return {type: 'decide', decision: 'keep'};
			case 'cancelOne':
				return {type: 'decide', decision: 'cancel'};
			case 'keepDay':
				return {type: 'decideDay', decision: 'keep'};
			case 'cancelDay':
				return {type: 'decideDay', decision: 'cancel'};
			case 'keepAll':
				return {type: 'decideAll', decision: 'keep'};
			case 'cancelAll':
				return {type: 'decideAll', decision: 'cancel'};
			case 'activate':
			case 'open':
			case 'refresh':
				return {type: key};
			default:
				return null;
		}
	},
	refused(state, key) {
		if (key !== 'activate') return null;
		const possible = canActivate(state);
		return 'no' in possible ? possible.no : null;
	},
	heard: ({connector}, changes) =>
		changes.again || changes.queues.has(connector) || changes.connectors.has(connector) ? {type: 'heard', changes} : null,
	returned: () => ({type: 'refresh'}),
	memory: {
		keyOf: ({connector}) => connector,
		of: ({decisions}) => decisions,
		back: (state, decisions) => ({...state, decisions: decisions as State['decisions']}),
	},
	commandLine(state) {
		const lost = itemsOf(state).filter(({id}) => state.decisions[id] === 'cancel');
		const revision = state.queue.value?.revision;
		const choice = lost.length === 0 ? '--keep-all' : lost.map(({id}) => `--cancel ${id}`).join(' ');
		return `sluice activate ${state.connector} ${choice}${revision === undefined ? '' : ` --revision ${revision}`}`;
	},
	Draw,
});
