import {render} from 'ink';
import type {Client} from '../../api/client.js';
import {PlaceholderContext} from '../components/painted.js';
import {loadOverrides} from '../keys/load-overrides.js';
import {watchDaemon} from '../live/watch.js';
import {copySequence} from '../terminal/clipboard.js';
import {editorCommand, runOnTerminal} from '../terminal/editor.js';
import {Console} from './app.js';
import {begin} from './begin.js';
import {nextTickMs} from './clock.js';
import {Latest} from './latest.js';
import type {TerminalSession} from './open-terminal.js';
import {runEffect} from './run-effects.js';
import {Store} from './store.js';
import {open as openScreen} from './views.js';

export type OpenOptions = {
	readonly client: Client;
	readonly workspaceDir: string;
	readonly user: string;
	readonly folder: string;
	readonly environment: NodeJS.ProcessEnv;
};

/** The console on the whole screen, on a terminal that was taken. @returns the exit code, once the terminal is given back */
export async function open({client, workspaceDir, user, folder, environment}: OpenOptions, stage: TerminalSession): Promise<number> {
	const {overrides, problems} = await loadOverrides(environment);
	const {colour, unicode, placeholders, writer, keys, session} = stage;
	let leave: (code: number) => void = () => undefined;
	const ended = new Promise<number>((resolve) => {
		leave = resolve;
	});
	const latest = new Latest();
	const store: Store = new Store(
		begin({user, workspaceDir, folder, environment, columns: writer.columns, rows: writer.rows, now: Date.now(), overrides}),
		(order) => {
			runEffect(order, {
				latest,
				client,
				folder,
				dispatch: (event) => store.dispatch(event),
				refresh: () => watch.refresh(),
				redraw: () => writer.redraw(),
				quit: () => leave(0),
				copy(text) {
					const sequence = copySequence(text, environment);
					if (sequence === null) return 'it is too long for a terminal';
					writer.send(sequence);
					return null;
				},
				async edit(file, line) {
					const ended = await session.lend(() => runOnTerminal(editorCommand(environment, {file, line})));
					keys.open();
					writer.resume();
					if (ended instanceof Error) store.dispatch({type: 'said', text: `The editor did not start: ${ended.message}`, tone: 'bad'});
					else watch.refresh();
				},
			});
		},
	);

	writer.on('resize', () => store.dispatch({type: 'resized', columns: writer.columns, rows: writer.rows}));
	process.on('SIGCONT', () => {
		session.enter();
		keys.rawAgain();
		writer.redraw();
	});
	store.take(openScreen(store.snapshot(), {screen: 'home'}));
	if (problems.length > 0) store.dispatch({type: 'said', text: problems.join('; '), tone: 'warning'});
	const ink = render(
		<PlaceholderContext.Provider value={placeholders}>
			<Console store={store} unicode={unicode} colour={colour} />
		</PlaceholderContext.Provider>,
		{
			stdout: writer as unknown as NodeJS.WriteStream,
			stdin: keys as unknown as NodeJS.ReadStream,
			debug: true,
			patchConsole: false,
			exitOnCtrlC: false,
		},
	);
	// why: an error while drawing ends Ink alone, which would leave an empty screen with nobody in it.
	ink.waitUntilExit().catch(session.die);
	const watch = watchDaemon(client, workspaceDir, (live, changes) => store.dispatch({type: 'news', live, changes}));
	const clock = startClock(store);
	stage.playedBy({onKey: (key) => store.dispatch({type: 'key', key}), unmount: () => ink.unmount()});
	const code = await ended;
	clock.stop();
	watch.close();
	return session.end(code);
}

/** Ticks only as often as something on the screen needs it: an idle console sends nothing. */
function startClock(store: Store): {stop(): void} {
	let timer: NodeJS.Timeout | undefined;
	let dueAt = 0;
	const set = (): void => {
		const now = Date.now();
		const due = now + nextTickMs(store.snapshot(), now);
		if (timer !== undefined && due >= dueAt) return;
		clearTimeout(timer);
		dueAt = due;
		timer = setTimeout(() => {
			timer = undefined;
			store.dispatch({type: 'ticked', now: Date.now()});
			set();
		}, due - now);
	};
	const unsubscribe = store.subscribe(set);
	set();
	return {
		stop() {
			unsubscribe();
			clearTimeout(timer);
		},
	};
}
