import type {Key} from '../keys/key.js';
import {nothingYet} from '../live/live.js';
import {capabilitiesOf} from '../terminal/capabilities.js';
import {FrameWriter} from '../terminal/frame-writer.js';
import {KeyFilter} from '../terminal/key-filter.js';
import {LinePlaceholders} from '../terminal/line-placeholders.js';
import {createSession, type Session} from '../terminal/session.js';
import {bothEnds, fitted} from '../text/fitted.js';
import {paint} from '../theme/paint.js';
import {themeFor, themes} from '../theme/themes.js';
import {headRight, headSpans} from './head.js';
import {minColumns, minRows} from './min-size.js';

export type StageOptions = {readonly workspaceDir: string; readonly user: string; readonly environment: NodeJS.ProcessEnv};

/** The terminal, taken, with nobody playing on it yet. Keys pressed meanwhile are kept for who comes. */
export type TerminalSession = {
	readonly colour: boolean;
	readonly unicode: boolean;
	readonly placeholders: LinePlaceholders;
	readonly writer: FrameWriter;
	readonly keys: KeyFilter;
	readonly session: Session;
	/** Hands over the keys, those pressed so far first, and says how the drawing ends. */
	playedBy(player: {readonly onKey: (key: Key) => void; readonly unmount: () => void}): void;
};

/**
 * Takes the terminal and shows at once where one is. React and Ink take three times as long to load as all else together; whoever
 * opened the console sees it open meanwhile, and what they type is not lost.
 */
export function openTerminal({workspaceDir, user, environment}: StageOptions): TerminalSession {
	const {colour, unicode} = capabilitiesOf(environment);
	const placeholders = new LinePlaceholders();
	const writer = new FrameWriter(process.stdout, {colour, unicode}, placeholders);
	const early: Key[] = [];
	let onKey = (key: Key): void => {
		early.push(key);
	};
	let unmount = (): void => undefined;
	const keys = new KeyFilter(process.stdin, {
		onKey(key) {
			writer.hurry();
			onKey(key);
		},
		onHangUp: () => session.end(129),
	});
	const session = createSession({
		output: process.stdout,
		stopInput: () => keys.shut(),
		stopOutput() {
			const half = writer.busy;
			writer.pause();
			return half;
		},
		unmount: () => unmount(),
	});
	session.enter();
	keys.open();
	const {columns, rows} = writer;
	if (columns >= minColumns && rows >= minRows) {
		const theme = colour ? themeFor(environment.SLUICE_THEME, environment) : themes.mono;
		const now = Date.now();
		const head = bothEnds(headSpans({live: nothingYet, workspaceDir, now}), headRight({user, now, live: nothingYet}), columns);
		writer.write(`${paint(fitted(head, columns), theme, 'bar')}\n${paint([{text: ' Home', tone: 'title'}], theme)}`);
		writer.hurry();
	}
	return {
		colour,
		unicode,
		placeholders,
		writer,
		keys,
		session,
		playedBy(player) {
			onKey = player.onKey;
			unmount = player.unmount;
			for (const key of early.splice(0)) onKey(key);
		},
	};
}
