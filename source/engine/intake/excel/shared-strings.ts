import {SluiceError} from '../../../model/errors.js';
import {maxRowBytes} from '../bounds.js';
import {encodeCell} from '../row-writer.js';
import type {Parts} from './parts.js';
import {XmlError} from './xml-error.js';

/** Why a bound: the strings of a workbook are the one part of it that must be held in memory. */
const maxBytes = 256 * 1024 * 1024;

/** How many elements are around a string item. */
const itemDepth = 1;

/** The strings that a workbook's cells share, each as a cell in normal form, side by side in one buffer: a fifth of what text objects take. */
export class SharedStrings {
	bytes = Buffer.allocUnsafeSlow(64 * 1024);
	/** Where each string ends. */
	ends = new Float64Array(1024);
	count = 0;
	private length = 0;

	constructor(private readonly name: string) {}

	/** @throws SluiceError `intake.too_large` over 256 MB of text */
	add(text: string): void {
		const cell = encodeCell(text);
		const most = cell.length * 3;
		if (this.length + most > this.bytes.length) {
			if (this.length + most > maxBytes) throw this.tooLarge();
			const larger = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.length + most));
			larger.set(this.bytes.subarray(0, this.length));
			this.bytes = larger;
		}
		this.length += this.bytes.write(cell, this.length);
		if (this.count === this.ends.length) {
			const larger = new Float64Array(this.ends.length * 2);
			larger.set(this.ends);
			this.ends = larger;
		}
		this.ends[this.count++] = this.length;
	}

	startOf(index: number): number {
		return index === 0 ? 0 : (this.ends[index - 1] ?? 0);
	}

	/** Whether a string is white space alone. One that is not there is not: it must be reported. */
	isBlank(index: number): boolean {
		if (index >= this.count) return false;
		const first = this.bytes[this.startOf(index)] ?? 0;
		// A letter or digit decides; anything else, such as a space, a quote or the lead of a wide blank, is looked at.
		if (first > 0x2f && first < 0x80 && this.startOf(index) < (this.ends[index] ?? 0)) return false;
		return (this.text(index) ?? '').trim() === '';
	}

	/** The text of a string; undefined for one that is not there. */
	text(index: number): string | undefined {
		if (index >= this.count) return undefined;
		const cell = this.bytes.toString('utf8', this.startOf(index), this.ends[index]);
		return cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
	}

	private tooLarge(): SluiceError {
		return new SluiceError('intake.too_large', `The texts of ${this.name} take more than ${maxBytes} bytes`, {
			where: this.name,
			cure: 'Save the sheets as CSV: those are read without holding their texts in memory.',
		});
	}
}

/** Reads the shared strings: all, or no further than the last that is `wanted`, and then the others without their text. */
export async function readSharedStrings(parts: Parts, path: string | null, wanted?: ReadonlySet<number>): Promise<SharedStrings> {
	const strings = new SharedStrings(parts.name);
	const upTo = wanted ? [...wanted].reduce((most, index) => Math.max(most, index + 1), 0) : Number.POSITIVE_INFINITY;
	if (path === null || upTo === 0) return strings;
	let text = '';
	const reader = textReader((piece) => {
		text = joined(text, piece);
	}, itemDepth);
	await parts.read(
		path,
		{
			open(name, _attributes, depth) {
				if (depth > itemDepth) reader.open(name, depth);
				else if (depth === itemDepth && name === 'si') text = '';
			},
			text: (piece) => reader.text(piece),
			close(name, depth) {
				if (depth > itemDepth) reader.close(name, depth);
				else if (depth === itemDepth && name === 'si') strings.add(!wanted || wanted.has(strings.count) ? unescapeControls(text) : '');
			},
		},
		() => strings.count >= upTo,
	);
	return strings;
}

/** The text of a cell with its next piece. @throws XmlError over 32 MB */
export function joined(text: string, piece: string): string {
	if (text.length + piece.length > maxRowBytes) throw new XmlError('the text of a cell is longer than can be read');
	return text + piece;
}

/** The reader of a text: told of the elements within a string item or inline string. */
export type TextReader = {
	open(name: string, depth: number): void;
	text(piece: string): void;
	close(name: string, depth: number): void;
};

/**
 * Collects the text of a string item or inline string: its `t`, or the `t` of its rich runs, without phonetic readings.
 *
 * @param itemDepth that of the item itself
 */
export function textReader(onText: (piece: string) => void, itemDepth: number): TextReader {
	let [inText, inRun] = [false, false];
	return {
		open(name, depth) {
			if (depth === itemDepth + 1 && name === 'r') inRun = true;
			else if (name === 't') inText = depth === itemDepth + 1 || (inRun && depth === itemDepth + 2);
		},
		text(piece) {
			if (inText) onText(piece);
		},
		close(name, depth) {
			if (name === 't') inText = false;
			else if (depth === itemDepth + 1) inRun = false;
		},
	};
}

/** Characters that XML cannot hold stand as `_x000D_` in a workbook's strings (ECMA-376, ST_Xstring). */
export function unescapeControls(text: string): string {
	if (!text.includes('_x')) return text;
	return text.replaceAll(/_x([0-9A-Fa-f]{4})_/g, (_whole, code) => String.fromCharCode(Number.parseInt(code, 16)));
}
