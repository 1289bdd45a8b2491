import {Text} from 'ink';
import {memo, type ReactElement, useSyncExternalStore} from 'react';
import {Frame} from '../components/frame.js';
import {Line} from '../components/line.js';
import {TextField} from '../components/text-field.js';
import {PlainLines} from '../screens/shared/notice.js';
import {LookContext} from '../theme/look.js';
import {themes} from '../theme/themes.js';
import type {Tone} from '../theme/tones.js';
import {footerSpans} from './footer.js';
import {crumbSpans, filterSpans, headRight, headSpans} from './head.js';
import {messageLines} from './message.js';
import {minColumns, minRows} from './min-size.js';
import {Overlays} from './overlays.js';
import {screenContext} from './screen-context.js';
import {type App, topOf} from './state.js';

export type AppStore = {readonly subscribe: (listener: () => void) => () => void; readonly snapshot: () => App};

/** The whole console, drawn from its state alone. */
export function Console({
	store,
	unicode,
	colour,
}: {
	readonly store: AppStore;
	readonly unicode: boolean;
	readonly colour: boolean;
}): ReactElement {
	const app = useSyncExternalStore(store.subscribe, store.snapshot);
	const theme = colour ? themes[app.theme] : themes.mono;
	return (
		<LookContext.Provider value={{theme, unicode}}>
			<Picture app={app} />
		</LookContext.Provider>
	);
}

/** One picture of the console. */
export const Picture = memo(function Picture({app}: {readonly app: App}): ReactElement {
	const {columns, rows} = app;
	if (columns < minColumns || rows < minRows) {
		return <Text wrap="truncate">{`Terminal too small: ${columns}x${rows}. Sluice needs at least ${minColumns}x${minRows}.`}</Text>;
	}
	const view = topOf(app);
	const around = screenContext(app);
	const Draw = view?.screen.Draw;
	const lines = messageLines(app);
	return (
		<Frame
			width={columns}
			height={rows}
			head={headSpans(app)}
			headRight={headRight(app)}
			crumbs={crumbSpans(app)}
			filter={filterSpans(app)}
			message={lines.length > 1 ? <LongMessage lines={lines} tone={app.message?.tone} width={columns} /> : <MessageLine app={app} />}
			messageLines={lines.length}
			keys={footerSpans(app)}
		>
			{Draw && <Draw state={view.state} around={around} />}
			<Overlays app={app} width={around.width} height={around.height} />
		</Frame>
	);
});

function LongMessage({
	lines,
	tone,
	width,
}: {
	readonly lines: readonly string[];
	readonly tone: Tone | undefined;
	readonly width: number;
}): ReactElement {
	return <PlainLines lines={lines.map((text) => [{text: ` ${text}`, tone}])} width={width} height={lines.length} />;
}

function MessageLine({app: {overlay, message, live, columns, early}}: {readonly app: App}): ReactElement {
	if (overlay?.kind === 'find') return <TextField label=" / " edit={overlay.edit} width={columns} placeholder="find" />;
	if (overlay?.kind === 'prompt') return <TextField label={` ${overlay.label} `} edit={overlay.edit} width={columns} />;
	if (early?.late) return <Line width={columns} spans={[{text: waitingText(early.keys.length), tone: 'muted'}]} />;
	if (message) return <Line width={columns} spans={[{text: ` ${message.text}`, tone: message.tone}]} />;
	if (live.lost) {
		const log = columns < 110 ? '' : '   (log: .sluice/log/daemon.log)';
		const text = ` The daemon does not answer; trying again. Start it: sluice daemon start${log}`;
		return <Line width={columns} spans={[{text, tone: 'stale'}]} />;
	}
	return <Line width={columns} spans={[]} />;
}

function waitingText(keys: number): string {
	return ` ${keys === 1 ? 'The key waits' : `${keys} keys wait`} for the daemon's answer; Esc forgets ${keys === 1 ? 'it' : 'them'}`;
}
