import type {ReactElement} from 'react';
import {wrap} from '../text/fit.js';
import type {Span} from '../theme/paint.js';
import {TitledBox} from './box.js';
import type {TextEdit} from './text-edit.js';

export type DialogProps = {
	readonly title: string;
	readonly lines: readonly string[];
	readonly stays?: string | undefined;
	readonly safer?: string | undefined;
	/** The word to be typed, and what stands there so far. */
	readonly typed?: {readonly word: string; readonly edit: TextEdit} | undefined;
	readonly confirmKey: string;
	readonly action: string;
	readonly loses: boolean;
	/** Whether the cursor is on doing it, not on leaving it. */
	readonly chosen: boolean;
	readonly width: number;
};

/** Names what will happen, what stays and the safer way, before anything is lost or started (SPEC 14). */
export function Dialog({title, lines, stays, safer, typed, confirmKey, action, loses, chosen, width}: DialogProps): ReactElement {
	const inner = width - 4;
	const ready = typed === undefined || typed.edit.text === typed.word;
	const body: (string | readonly Span[])[] = ['', ...lines.flatMap((line) => wrap(line, inner)), ''];
	const said = (head: string, text: string): void => {
		for (const [index, line] of wrap(text, inner - head.length).entries()) {
			body.push([{text: index === 0 ? head : ' '.repeat(head.length), tone: 'strong'}, {text: line}]);
		}
	};
	if (stays) said('Stays:  ', stays);
	if (safer) said('Safer:  ', safer);
	if (stays || safer) body.push('');
	if (typed) {
		body.push(
			[{text: 'Type '}, {text: typed.word, tone: 'strong'}, {text: ' to confirm: '}, {text: `${typed.edit.text}▏`, tone: 'key'}],
			'',
		);
	}
	body.push([
		{text: chosen ? '  ' : '▌ ', tone: 'key'},
		{text: 'leave it', tone: chosen ? 'normal' : 'strong'},
		{text: ' (Esc)', tone: 'muted'},
		{text: chosen ? '      ▌ ' : '        ', tone: 'key'},
		{text: action, tone: ready ? (loses ? 'bad' : 'strong') : 'muted'},
		{text: ready ? ` (${confirmKey})` : ' (needs the name)', tone: 'muted'},
	]);
	return <TitledBox title={title} lines={body} width={width} />;
}
