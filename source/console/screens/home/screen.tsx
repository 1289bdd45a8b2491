import {Box} from 'ink';
import type {ReactElement} from 'react';
import {needText} from '../../../api/need-lines.js';
import {tookText} from '../../../model/duration.js';
import type {Execution} from '../../../model/execution.js';
import {minuteText} from '../../../model/moment.js';
import {healthSpans, healthText} from '../../components/health.js';
import {Line as ScreenLine} from '../../components/line.js';
import {progressBar} from '../../components/progress.js';
import {bars} from '../../components/sparkline.js';
import {loadedPart} from '../../execution-metrics/loaded-part.js';
import {timezoneOf} from '../../live/live.js';
import {ageText, count} from '../../text/age.js';
import {toWidth, wrap} from '../../text/fit.js';
import {glyphOf, type Look} from '../../theme/glyph.js';
import {useLook} from '../../theme/look.js';
import type {Span} from '../../theme/paint.js';
import {connectorSigns, executionSigns, needSigns, wordIn} from '../../theme/signs.js';
import {type DrawProps, defineScreen, type ScreenContext} from '../screen.js';
import {countOf, waitText} from '../shared/words.js';
import {recentHead, recentSpans} from './last-runs.js';
import {type Command, type Line, onKey, runningCounts, type State, start, update} from './model.js';

export const home = defineScreen<'home', State, Command>({
	name: 'home',
	scopes: ['list', 'home'],
	title: () => 'Home',
	start: (_place, around) => start(around),
	update,
	onKey: (_state, key) => onKey(key),
	heard: () => ({type: 'heard'}),
	returned: () => ({type: 'heard'}),
	commandLine: () => 'sluice status',
	ticking: (_state, {live}) => live.active.some(({status}) => status === 'running'),
	Draw: Home,
});

const titles: Readonly<Record<Line['line'], string>> = {
	need: 'NEEDS YOU',
	running: 'RUNNING NOW',
	next: 'NEXT SCHEDULED',
	gathering: 'WEBHOOKS GATHERED',
	recent: 'LAST RUNS',
	health: 'CONNECTORS, LAST 20 RUNS',
};

function Home({state, around}: DrawProps<State>): ReactElement {
	const look = useLook();
	const {width, height, live} = around;
	if (live.status === null) {
		return (
			<ScreenLine
				width={width}
				spans={[{text: live.lost ? '  Nothing is known yet: the daemon does not answer.' : '  Asking the daemon…', tone: 'muted'}]}
			/>
		);
	}
	const drawn = drawnLines(state, around, look);
	const cursor = drawn.findIndex(({index}) => index === state.list.cursor);
	const room = drawn.length > height ? height - 1 : height;
	const top = Math.max(0, Math.min(cursor - Math.floor(room / 2), drawn.length - room));
	const first = cursor < room ? 0 : top;
	const below = drawn.length - first - room;
	return (
		<Box flexDirection="column">
			{drawn.slice(first, first + room).map(({key, spans, index}) => (
				<ScreenLine
					key={key}
					width={width}
					spans={index === state.list.cursor ? [{text: look.unicode ? '▌' : '>', tone: 'key'}, ...spans] : [' ', ...spans]}
					under={index === state.list.cursor ? 'selected' : undefined}
				/>
			))}
			{room < height && <ScreenLine width={width} spans={[{text: moreText(first, below, look), tone: 'muted'}]} />}
		</Box>
	);
}

function moreText(above: number, below: number, {unicode}: Look): string {
	if (below > 0) return `  ${unicode ? '↓ ' : ''}${countOf(below, 'more line')} below`;
	return `  ${unicode ? '↑ ' : ''}${countOf(above, 'more line')} above`;
}

type Drawn = {readonly key: string; readonly spans: readonly Span[]; readonly index: number | null};

function drawnLines({lines}: State, around: ScreenContext, look: Look): readonly Drawn[] {
	const drawn: Drawn[] = [];
	const say = (key: string, ...spans: readonly Span[]): void => {
		drawn.push({key, spans, index: null});
	};
	const {otherVersion} = around.live;
	if (otherVersion !== null) {
		const text = `${otherVersion[0]?.toUpperCase()}${otherVersion.slice(1)}`;
		for (const [at, part] of wrap(text, around.width - 4).entries())
			say(`version ${at}`, {text: `${at === 0 ? '!' : ' '} ${part}`, tone: 'warning'});
	}
	if (!lines.some(({line}) => line === 'need')) {
		if (drawn.length > 0) say('version gap');
		say('nothing', {text: 'NEEDS YOU  ', tone: 'title'}, {text: `${look.unicode ? '✓ ' : ''}nothing needs you`, tone: 'good'});
	}
	let before: Line['line'] | null = null;
	for (const [index, line] of lines.entries()) {
		if (line.line !== before) {
			if (drawn.length > 0) say(`gap ${line.line}`);
			const many = lines.filter((other) => other.line === line.line).length;
			say(
				`title ${line.line}`,
				{text: titles[line.line], tone: 'title'},
				{text: `  ${amountText(line.line, lines)}`, tone: 'muted'},
				...rateSpans(line.line, around, look),
				...(line.line === 'recent' ? recentHead(many, around.width) : []),
			);
			before = line.line;
		}
		drawn.push({key: `line ${index}`, spans: lineSpans(line, around, look), index});
	}
	if (lines.length === 0) {
		say('gap');
		say('empty', {text: 'No connectors yet. Make one under connectors/, or look at one: sluice demo DIR'});
	}
	return drawn;
}

