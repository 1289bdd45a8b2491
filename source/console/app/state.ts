import type {SluiceError} from '../../model/errors.js';
import type {TextEdit} from '../components/text-edit.js';
import type {Overrides} from '../keys/bindings.js';
import type {Key} from '../keys/key.js';
import type {Changes, Live} from '../live/live.js';
import type {AnyAsk, Choice, Confirmation, Fact} from '../screens/effect.js';
import type {Place, ScreenName} from '../screens/place.js';
import type {AnyScreen} from '../screens/screen.js';
import type {ThemeName} from '../theme/themes.js';
import type {Tone} from '../theme/tones.js';

/** A screen on the navigation stack with its state. */
export type View = {
	readonly id: number;
	readonly screen: AnyScreen;
	readonly place: Place;
	readonly state: unknown;
	/** What it asked first and has no answer to, by slot; null once it had its first answers. */
	readonly opening: ReadonlySet<string> | null;
};

/** Keys pressed before what they work on was there, for the view that was on top. `late`: they wait so long that it is said. */
export type Early = {readonly view: number; readonly keys: readonly Key[]; readonly late: boolean};

/** What lies over the screen and has the keys. */
export type Overlay =
	| {readonly kind: 'palette'; readonly edit: TextEdit; readonly cursor: number}
	| {readonly kind: 'help'; readonly top: number}
	| {readonly kind: 'show'; readonly title: string; readonly text: string; readonly top: number}
	| {
			readonly kind: 'menu';
			readonly view: number;
			readonly title: string;
			readonly choices: readonly Choice<unknown>[];
			readonly cursor: number;
	  }
	| {
			readonly kind: 'confirm';
			readonly view: number;
			readonly confirmation: Confirmation<unknown>;
			readonly edit: TextEdit;
			readonly chosen: boolean;
	  }
	| {
			readonly kind: 'prompt';
			readonly view: number;
			readonly label: string;
			readonly edit: TextEdit;
			readonly entered: (text: string) => unknown;
			readonly typed: ((text: string) => unknown) | null;
	  }
	| {readonly kind: 'find'; readonly view: number; readonly edit: TextEdit; readonly before: string};

/** What ends a message by itself; without one it stays until the next key that does something. */
export type MessageEnd =
	/** The answers to these questions, each a ticket by its view and slot. */
	| {readonly on: 'answers'; readonly tickets: Readonly<Record<string, number>>}
	/** The news that tell of what the message tells of, and say otherwise. */
	| {readonly on: 'news'; readonly fact: Fact}
	/** The whole picture, as the daemon tells it anew. */
	| {readonly on: 'refresh'}
	/** The command is not refused any more, or for another reason. */
	| {readonly on: 'refusal'; readonly command: string; readonly refusal: string};

export type Message = {readonly text: string; readonly tone: Tone; readonly end?: MessageEnd};

/** The whole console as it stands. Everything that happens is an `AppEvent`, everything it wants done an `Order`. */
export type App = {
	readonly screens: Readonly<Partial<Record<ScreenName, AnyScreen>>>;
	readonly overrides: Overrides;
	readonly stack: readonly View[];
	readonly overlay: Overlay | null;
	readonly message: Message | null;
	readonly live: Live;
	readonly columns: number;
	readonly rows: number;
	readonly now: number;
	readonly theme: ThemeName;
	readonly user: string;
	readonly workspaceDir: string;
	readonly folder: string;
	/** Numbers handed out: to views, and to questions so that a late answer can be told from the one waited for. */
	readonly numbers: number;
	readonly waiting: Readonly<Record<string, number>>;
	/** What screens that were left know again when they are opened once more. */
	readonly remembered: ReadonlyMap<string, unknown>;
	readonly early: Early | null;
	/** The first of two Ctrl-C was pressed. */
	readonly leaving: boolean;
};

export type AppEvent =
	| {readonly type: 'key'; readonly key: Key}
	| {readonly type: 'news'; readonly live: Live; readonly changes: Changes}
	| {readonly type: 'answered'; readonly view: number; readonly slot: string; readonly ticket: number; readonly command: unknown}
	| {
			readonly type: 'refused';
			readonly view: number;
			readonly slot: string;
			readonly ticket: number;
			readonly error: SluiceError;
			readonly command: unknown;
	  }
	| {readonly type: 'came'; readonly view: number; readonly command: unknown}
	| {readonly type: 'said'; readonly text: string; readonly tone: Tone; readonly end?: MessageEnd}
	| {readonly type: 'resized'; readonly columns: number; readonly rows: number}
	| {readonly type: 'ticked'; readonly now: number};

/** What the world outside is to do. */
export type AppEffect =
	| {readonly order: 'ask'; readonly view: number; readonly ticket: number; readonly ask: AnyAsk<unknown>}
	| {readonly order: 'copy'; readonly text: string; readonly what: string}
	| {readonly order: 'edit'; readonly file: string; readonly line: number | undefined}
	| {readonly order: 'complete'; readonly view: number; readonly path: string; readonly completed: (found: readonly string[]) => unknown}
	| {readonly order: 'refresh'}
	| {readonly order: 'redraw'}
	| {readonly order: 'quit'};

export type Done = {readonly app: App; readonly orders: readonly AppEffect[]};

export function topOf({stack}: App): View | null {
	return stack.at(-1) ?? null;
}
