import type {ReactElement} from 'react';
import {visible} from '../../text/visible.js';
import {charactersOf, widthOf} from '../text/fit.js';
import {Line} from './line.js';
import type {TextEdit} from './text-edit.js';

export type TextFieldProps = {
	readonly edit: TextEdit;
	readonly width: number;
	readonly label?: string;
	readonly focused?: boolean;
	/** Shown grey while the text is empty. */
	readonly placeholder?: string;
};

/**
 * One line of text that keeps the cursor in sight. Its text lives in a model and changes by `insert` and `edit`: ink-text-input
 * computes the next text from its last drawing, so letters that share one are lost (docs/dependencies.md has what was measured).
 */
export function TextField({edit: {text, cursor}, width, label = '', focused = true, placeholder = ''}: TextFieldProps): ReactElement {
	const room = Math.max(4, width - widthOf(label) - 1);
	if (text === '') {
		const spans = [{text: label}, ...(focused ? [{text: '▏', tone: 'key' as const}] : []), {text: placeholder, tone: 'muted' as const}];
		return <Line spans={spans} width={width} />;
	}
	const characters = charactersOf(text).map(visible);
	let first = 0;
	while (first < cursor && widthOf(characters.slice(first, cursor).join('')) > room - 1) first++;
	const before = characters.slice(first, cursor).join('');
	const after = characters.slice(cursor).join('');
	const spans = focused
		? [{text: label}, {text: before}, {text: '▏', tone: 'key' as const}, {text: after}]
		: [{text: label}, {text: before + after}];
	return <Line spans={spans} width={width} />;
}
