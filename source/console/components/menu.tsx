import type {ReactElement} from 'react';
import {toWidth, widthOf} from '../text/fit.js';
import type {Span} from '../theme/paint.js';
import {TitledBox} from './box.js';

export type MenuLine = {readonly label: string; readonly detail?: string | undefined; readonly refused?: string | undefined};

export type MenuProps = {
	readonly title: string;
	readonly lines: readonly MenuLine[];
	readonly cursor: number;
	readonly width: number;
	readonly height?: number;
	/** Whether a line can be chosen by its number, which then stands before it. */
	readonly numbered?: boolean;
};

/** Lines to choose from; what cannot be chosen is grey and says why. Scrolls with the cursor. */
export function Menu({title, lines, cursor, width, height = lines.length + 2, numbered = false}: MenuProps): ReactElement {
	const rows = Math.max(1, height - 2);
	const top = Math.max(0, Math.min(cursor - Math.floor(rows / 2), lines.length - rows));
	const widest = Math.min(Math.floor(width / 2), Math.max(0, ...lines.map(({label}) => widthOf(label))));
	const drawn = lines.slice(top, top + rows).map(({label, detail, refused}, index): readonly Span[] => {
		const here = top + index === cursor;
		return [
			{text: here ? '▌ ' : '  ', tone: 'key'},
			...(numbered ? [{text: `${top + index < 9 ? top + index + 1 : ' '} `, tone: 'muted' as const}] : []),
			{
				text: refused === undefined && detail === undefined ? label : toWidth(label, Math.max(widest, widthOf(label))),
				tone: refused !== undefined ? 'muted' : here ? 'strong' : 'normal',
			},
			...(refused !== undefined ? [{text: `  not now: ${refused}`, tone: 'muted' as const}] : []),
			...(detail !== undefined ? [{text: `  ${detail}`, tone: 'muted' as const}] : []),
		];
	});
	return <TitledBox title={title} lines={drawn} width={width} height={Math.min(height, lines.length + 2)} />;
}
