import {formatError} from './error-text.js';
import {handedOn, pressed} from './handle-key.js';
import {refusalOf} from './keyboards.js';
import {afterAnswer, afterNews} from './message.js';
import {screenContext} from './screen-context.js';
import type {App, AppEvent, Done} from './state.js';
import {andThen, done, tell, told} from './views.js';

/** The console after something happened, and what is to be done outside. Pure. */
export function update(app: App, event: AppEvent): Done {
	const {app: next, orders} = andThen(taken(app, event), handedOn);
	return {app: withoutOldRefusal(next), orders};
}

/** A refusal is said as long as it holds. */
function withoutOldRefusal(app: App): App {
	const end = app.message?.end;
	return end?.on === 'refusal' && refusalOf(app, end.command) !== end.refusal ? {...app, message: null} : app;
}

function taken(app: App, event: AppEvent): Done {
	switch (event.type) {
		case 'key':
			return pressed(app, event.key);
		case 'news':
			return heard(app, event);
		case 'answered':
			return isWaitedFor(app, event) ? told(heardAnswer(app, event), event.view, event.slot, event.command) : done(heardAnswer(app, event));
		case 'refused':
			return refused(app, event);
		case 'came':
			return tell(app, event.view, event.command);
		case 'said':
			return done({...app, message: {text: event.text, tone: event.tone, ...(event.end && {end: event.end})}});
		case 'resized':
			return done({...app, columns: event.columns, rows: event.rows});
		case 'ticked':
			return done({...app, now: event.now, early: app.early && {...app.early, late: true}});
	}
}

/** Every screen of the stack hears the news: those underneath are true when they come up again. */
function heard(app: App, {live, changes}: AppEvent & {type: 'news'}): Done {
	const now = Math.max(app.now, live.heardAt ?? 0);
	return app.stack.reduce<Done>(
		(so, {id}) =>
			andThen(so, (next) => {
				const view = next.stack.find((one) => one.id === id);
				const command = view?.screen.heard?.(view.state, changes, screenContext(next)) ?? null;
				return command === null ? done(next) : tell(next, id, command);
			}),
		done({...app, live, now, message: afterNews(app.message, app.live, live, changes)}),
	);
}

function refused(app: App, event: AppEvent & {type: 'refused'}): Done {
	const heard = heardAnswer(app, event);
	if (!isWaitedFor(app, event)) return done(heard);
	const {view, slot, error, command} = event;
	const next = command === null ? {...heard, message: {text: formatError(error), tone: 'bad' as const}} : heard;
	return told(next, view, slot, command);
}

function heardAnswer(app: App, {view, slot, ticket}: {readonly view: number; readonly slot: string; readonly ticket: number}): App {
	return {...app, message: afterAnswer(app.message, `${view} ${slot}`, ticket)};
}

function isWaitedFor(
	{waiting}: App,
	{view, slot, ticket}: {readonly view: number; readonly slot: string; readonly ticket: number},
): boolean {
	return waiting[`${view} ${slot}`] === ticket;
}
