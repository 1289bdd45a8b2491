// biome-ignore-all lint/suspicious/noControlCharactersInRegex: sequences of terminals begin with one.
import stringWidth from 'string-width';

const graphemes = new Intl.Segmenter('en', {granularity: 'grapheme'});
const sequence = /\u001b\[([0-9;]*)m|\u001b\]8;[^\u0007\u001b]*(?:\u0007|\u001b\\)/y;

/** A cell is two entries: its character (empty: the right half of a wide one) and its SGR parameters. Flat, because a frame has thousands. */
export type Cells = readonly string[];

type Style = {readonly foreground: string; readonly background: string; readonly attributes: number};
const plainStyle: Style = {foreground: '', background: '', attributes: 0};

/** A line of Ink's output as cells. `colour` false leaves bold, dim and inverse alone (NO_COLOR). */
export function cellsOf(line: string, colour: boolean): Cells {
	const cells: string[] = [];
	let style = plainStyle;
	let key = '0';
	let at = 0;
	while (at < line.length) {
		const code = line.charCodeAt(at);
		if (code === 0x1b) {
			sequence.lastIndex = at;
			const found = sequence.exec(line);
			if (found === null) at++;
			else {
				if (found[1] !== undefined) {
					style = styled(style, found[1]);
					key = parametersOf(style, colour);
				}
				at = sequence.lastIndex;
			}
		} else if (code >= 0x20 && code < 0x7f) {
			cells.push(line.charAt(at), key);
			at++;
		} else {
			let end = at;
			while (end < line.length && line.charCodeAt(end) !== 0x1b) end++;
			for (const {segment} of graphemes.segment(line.slice(at, end))) {
				const width = stringWidth(segment);
				if (width === 0) continue;
				cells.push(segment, key);
				if (width === 2) cells.push('', key);
			}
			at = end;
		}
	}
	return cells;
}

function styled(style: Style, parameters: string): Style {
	const numbers = parameters === '' ? [0] : parameters.split(';').map(Number);
	let {foreground, background, attributes} = style;
	for (let at = 0; at < numbers.length; at++) {
		const number = numbers[at] ?? 0;
		if (number === 0) {
			foreground = '';
			background = '';
			attributes = 0;
		} else if (number < 10) attributes |= 1 << number;
		else if (number === 22) attributes &= ~((1 << 1) | (1 << 2));
		else if (number >= 23 && number <= 29) attributes &= ~(1 << (number - 20));
		else if (number === 38 || number === 48) {
			const taken = numbers[at + 1] === 5 ? 3 : 5;
			const value = numbers.slice(at, at + taken).join(';');
			if (number === 38) foreground = value;
			else background = value;
			at += taken - 1;
		} else if (number === 39) foreground = '';
		else if (number === 49) background = '';
		else if ((number >= 30 && number <= 37) || (number >= 90 && number <= 97)) foreground = String(number);
		else if ((number >= 40 && number <= 47) || (number >= 100 && number <= 107)) background = String(number);
	}
	return {foreground, background, attributes};
}

function parametersOf({foreground, background, attributes}: Style, colour: boolean): string {
	const parameters = ['0'];
	for (let bit = 1; bit < 10; bit++) if (attributes & (1 << bit)) parameters.push(String(bit));
	if (colour && foreground !== '') parameters.push(foreground);
	if (colour && background !== '') parameters.push(background);
	return parameters.join(';');
}
