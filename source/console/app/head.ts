import {basename} from 'node:path';
import {durationText} from '../../model/duration.js';
import {clockText} from '../../model/moment.js';
import {environmentOf, timezoneOf} from '../live/live.js';
import {widthOf} from '../text/fit.js';
import type {Span} from '../theme/paint.js';
import type {App} from './state.js';

/** Line 1: product, workspace, environment, daemon. Never shows a picture as true that is not (SPEC 14). */
export function headSpans(app: Pick<App, 'live' | 'workspaceDir' | 'now'>): readonly Span[] {
	const environment = environmentOf(app.live);
	return [
		{text: ' sluice ', tone: 'strong'},
		{text: ` ${basename(app.workspaceDir)} `},
		...(environment === null
			? []
			: [{text: `[${environment.toUpperCase()}] `, tone: environment === 'production' ? ('bad' as const) : ('strong' as const)}]),
		{text: daemonText(app), tone: app.live.lost ? 'bad' : 'normal'},
		...(app.live.otherVersion === null || app.live.lost
			? []
			: [{text: `  ! version ${app.live.status?.daemon.version}`, tone: 'warning' as const}]),
	];
}

/** The clock shows the workspace's time, as everything else does. */
export function headRight({user, now, live}: Pick<App, 'user' | 'now' | 'live'>): readonly Span[] {
	return [{text: `${user}  ${clockText(new Date(now).toISOString(), timezoneOf(live)).slice(11, 16)} `}];
}

function daemonText({live, now}: Pick<App, 'live' | 'now'>): string {
	if (live.lost) return `○ daemon lost ${durationText(Math.max(0, now - live.lost.since))}`;
	if (live.status === null) return '◷ asking the daemon';
	const {running, queued} = live.status.daemon;
	return `● daemon  ▶ ${running} running  ◷ ${queued} queued`;
}

/** Line 2: where one is. On a narrow line the way there gives way from its beginning: the last word is where one is. */
export function crumbSpans(app: App): readonly Span[] {
	const titles = app.stack.map(({screen, state}) => screen.title(state));
	const room = app.columns - filterSpans(app).reduce((sum, {text}) => sum + widthOf(text), 1);
	const lengthFrom = (from: number): number => titles.slice(from).reduce((sum, title) => sum + widthOf(title) + 3, from === 0 ? -2 : 2);
	let from = 0;
	while (from < titles.length - 1 && lengthFrom(from) > room) from++;
	const spans = titles.slice(from).flatMap((title, index): Span[] => [
		{text: index + from === 0 ? ' ' : ' › ', tone: 'muted'},
		{text: title, tone: index + from === titles.length - 1 ? 'title' : 'muted'},
	]);
	return from === 0 ? spans : [{text: ' …', tone: 'muted'}, ...spans];
}

/** Line 2, right: the screen's filter, or that everything on it is old. */
export function filterSpans(app: App): readonly Span[] {
	const view = app.stack.at(-1);
	const filter = view?.screen.filter?.(view.state) ?? '';
	if (!app.live.lost) return [{text: `${filter} `, tone: 'accent'}];
	const age = app.live.heardAt === null ? 'never seen' : `shown as of ${durationText(Math.max(0, app.now - app.live.heardAt))} ago`;
	return [{text: filter === '' ? '' : `${filter}  `, tone: 'accent'}, {text: `STALE: ${age}`, tone: 'stale'}, {text: ' '}];
}
