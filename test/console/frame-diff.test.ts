// biome-ignore-all lint/suspicious/noControlCharactersInRegex: sequences of terminals begin with one.
import xterm from '@xterm/headless';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {type DrawnLine, frameDiff} from '../../source/console/terminal/frame-diff.js';

const columns = 20;
const rows = 4;

/** What a terminal shows after these bytes, cell by cell with its colours: the oracle that knows nothing of the diff. */
async function shownBy(bytes: readonly string[]): Promise<readonly string[]> {
	const terminal = new xterm.Terminal({cols: columns, rows, allowProposedApi: true});
	for (const part of bytes) await new Promise<void>((resolve) => terminal.write(part, resolve));
	return Array.from({length: rows}, (_, row) => {
		const line = terminal.buffer.active.getLine(row);
		return Array.from({length: columns}, (_cell, column) => {
			const cell = line?.getCell(column);
			const shown = cell?.getChars() || (cell?.getWidth() === 0 ? '' : ' ');
			return `${shown}/${cell?.getFgColor()}/${cell?.isInverse() ? 'i' : ''}`;
		}).join('|');
	});
}

const plainFrame = (lines: readonly string[]): string => `\u001b[2J${lines.map((line, row) => `\u001b[${row + 1};1H${line}`).join('')}`;

const piece = fc.constantFrom('a', 'bc', ' ', '日', '本語', '│', '\u001b[32m', '\u001b[0m', '\u001b[7m', '9', 'é');
// why 5: as wide as the terminal at the most; the console never draws a longer line
const line = fc.array(piece, {maxLength: 5}).map((pieces) => `${pieces.join('')}\u001b[0m`);
const frame = fc.array(line, {minLength: rows, maxLength: rows});

test('after any run of frames the terminal shows the last one, whatever stood there before', async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(frame, {minLength: 1, maxLength: 4}), async (frames) => {
			let drawn: readonly DrawnLine[] = [];
			const sent: string[] = ['\u001b[2J'];
			for (const lines of frames) {
				const diff = frameDiff(drawn, lines, true);
				sent.push(diff.bytes);
				drawn = diff.drawn;
			}
			expect(await shownBy(sent)).toEqual(await shownBy([plainFrame(frames.at(-1) ?? [])]));
		}),
		{numRuns: process.env.SLUICE_LONG ? 5_000 : 150},
	);
});

test('one cell that changes costs at most 60 bytes, nothing that changes costs none', () => {
	const before = frameDiff([], ['\u001b[7m row 41,882 of 日本 \u001b[0m', 'x'.repeat(120)], true).drawn;
	const after = frameDiff(before, ['\u001b[7m row 41,883 of 日本 \u001b[0m', 'x'.repeat(120)], true);
	expect(Buffer.byteLength(`\u001b[?2026h${after.bytes}\u001b[?2026l`)).toBeLessThanOrEqual(60);
	expect(frameDiff(after.drawn, ['\u001b[7m row 41,883 of 日本 \u001b[0m', 'x'.repeat(120)], true).bytes).toBe('');
});

test('a line with characters of uncertain width sets the column again after each of them', () => {
	const {bytes} = frameDiff([], ['│हिन्दी│مزامنة│👩‍👩‍👧│'], true);
	expect(bytes).toMatch(/👩‍👩‍👧\u001b\[\d+G│/u);
});

test('without colour, bold and inverse stay and colours go', () => {
	expect(frameDiff([], ['\u001b[1;31mx\u001b[0m'], false).bytes).toBe('\u001b[1;1H\u001b[0;1mx\u001b[0m');
});
