import {needLines} from '../../api/need-lines.js';
import {durationText, tookText} from '../../model/duration.js';
import type {Execution} from '../../model/execution.js';
import {clockText} from '../../model/moment.js';
import {progressBar} from '../components/progress.js';
import {bars} from '../components/sparkline.js';
import {loadedPart} from '../execution-metrics/loaded-part.js';
import {environmentOf, timezoneOf} from '../live/live.js';
import {ageText, count} from '../text/age.js';
import {toWidth} from '../text/fit.js';
import {glyphOf, type Look} from '../theme/glyph.js';
import type {Span} from '../theme/paint.js';
import {executionSigns} from '../theme/signs.js';
import type {Tone} from '../theme/tones.js';
import {successOf, type Wall} from './model.js';

export type PanelLine = readonly Span[];

/** What the wallboard shows in words; the charts draw `wall.rate`, `wall.queue` and `successOf`. Pure. */
export type Around = {readonly now: number; readonly look: Look; readonly workspace: string; readonly width: number};

/** The line on top: what this is, whether it is true, the time. */
export function headLine({live}: Wall, {now, workspace, look}: Around): PanelLine {
	const environment = environmentOf(live);
	const clock = new Date(now).toTimeString().slice(0, 5);
	return [
		{text: ' sluice wall ', tone: 'strong'},
		{text: ` ${workspace} `},
		...(environment === null
			? []
			: [{text: `[${environment.toUpperCase()}] `, tone: environment === 'production' ? ('bad' as const) : ('strong' as const)}]),
		...daemonSpans(live, now, look),
		{text: `  ${clock} `},
	];
}

function daemonSpans(live: Wall['live'], now: number, {unicode}: Look): PanelLine {
	if (live.lost) {
		const age = live.heardAt === null ? 'never seen' : `shown as of ${durationText(Math.max(0, now - live.heardAt))} ago`;
		return [{text: `${unicode ? '○' : 'o'} daemon lost  STALE: ${age}`, tone: 'stale'}];
	}
	if (live.status === null) return [{text: 'asking the daemon', tone: 'muted'}];
	const {running, queued: waiting} = live.status.daemon;
	const needs = needLines(live.status.needs_you).length;
	return [
		{text: `${unicode ? '●' : '*'} daemon  `},
		{text: `running ${running}`, tone: running > 0 ? 'busy' : 'normal'},
		{text: `  queued ${waiting}`, tone: waiting > 0 ? 'waiting' : 'normal'},
		{text: `  needs someone ${needs}`, tone: needs > 0 ? 'warning' : 'good'},
	];
}

/** What runs or waits, a line each. */
export function runningLines({live}: Wall, {now, look, width}: Around): readonly PanelLine[] {
	if (live.active.length === 0) return [[{text: live.status === null ? '' : 'nothing runs', tone: 'muted'}]];
	const running = [...live.active].sort((a, b) => Number(b.status === 'running') - Number(a.status === 'running'));
	return running.map((execution) => runningLine(execution, now, look, width));
}

function runningLine(execution: Execution, now: number, look: Look, width: number): PanelLine {
	const {status, connector, mode, started_at: started, waiting_for: waits} = execution;
	const sign = executionSigns[status];
	const part = loadedPart(execution);
	const bar = Math.max(4, Math.min(20, width - 48));
	const stage = execution.stages.find(({state}) => state === 'running')?.name ?? '';
	return [
		{text: `${glyphOf(sign, look)} ${toWidth(sign.word, 8)} `, tone: sign.tone},
		{text: `${toWidth(connector, Math.max(12, Math.min(24, width - 50)))} `, tone: 'strong'},
		{text: `${toWidth(mode, 5)}`},
		...(status === 'queued'
			? [{text: `waits for ${waits ?? 'its turn'}`, tone: 'waiting' as const}]
			: part === null
				? [{text: stage, tone: 'busy' as const}]
				: [{text: `${progressBar(part, bar, look.unicode)} ${String(Math.floor(part * 100)).padStart(3)} %`, tone: 'busy' as const}]),
		{text: started === null ? '' : `  ${tookText(execution, status === 'running', now)}`},
	];
}

/** The last runs that failed and that nobody has acknowledged, newest first. */
export function failureLines({live}: Wall, {now, look}: Around): readonly PanelLine[] {
	const failed = live.recent.filter(({status, acknowledged_at: seen}) => status === 'failed' && seen === null);
	if (failed.length === 0) return [[{text: live.status === null ? '' : 'no failures', tone: 'good'}]];
	return failed.map(({connector, ended_at: at, error}): PanelLine => {
		const sign = executionSigns.failed;
		return [
			{text: `${glyphOf(sign, look)} ${connector}`, tone: sign.tone},
			{text: `  ${ageText(at, now)}`, tone: 'muted'},
			{text: `  ${error?.message ?? ''}`},
		];
	});
}

const levelTones: Readonly<Record<'info' | 'warning' | 'error', Tone>> = {info: 'normal', warning: 'warning', error: 'bad'};

/** The newest lines of all logs, newest last, as many as there is room for. */
export function logLines({lines, live}: Wall, rows: number): readonly PanelLine[] {
	return lines
		.slice(-Math.max(0, rows))
		.map(
			({at, level, connector, message}): PanelLine => [
				{text: `${clockText(at, timezoneOf(live)).slice(11, 19)} `, tone: 'muted'},
				...(level === 'info' ? [] : [{text: `${level} `, tone: levelTones[level]}]),
				{text: `${connector}  `, tone: 'strong'},
				{text: message, tone: levelTones[level]},
			],
		);
}

/** A chart in words and bars, for terminals that cannot show more than ASCII. */
export function plainChart(values: readonly number[], width: number): readonly PanelLine[] {
	return [
		[{text: `now ${count(values.at(-1) ?? 0)}   most ${count(Math.max(0, ...values))}`}],
		[{text: bars(values, Math.max(1, Math.min(width, values.length)), false), tone: 'busy'}],
	];
}

/** `95 %  19 of 20 runs`. */
export function successText({live}: Wall): string {
	const {clean, all, share} = successOf(live);
	return share === null ? 'no runs yet' : `${Math.floor(share * 100)} %  ${clean} of ${all} runs`;
}
