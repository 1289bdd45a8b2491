import type {ReactElement} from 'react';
import type {Span} from '../theme/paint.js';
import {TitledBox} from './box.js';

export type MenuLine = {readonly label: string; readonly detail?: string | undefined; readonly refused?: string | undefined};

export type MenuProps = {
	readonly title: string;
	readonly lines: readonly MenuLine[];
	readonly cursor: number;
	readonly width: number;
	readonly height?: number;
};

/** Lines to choose from; what cannot be chosen is grey and says why. Scrolls with the cursor. */
export function Menu({title, lines, cursor, width, height = lines.length + 2}: MenuProps): ReactElement {
	const rows = Math.max(1, height - 2);
	const top = Math.max(0, Math.min(cursor - Math.floor(rows / 2), lines.length - rows));
	const drawn = lines.slice(top, top + rows).map(({label, detail, refused}, index): readonly Span[] => {
		const here = top + index === cursor;
		return [
			{text: here ? '▌ ' : '  ', tone: 'key'},
			{text: label, tone: refused !== undefined ? 'muted' : here ? 'strong' : 'normal'},
			...(refused !== undefined ? [{text: `  not now: ${refused}`, tone: 'muted' as const}] : []),
			...(detail !== undefined ? [{text: `  ${detail}`, tone: 'muted' as const}] : []),
		];
	});
	return <TitledBox title={title} lines={drawn} width={width} height={Math.min(height, lines.length + 2)} />;
}
