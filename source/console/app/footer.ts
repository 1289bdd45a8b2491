import {keyLabel} from '../keys/key.js';
import type {Binding, KeyCommand} from '../keys/table.js';
import {widthOf} from '../text/fit.js';
import type {Span} from '../theme/paint.js';
import {keyboardNow, refusalOf} from './keyboards.js';
import {screenContext} from './screen-context.js';
import type {App} from './state.js';
import {topOf} from './state.js';

/** The keys that work here, as many as a line holds; those that wait for something are grey. */
export function footerSpans(app: App): readonly Span[] {
	if (app.overlay) return overlayFooter(app.overlay.kind);
	const pieces = footerOrder(app).map((binding): Piece => pieceOf(app, binding));
	return keptIn(pieces, app.columns).flatMap(({command, key, label}): Span[] => {
		const refused = refusalOf(app, command) !== null;
		return [
			{text: key, tone: refused ? 'muted' : 'key'},
			{text: label, tone: refused ? 'muted' : 'normal'},
		];
	});
}

/** The commands worth showing here, the most useful first. */
export function footerOrder(app: App): readonly Binding[] {
	const view = topOf(app);
	return keyboardNow(app)
		.bindings.filter(
			({command, footer}) =>
				footer !== undefined &&
				!(command === 'find' && !view?.screen.find) &&
				!(command === 'open' && refusalOf(app, command) !== null) &&
				!(command === 'back' && app.stack.length < 2),
		)
		.sort((a, b) => orderOf(app, a) - orderOf(app, b));
}

/** What cannot be used now stands behind what can, before the ways out. */
function orderOf(app: App, {command, footer = 0}: Binding): number {
	return footer < 80 && refusalOf(app, command) !== null ? 79 : footer;
}

type Piece = {readonly command: string; readonly key: string; readonly label: string; readonly order: number};

/** The ways out and on (`?`, `:`, quit) always stay; others give way from the end. */
function keptIn(pieces: readonly Piece[], width: number): readonly Piece[] {
	const always = pieces.filter(({order}) => order >= 90);
	const kept: Piece[] = [];
	let used = always.reduce((sum, piece) => sum + sizeOf(piece), 0);
	for (const piece of pieces) {
		if (always.includes(piece)) continue;
		if (used + sizeOf(piece) > width) continue;
		used += sizeOf(piece);
		kept.push(piece);
	}
	return [...kept, ...always];
}

/** A key and its word; two opposite directions are one piece. A screen may have a better word for how it stands. */
function pieceOf(app: App, {command, keys, label, footer = 0, pair}: Binding): Piece {
	const view = topOf(app);
	const other = pair && keyboardNow(app).bindings.find((binding) => binding.command === pair.command)?.keys[0];
	const shown = [keys[0] ?? '', ...(other === undefined ? [] : [other])].map(keyLabel).join(' ');
	const word = view?.screen.word?.(view.state, command as KeyCommand, screenContext(app)) ?? pair?.label ?? label;
	return {command, key: ` ${shown}`, label: ` ${word} `, order: footer};
}

function sizeOf({key, label}: Piece): number {
	return widthOf(key) + widthOf(label);
}

function overlayFooter(kind: string): readonly Span[] {
	const rows: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
		palette: [
			['↑↓', 'choose'],
			['Enter', 'go'],
			['Tab', 'complete'],
			['Esc', 'close'],
		],
		menu: [
			['↑↓', 'choose'],
			['Enter', 'do it'],
			['Esc', 'close'],
		],
		confirm: [
			['←→', 'choose'],
			['Enter', 'take it'],
			['Ctrl-Y', 'confirm'],
			['Esc', 'leave it'],
		],
		find: [
			['Enter', 'keep'],
			['Esc', 'take back'],
		],
		prompt: [
			['Enter', 'take it'],
			['Esc', 'leave it'],
		],
		help: [
			['↑↓', 'scroll'],
			['Esc', 'close'],
		],
		show: [
			['↑↓', 'scroll'],
			['Esc', 'close'],
		],
	};
	return (rows[kind] ?? []).flatMap(([key, label]): Span[] => [{text: ` ${key}`, tone: 'key'}, {text: ` ${label} `}]);
}
