import type {ReactElement} from 'react';
import {fitted} from '../text/fitted.js';
import {useLook} from '../theme/look.js';
import {paint, type Span} from '../theme/paint.js';
import type {Tone} from '../theme/tones.js';
import {Painted} from './painted.js';

export type LineProps = {
	/** Texts may come from data: they are made harmless here. */
	readonly spans: readonly (Span | string)[];
	/** Exactly this many cells: cut with `…` or filled. */
	readonly width: number;
	/** The tone of the whole line, such as `selected`. */
	readonly under?: Tone | undefined;
};

/** One line of the screen, drawn as one text: a Box a cell costs a third more (console reference 1.2). */
export function Line({spans, width, under}: LineProps): ReactElement {
	const {theme} = useLook();
	return <Painted line={paint(fitted(spans, width), theme, under)} />;
}