/** The stage it is in, while there are no chunks to count. */
function stageText(of: Execution): string {
	if (loadedPart(of) !== null) return '';
	const stage = of.stages.find(({state}) => state === 'running');
	return stage === undefined ? '' : `${stage.name}  `;
}

/** How many a section is of: lines, but of what runs the executions, with those that wait told apart. */
function amountText(line: Line['line'], lines: readonly Line[]): string {
	if (line !== 'running') return String(lines.filter((other) => other.line === line).length);
	const {running, waiting} = runningCounts(lines);
	return waiting === 0 ? count(running) : `${count(running)}, ${count(waiting)} waiting`;
}

function rateSpans(line: Line['line'], {live}: ScreenContext, look: Look): readonly Span[] {
	if (line !== 'running' || live.rowRate.length === 0) return [];
	const now = live.rowRate.at(-1) ?? 0;
	return [{text: `   ${count(now)} rows a minute `}, {text: bars(live.rowRate, 30, look.unicode), tone: 'busy'}];
}

function lineSpans(line: Line, {now, width, live}: ScreenContext, look: Look): readonly Span[] {
	switch (line.line) {
		case 'need': {
			const {kind, connector, at} = line.need;
			const sign = needSigns[kind];
			const age = at === null ? '' : `  ${ageText(at, now)}`;
			return [
				{text: ` ${glyphOf(sign, look)} ${toWidth(sign.word, 10)}`, tone: sign.tone},
				{text: toWidth(connector ?? 'workspace', 20)},
				{text: ` ${needText(line)}${age}`},
			];
		}
		case 'running': {
			const {connector, mode, status, id} = line.execution;
			const sign = executionSigns[status];
			if (line.many > 1) {
				return [
					{text: ` ${glyphOf(sign, look)} ${toWidth(sign.word, 10)}`, tone: sign.tone},
					{text: toWidth(connector, 20)},
					{text: ` ${countOf(line.many, 'execution')}, the next one ${waitText(line.execution)}`},
				];
			}
			const part = loadedPart(line.execution);
			const took = status === 'running' ? tookText(line.execution, true, now) : '';
			return [
				{text: ` ${glyphOf(sign, look)} ${toWidth(sign.word, 10)}`, tone: sign.tone},
				{text: toWidth(connector, 20)},
				{text: ` ${toWidth(mode, 5)}`},
				{
					text: part === null ? '' : `${progressBar(part, 18, look.unicode)} ${String(Math.floor(part * 100)).padStart(3)} %  `,
					tone: 'busy',
				},
				{text: status === 'running' ? `${stageText(line.execution)}${took}` : waitText(line.execution)},
				{text: `  ${id.slice(0, 13)}`, tone: 'muted'},
			];
		}
		case 'next':
			return [
				{text: ` ${toWidth(ageText(line.at, now), 12)}`, tone: 'waiting'},
				{text: toWidth(line.connector.api_name, 20)},
				{text: ` ${minuteText(line.at, timezoneOf(live))}`, tone: 'muted'},
			];
		case 'gathering': {
			const {requests, queued_at} = line.gathering;
			return [
				{text: ` ${toWidth(ageText(queued_at, now), 12)}`, tone: 'waiting'},
				{text: toWidth(line.connector.api_name, 20)},
				{text: ` ${countOf(requests, 'request')}`},
				{text: `, queued ${minuteText(queued_at, timezoneOf(live))}`, tone: 'muted'},
			];
		}
		case 'recent':
			return recentSpans(line.execution, {now, width}, look);
		case 'health': {
			const {api_name, status, health} = line.connector;
			const sign = connectorSigns[status];
			return [
				{text: ` ${glyphOf(sign, look)} ${toWidth(api_name, 22)}`, tone: sign.tone},
				...healthSpans(health, 20, look),
				{text: `  ${toWidth(healthText(health), 14)}`},
				{text: toWidth(wordIn(sign, width - 64), Math.max(0, width - 64)), tone: sign.tone},
			];
		}
	}
}
