import {stripVTControlCharacters} from 'node:util';
import {renderToString} from 'ink';
import {footerOrder} from '../app/footer.js';
import {crumbSpans, filterSpans, headSpans} from '../app/head.js';
import {refusalOf} from '../app/keyboards.js';
import {screenContext} from '../app/screen-context.js';
import {type App, topOf} from '../app/state.js';
import type {Binding} from '../keys/table.js';
import {LookContext} from '../theme/look.js';
import {themes} from '../theme/themes.js';

const readWidth = 160;
/** So many lines are read at once: the rows around the cursor, not a million of them. */
const readHeight = 32;

/** What stands on the screen as lines to be read out: no boxes, no colours, no drawing characters. */
export function spokenLines(app: App): readonly string[] {
	const view = topOf(app);
	if (!view) return [];
	const around = {...screenContext(app), width: readWidth, height: readHeight};
	const told = view.screen.spoken?.(view.state, around);
	if (told) return told;
	const {Draw} = view.screen;
	const drawn = renderToString(
		<LookContext.Provider value={{theme: themes.mono, unicode: false}}>
			<Draw state={view.state} around={around} />
		</LookContext.Provider>,
		{columns: readWidth},
	);
	return stripVTControlCharacters(drawn)
		.split('\n')
		.map(withoutDrawing)
		.filter((line) => line !== '');
}

/** Where one is and what the daemon does, in one line. */
export function spokenPlace(app: App): string {
	const text = [...headSpans(app), {text: '. '}, ...crumbSpans(app), {text: '. '}, ...filterSpans(app)].map((span) => span.text).join('');
	return text
		.replaceAll(/[●○▶◷…]/gu, '')
		.replaceAll(' ›', ',')
		.replaceAll(/\s+/g, ' ')
		.trim();
}

/** The commands that can be used now, in the order of their numbers. */
export function spokenMenu(app: App): readonly Binding[] {
	const seen = new Set<string>();
	return footerOrder(app).filter(({command}) => {
		if (seen.has(command) || command === 'palette' || command === 'help' || refusalOf(app, command) !== null) return false;
		seen.add(command);
		return true;
	});
}

function withoutDrawing(line: string): string {
	const read = line.startsWith('>') ? `here: ${line.slice(1)}` : line;
	return read
		.replaceAll(/[|]|[+]-|[-+#.]{3,}/g, ' ')
		.replaceAll(/ {2,}/g, '  ')
		.trim();
}
