import type {FunctionComponent} from 'react';
import type {KeyCommand, Scope} from '../keys/table.js';
import type {Changes, Live} from '../live/live.js';
import type {Effect} from './effect.js';
import type {PlaceOf, ScreenName} from './place.js';

/** What a screen may know beside its own state. */
export type ScreenContext = {
	readonly live: Live;
	/** Of the body, in cells. */
	readonly width: number;
	readonly height: number;
	/** In ms since 1970; moves on by itself only as often as something on the screen needs it. */
	readonly now: number;
	readonly user: string;
	readonly workspaceDir: string;
	/** The folder the console was started in: where exports go by default. */
	readonly folder: string;
};

/** The next state, and what is to be done: `[state]`, `[state, ask(...), {go: ...}]`. */
export type Step<State, Command> = readonly [State, ...Effect<Command>[]];

export type DrawProps<State> = {readonly state: State; readonly around: ScreenContext};

/**
 * A screen: a pure model (`model.ts`) and a drawing of it (`screen.tsx`). Its state lies on the navigation stack while other
 * screens are on top of it, so cursor, sort and filter survive going back by themselves.
 */
export type Screen<Name extends ScreenName, State, Command> = {
	readonly name: Name;
	/** The scopes of the key table it listens to, the first one first. */
	readonly scopes: readonly Scope[];
	/** Its words in the breadcrumb: `Connectors`, `vendor_products`. */
	title(state: State): string;
	/** What stands at the right of line 2: the filter, what is followed. */
	filter?(state: State): string;
	/** The state it opens in, and what it asks for first. */
	start(place: PlaceOf<Name>, around: ScreenContext): Step<State, Command>;
	update(state: State, command: Command, around: ScreenContext): Step<State, Command>;
	/** A key of its scopes, as a command of its own; null: not now. `copyCommand` and `refresh` come here too. */
	onKey(state: State, key: KeyCommand, around: ScreenContext): Command | null;
	/** True while letters belong to a text field: they come to `onText` then, and only keys that are no text are looked up. */
	typing?(state: State): boolean;
	onText?(state: State, text: string): Command | null;
	/** A key that edits the text (`left`, `backspace`, `ctrl-u`: see `edit` in components/text-edit.ts) while `typing`; null: look it up. */
	onEdit?(state: State, key: string): Command | null;
	/** Why a key cannot be used now: it is drawn grey, and pressing it says this. */
	refused?(state: State, key: KeyCommand, around: ScreenContext): string | null;
	/** A better word for a key than the table's, for how things stand: `activate` instead of `on/off`. Null: the table's. */
	word?(state: State, key: KeyCommand, around: ScreenContext): string | null;
	/** Whether a key works on rows that are still on their way: it waits for them. The first answers are waited for anyhow. */
	waits?(state: State, key: string): boolean;
	/** News from the daemon, at most ten times a second. */
	heard?(state: State, changes: Changes, around: ScreenContext): Command | null;
	/** It is on top again: a good time to ask again. */
	returned?(state: State, around: ScreenContext): Command | null;
	/**
	 * What it knows again when it is opened once more after it was left: decisions a person took and would have to take again. `of` null:
	 * nothing is kept.
	 */
	readonly memory?: {keyOf(place: PlaceOf<Name>): string; of(state: State): unknown; back(state: State, kept: unknown): State};
	/** `/`: the text found now, and the command for a new one, called with every letter. Without it `/` does nothing. */
	readonly find?: {text(state: State): string; changed(text: string): Command};
	/** The command line that shows or does the same, for `y`. */
	commandLine?(state: State): string | null;
	/** Whether seconds on it move (a running execution): the clock then ticks each second instead of each minute. */
	ticking?(state: State, around: ScreenContext): boolean;
	/** What `--accessible` reads out; default: the drawing without its lines and boxes. */
	spoken?(state: State, around: ScreenContext): readonly string[];
	readonly Draw: FunctionComponent<DrawProps<State>>;
};

/** A screen as the navigation handles it: whatever its state and commands are, they only meet each other. */
export type AnyScreen = Screen<ScreenName, unknown, unknown>;

/** Writes a screen down with its types and hands it out without them, for `screens/all.ts`. */
export function defineScreen<Name extends ScreenName, State, Command>(screen: Screen<Name, State, Command>): AnyScreen {
	return screen as unknown as AnyScreen;
}
