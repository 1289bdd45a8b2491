import {keyLabel} from '../keys/key.js';
import type {Binding} from '../keys/table.js';
import {widthOf} from '../text/fit.js';
import type {Span} from '../theme/paint.js';
import {keyboardNow, refusalOf} from './keyboards.js';
import type {App} from './state.js';
import {topOf} from './state.js';

/** The keys that work here, as many as a line holds; those that wait for something are grey. */
export function footerSpans(app: App): readonly Span[] {
	if (app.overlay) return overlayFooter(app.overlay.kind);
	const kept = keptIn(footerOrder(app), app.columns);
	return kept.flatMap((binding): Span[] => {
		const refused = refusalOf(app, binding.command) !== null;
		const [key, label] = pieceOf(binding);
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
				footer !== undefined && !(command === 'find' && !view?.screen.find) && !(command === 'back' && app.stack.length < 2),
		)
		.sort((a, b) => orderOf(app, a) - orderOf(app, b));
}

/** What cannot be used now stands behind what can, before the ways out. */
function orderOf(app: App, {command, footer = 0}: Binding): number {
	return footer < 80 && refusalOf(app, command) !== null ? 79 : footer;
}

/** The ways out and on (`?`, `:`, quit) always stay; others give way from the end. */
function keptIn(bindings: readonly Binding[], width: number): readonly Binding[] {
	const always = bindings.filter(({footer}) => (footer ?? 0) >= 90);
	const kept: Binding[] = [];
	let used = always.reduce((sum, binding) => sum + sizeOf(binding), 0);
	for (const binding of bindings) {
		if (always.includes(binding)) continue;
		if (used + sizeOf(binding) > width) continue;
		used += sizeOf(binding);
		kept.push(binding);
	}
	return [...kept, ...always];
}

function pieceOf({keys, label}: Binding): readonly [string, string] {
	return [` ${keyLabel(keys[0] ?? '')}`, ` ${label} `];
}

function sizeOf(binding: Binding): number {
	return pieceOf(binding).reduce((sum, text) => sum + widthOf(text), 0);
}

function overlayFooter(kind: string): readonly Span[] {
	const rows: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
		palette: [
			['↑↓', 'choose'],
			['Enter', 'go'],
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
