import {createInterface} from 'node:readline';
import {visible} from '../../text/visible.js';
import {begin} from '../app/begin.js';
import {Latest} from '../app/latest.js';
import type {OpenOptions} from '../app/open.js';
import {runEffect} from '../app/run-effects.js';
import {type App, topOf} from '../app/state.js';
import {Store} from '../app/store.js';
import {open as openScreen} from '../app/views.js';
import {loadOverrides} from '../keys/load-overrides.js';
import {watchDaemon} from '../live/watch.js';
import {copySequence} from '../terminal/clipboard.js';
import {editorCommand, runOnTerminal} from '../terminal/editor.js';
import {lineEntered} from './line.js';
import {spokenLines, spokenMenu, spokenPlace} from './spoken.js';

/** The console for screen readers: lines are only ever added, menus are numbered, nothing is drawn. @returns the exit code */
export async function open({client, workspaceDir, user, folder, environment}: OpenOptions): Promise<number> {
	const {overrides, problems} = await loadOverrides(environment);
	const lines = createInterface({input: process.stdin, output: process.stdout, terminal: false});
	const say = (text: string): void => {
		process.stdout.write(`${visible(text)}\n`);
	};
	const latest = new Latest();
	const store: Store = new Store(
		begin({user, workspaceDir, folder, environment, columns: 160, rows: 50, now: Date.now(), overrides}),
		(order) => {
			runEffect(order, {
				latest,
				client,
				folder,
				dispatch: (event) => store.dispatch(event),
				refresh: () => watch.refresh(),
				redraw: () => read(store.snapshot()),
				quit: () => lines.close(),
				copy(text) {
					say(text);
					const sequence = process.stdout.isTTY ? copySequence(text, environment) : null;
					if (sequence !== null) process.stdout.write(sequence);
					return null;
				},
				async edit(file, line) {
					lines.pause();
					const ended = await runOnTerminal(editorCommand(environment, {file, line}));
					lines.resume();
					store.dispatch({type: 'said', text: ended instanceof Error ? ended.message : `Back from the editor: ${file}`, tone: 'normal'});
				},
			});
		},
	);
	const read = (app: App): void => {
		say('');
		say(spokenPlace(app));
		for (const line of spokenLines(app)) say(line);
		for (const [index, {label}] of spokenMenu(app).entries()) say(`${index + 1}. ${label}`);
		say('A number, down or up, words such as "connectors", or Enter to read again:');
	};
	for (const problem of problems) say(problem);
	store.take(openScreen(store.snapshot(), {screen: 'home'}));
	let told = {view: -1, message: store.snapshot().message, overlay: store.snapshot().overlay, known: false, lost: false};
	const tell = (): void => {
		const app = store.snapshot();
		const view = topOf(app)?.id ?? -1;
		const known = app.live.status !== null;
		const lost = app.live.lost !== null;
		if (lost !== told.lost)
			say(lost ? 'The daemon does not answer: what was read is old. Start it with: sluice daemon start' : 'The daemon answers again.');
		if (app.message !== told.message && app.message) say(app.message.text);
		if (app.overlay !== told.overlay && app.overlay) for (const line of question(app)) say(line);
		else if (view !== told.view || known !== told.known) read(app);
		told = {view, message: app.message, overlay: app.overlay, known, lost};
	};
	store.subscribe(tell);
	const watch = watchDaemon(client, workspaceDir, (live, changes) => store.dispatch({type: 'news', live, changes}));
	lines.on('line', (line) => {
		const before = store.snapshot();
		store.dispatch({type: 'ticked', now: Date.now()});
		store.take(lineEntered(store.snapshot(), line));
		const after = store.snapshot();
		const stays = topOf(before)?.id === topOf(after)?.id && after.overlay === null;
		if (stays) read(after);
	});
	await new Promise<void>((resolve) => lines.once('close', resolve));
	watch.close();
	return 0;
}

function question({overlay}: App): readonly string[] {
	switch (overlay?.kind) {
		case 'menu':
			return [
				overlay.title,
				...overlay.choices.map(
					({label, refused}, index) => `${index + 1}. ${label}${refused === undefined ? '' : `, not now: ${refused}`}`,
				),
				'The number of one, or Enter to leave it:',
			];
		case 'confirm': {
			const {title, lines, stays, safer, typed} = overlay.confirmation;
			return [
				title,
				...lines,
				...(stays ? [`Stays: ${stays}`] : []),
				...(safer ? [`Safer: ${safer}`] : []),
				`Type ${typed ?? 'yes'} to do it, Enter to leave it:`,
			];
		}
		case 'find':
			return ['Find what? Enter alone shows all:'];
		case 'prompt':
			return [`${overlay.label}:`];
		case 'show':
			return [overlay.title, overlay.text];
		default:
			return [];
	}
}
