import {aroundOf} from './around.js';
import {formatError} from './error-text.js';
import {handedOn, pressed} from './press.js';
import type {App, AppEvent, Done} from './state.js';
import {andThen, done, tell, told} from './views.js';

/** The console after something happened, and what is to be done outside. Pure. */
export function update(app: App, event: AppEvent): Done {
	return andThen(taken(app, event), handedOn);
}

function taken(app: App, event: AppEvent): Done {
	switch (event.type) {
		case 'key':
			return pressed(app, event.key);
		case 'news':
			return heard(app, event);
		case 'answered':
			return isWaitedFor(app, event) ? told(app, event.view, event.slot, event.command) : done(app);
		case 'refused':
			return refused(app, event);
		case 'came':
			return tell(app, event.view, event.command);
		case 'said':
			return done({...app, message: {text: event.text, tone: event.tone}});
		case 'resized':
			return done({...app, columns: event.columns, rows: event.rows});
		case 'ticked':
			return done({...app, now: event.now, early: app.early && {...app.early, late: true}});
	}
}

/** Every screen of the stack hears the news: those underneath are true when they come up again. */
function heard(app: App, {live, changes}: AppEvent & {type: 'news'}): Done {
	const now = Math.max(app.now, live.heardAt ?? 0);
	// why: what was refused because the daemon was lost is no longer true when it is back.
	const found = app.live.lost !== null && live.lost === null;
	return app.stack.reduce<Done>(
		(so, {id}) =>
			andThen(so, (next) => {
				const view = next.stack.find((one) => one.id === id);
				const command = view?.screen.heard?.(view.state, changes, aroundOf(next)) ?? null;
				return command === null ? done(next) : tell(next, id, command);
			}),
		done({...app, live, now, message: found ? null : app.message}),
	);
}

function refused(app: App, event: AppEvent & {type: 'refused'}): Done {
	if (!isWaitedFor(app, event)) return done(app);
	const {view, slot, error, command} = event;
	const next = command === null ? {...app, message: {text: formatError(error), tone: 'bad' as const}} : app;
	return told(next, view, slot, command);
}

function isWaitedFor(
	{waiting}: App,
	{view, slot, ticket}: {readonly view: number; readonly slot: string; readonly ticket: number},
): boolean {
	return waiting[`${view} ${slot}`] === ticket;
}
