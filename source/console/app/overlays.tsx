import {Box} from 'ink';
import type {ReactElement} from 'react';
import {TitledBox} from '../components/box.js';
import {Dialog} from '../components/dialog.js';
import {Menu} from '../components/menu.js';
import {bindingsOf} from '../keys/bindings.js';
import {keyLabel} from '../keys/key.js';
import {wrap, wrapHanging} from '../text/fit.js';
import type {Span} from '../theme/paint.js';
import {keyboardNow, refusalOf} from './keyboards.js';
import {paletteEntries} from './palette.js';
import type {App, Overlay} from './state.js';

/** What lies over the body: palette, keys, menu, dialog, a long text. Lines being typed stand on the message line instead. */
export function Overlays({app, width, height}: {readonly app: App; readonly width: number; readonly height: number}): ReactElement | null {
	if (!app.overlay) return null;
	// why: on a narrow screen the strips beside a box would show torn words of what lies under it.
	const inner = width < 104 ? width : 96;
	const box = drawn(app, app.overlay, inner, height - 1);
	return (
		box && (
			<Box position="absolute" marginLeft={Math.floor((width - inner) / 2)} marginTop={1}>
				{box}
			</Box>
		)
	);
}

function drawn(app: App, overlay: Overlay, width: number, height: number): ReactElement | null {
	switch (overlay.kind) {
		case 'palette': {
			const entries = paletteEntries(app, overlay.edit.text);
			const lines = entries.map(({kind, words, detail}) => ({label: `${kind}  ${words}`, detail}));
			return <Menu title={`: ${overlay.edit.text}▏`} lines={lines} cursor={overlay.cursor} width={width} height={height} />;
		}
		case 'help': {
			const lines = helpLines(app, width - 4);
			const top = Math.min(overlay.top, Math.max(0, lines.length - height + 2));
			return <TitledBox title="Keys of this screen" lines={lines.slice(top)} width={width} height={Math.min(height, lines.length + 2)} />;
		}
		case 'show': {
			const lines = wrapHanging(overlay.text, width - 4);
			const top = Math.min(overlay.top, Math.max(0, lines.length - height + 2));
			return <TitledBox title={overlay.title} lines={lines.slice(top)} width={width} height={Math.min(height, lines.length + 2)} />;
		}
		case 'menu':
			return (
				<Menu
					title={overlay.title}
					lines={overlay.choices}
					cursor={overlay.cursor}
					width={width}
					height={height}
					numbered={!overlay.choices.some(({label}) => /^\s*\d/.test(label))}
				/>
			);
		case 'confirm': {
			const {title, lines, stays, safer, typed, action, loses = false} = overlay.confirmation;
			const key = bindingsOf('dialog', app.overrides).find(({command}) => command === 'confirm')?.keys[0] ?? '';
			return (
				<Dialog
					title={title}
					lines={lines}
					stays={stays}
					safer={safer}
					typed={typed === undefined ? undefined : {word: typed, edit: overlay.edit}}
					confirmKey={keyLabel(key)}
					action={action}
					loses={loses}
					chosen={overlay.chosen}
					width={width}
				/>
			);
		}
		default:
			return null;
	}
}

const keysWidth = 18;

/** The keys of this screen, from the key table. */
function helpLines(app: App, width: number): readonly (readonly Span[])[] {
	return keyboardNow(app).bindings.flatMap(({command, keys, says}): readonly (readonly Span[])[] => {
		const refusal = refusalOf(app, command);
		const tone = refusal === null ? 'normal' : 'muted';
		return wrap(refusal === null ? says : `${says} (not now: ${refusal})`, width - keysWidth).map((text, index) => [
			{
				text: index === 0 ? keys.map(keyLabel).join(' ').padEnd(keysWidth) : ' '.repeat(keysWidth),
				tone: refusal === null ? 'key' : 'muted',
			},
			{text, tone},
		]);
	});
}
